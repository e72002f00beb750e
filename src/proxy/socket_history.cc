#include "proxy/socket_history.h"

#include <algorithm>
#include <ranges>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/json_document.h"
#include "proxy/answer_json.h"

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::string_view kBefore = "previous_response_id";

/// The root, where it is an object; else nullptr.
const JsonNode* object_of(const base::Result<JsonDocument>& document) {
  return document && document->root().kind == JsonKind::kObject ? &document->root() : nullptr;
}

/// The bytes between the list's brackets.
std::string_view inside(const JsonNode& list) {
  return list.raw.substr(1, list.raw.size() - 2);
}

/// An input of one text is a message of the user.
std::string items_of(const JsonNode& input) {
  if (input.kind == JsonKind::kArray) return std::string(input.size == 0 ? std::string_view() : inside(input));
  return fmt::format(R"({{"type":"message","role":"user","content":{}}})", input.raw);
}

std::size_t count_of(const JsonNode& input) {
  return input.kind == JsonKind::kArray ? input.size : 1;
}

void append(std::string& list, std::string_view items) {
  if (items.empty()) return;
  if (!list.empty()) list += ',';
  list += items;
}

}  // namespace

const SocketHistory::Known* SocketHistory::find(std::string_view response) const {
  const auto known = std::ranges::find(known_, response, &Known::response);
  return known == known_.end() ? nullptr : &*known;
}

std::optional<SocketHistory::Whole> SocketHistory::whole(std::string_view message) const {
  const auto document = JsonDocument::parse(message);
  const JsonNode* root = object_of(document);
  if (root == nullptr) return std::nullopt;
  const JsonNode* before = document->find_last(*root, kBefore);
  if (before == nullptr || before->kind == JsonKind::kNull) return Whole{std::string(message), 0};
  const JsonNode* input = document->find_last(*root, "input");
  const Known* known = find(before->text);
  if (known == nullptr || input == nullptr || input->kind != JsonKind::kArray) return std::nullopt;
  std::vector<const Said*> said;
  for (const Said* one = known->said.get(); one != nullptr; one = one->before.get()) said.push_back(one);
  std::string items;
  items.reserve(known->said->all_bytes + said.size() + input->raw.size());
  for (const Said* one : said | std::views::reverse) append(items, one->items);
  append(items, items_of(*input));
  std::vector<base::Edit> edits;
  edits.push_back({document->span(*before), "null"});
  edits.push_back({document->span(*input), "[" + items + "]"});
  std::ranges::sort(edits, {}, [](const base::Edit& edit) { return edit.span.begin; });
  return Whole{with_edits(message, edits), known->said->all_count};
}

std::optional<std::string> SocketHistory::message_of(std::string_view changed, const Whole& whole,
                                                     std::string_view message) {
  if (whole.before == 0) return std::string(changed);
  const auto came = JsonDocument::parse(message), document = JsonDocument::parse(changed);
  const JsonNode *own = object_of(came), *root = object_of(document);
  if (own == nullptr || root == nullptr) return std::nullopt;
  const JsonNode *own_input = came->find_last(*own, "input"), *input = document->find_last(*root, "input");
  const JsonNode *own_before = came->find_last(*own, kBefore), *before = document->find_last(*root, kBefore);
  if (own_input == nullptr || input == nullptr || own_before == nullptr || before == nullptr) return std::nullopt;
  if (input->kind != JsonKind::kArray || input->size != whole.before + own_input->size) return std::nullopt;
  std::string items;
  std::size_t at = 0;
  for (const JsonNode& item : document->children(*input)) {
    if (at++ >= whole.before) append(items, item.raw);
  }
  std::vector<base::Edit> edits;
  edits.push_back({document->span(*before), std::string(own_before->raw)});
  edits.push_back({document->span(*input), "[" + items + "]"});
  std::ranges::sort(edits, {}, [](const base::Edit& edit) { return edit.span.begin; });
  return with_edits(changed, edits);
}

void SocketHistory::note(std::string_view message, std::string_view event) {
  const auto asked = JsonDocument::parse(message), answered = JsonDocument::parse(event);
  const JsonNode *root = object_of(asked), *said = object_of(answered);
  if (root == nullptr || said == nullptr) return;
  const JsonNode* input = asked->find_last(*root, "input");
  const JsonNode* response = object_member(*answered, *said, "response");
  if (input == nullptr || response == nullptr) return;
  const std::string_view id = answered->string_member(*response, "id");
  const JsonNode* output = answered->find_last(*response, "output");
  if (id.empty() || output == nullptr || output->kind != JsonKind::kArray) return;
  auto more = std::make_shared<Said>();
  const JsonNode* before = asked->find_last(*root, kBefore);
  if (before != nullptr && before->kind != JsonKind::kNull) {
    const Known* known = find(before->text);
    if (known == nullptr) return;  // a conversation without its beginning
    more->before = known->said;
  }
  more->items = items_of(*input);
  append(more->items, items_of(*output));
  more->count = count_of(*input) + output->size;
  more->all_bytes = more->items.size() + (more->before ? more->before->all_bytes : 0);
  more->all_count = more->count + (more->before ? more->before->all_count : 0);
  if (more->all_bytes > kMostBytes) return;
  known_.push_back({std::string(id), std::move(more)});
  if (known_.size() > kMostResponses) known_.pop_front();
}

}  // namespace headroom::proxy
