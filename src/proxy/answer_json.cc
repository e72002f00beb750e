#include "proxy/answer_json.h"

#include <charconv>

#include <fmt/format.h>

namespace headroom::proxy {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

const JsonNode* object_member(const JsonDocument& document, const JsonNode& object, std::string_view key) {
  if (object.kind != JsonKind::kObject) return nullptr;
  const JsonNode* member = document.find_last(object, key);
  return member != nullptr && member->kind == JsonKind::kObject ? member : nullptr;
}

std::int64_t integer_of(const JsonNode* node) {
  std::int64_t value = -1;
  if (node == nullptr || node->kind != JsonKind::kNumber) return -1;
  const char* const end = node->raw.data() + node->raw.size();
  const auto [at, error] = std::from_chars(node->raw.data(), end, value);
  return error == std::errc() && at == end ? value : -1;
}

void UsageSums::note(const JsonNode& usage) {
  constexpr std::size_t kMostUnread = 16;
  if (noted_.size() >= kMostUnread) {
    now_ = numbers_now();
    noted_.clear();
  }
  noted_.emplace_back(usage.raw);
}

UsageSums::Numbers UsageSums::numbers_now() const {
  Numbers numbers = now_;
  for (const std::string& json : noted_) {
    if (const auto document = JsonDocument::parse(json)) note_at({}, *document, document->root(), numbers);
  }
  return numbers;
}

void UsageSums::note_at(const std::string& path, const JsonDocument& document, const JsonNode& usage,
                        Numbers& numbers) {
  for (const JsonNode& member : document.children(usage)) {
    const std::string at = path + std::string(member.key);
    if (member.kind == JsonKind::kObject) note_at(at + ".", document, member, numbers);
    if (const std::int64_t value = integer_of(&member); value >= 0) numbers[at] = value;
  }
}

void UsageSums::end_round() {
  for (const auto& [path, value] : numbers_now()) before_[path] += value;
  now_.clear();
  noted_.clear();
}

void UsageSums::write(const JsonDocument& document, const JsonNode& usage, std::vector<base::Edit>& edits,
                      bool complete) const {
  write_at({}, document, usage, edits);
  if (!complete || before_.empty()) return;
  const Numbers now = numbers_now();
  std::string added;
  for (const auto& [path, value] : before_) {
    if (path.find('.') != std::string::npos || document.find_last(usage, path) != nullptr) continue;
    const auto known = now.find(path);
    added += fmt::format("\"{}\":{},", path, value + (known == now.end() ? 0 : known->second));
  }
  if (added.empty()) return;
  if (usage.size == 0) added.pop_back();
  const std::size_t at = document.span(usage).begin + 1;
  edits.push_back({{at, at}, added});
}

void UsageSums::write_at(const std::string& path, const JsonDocument& document, const JsonNode& usage,
                         std::vector<base::Edit>& edits) const {
  for (const JsonNode& member : document.children(usage)) {
    const std::string at = path + std::string(member.key);
    if (member.kind == JsonKind::kObject) write_at(at + ".", document, member, edits);
    const auto before = before_.find(at);
    const std::int64_t value = integer_of(&member);
    if (before == before_.end() || before->second == 0 || value < 0) continue;
    edits.push_back({document.span(member), std::to_string(before->second + value)});
  }
}

std::string join_elements(const std::vector<std::string>& elements) {
  std::string text;
  for (const std::string& element : elements) {
    if (!text.empty()) text += ',';
    text += element;
  }
  return text;
}

std::string append_elements(std::string_view text, const JsonDocument& document, const JsonNode& list,
                            const std::string& elements) {
  const std::size_t end = document.span(list).end - 1;
  const base::Edit edit{{end, end}, (list.size == 0 ? "" : ",") + elements};
  auto edited = base::splice(text, std::vector{edit});
  return edited ? *std::move(edited) : std::string();
}

std::string with_edits(std::string_view text, const std::vector<base::Edit>& edits) {
  auto edited = base::splice(text, edits);
  return edited ? *std::move(edited) : std::string(text);
}

}  // namespace headroom::proxy
