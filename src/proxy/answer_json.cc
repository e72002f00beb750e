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

void UsageSums::note(const JsonDocument& document, const JsonNode& usage) {
  note_at({}, document, usage);
}

void UsageSums::note_at(const std::string& path, const JsonDocument& document, const JsonNode& usage) {
  for (const JsonNode& member : document.children(usage)) {
    const std::string at = path + std::string(member.key);
    if (member.kind == JsonKind::kObject) note_at(at + ".", document, member);
    if (const std::int64_t value = integer_of(&member); value >= 0) now_[at] = value;
  }
}

void UsageSums::end_round() {
  for (const auto& [path, value] : now_) before_[path] += value;
  now_.clear();
}

void UsageSums::write(const JsonDocument& document, const JsonNode& usage, std::vector<base::Edit>& edits,
                      bool complete) const {
  write_at({}, document, usage, edits);
  if (!complete) return;
  std::string added;
  for (const auto& [path, value] : before_) {
    if (path.find('.') != std::string::npos || document.find_last(usage, path) != nullptr) continue;
    const auto now = now_.find(path);
    added += fmt::format("\"{}\":{},", path, value + (now == now_.end() ? 0 : now->second));
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
