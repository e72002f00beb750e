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

/// It names a conversation that only the provider has.
bool is_kept_elsewhere(const JsonDocument& document, const JsonNode& message) {
  const JsonNode* kept = document.find_last(message, "conversation");
  return kept != nullptr && kept->kind != JsonKind::kNull;
}

/// Where the bytes begin that follow the comma behind the first `count` elements of the list; at its bracket for none.
std::size_t behind(const JsonDocument& document, std::string_view text, const JsonNode& list, std::size_t count) {
  std::size_t at = document.span(list).begin + 1, number = 0;
  for (const JsonNode& item : document.children(list)) {
    if (number++ == count) break;
    at = text.find(',', document.span(item).end) + 1;
  }
  return at;
}

}  // namespace

SocketHistory::Said::~Said() {
  held->remove(bytes);
  while (before != nullptr && before.use_count() == 1) {
    const std::shared_ptr<Said> last = std::exchange(before, std::exchange(before->before, nullptr));
  }
}

const SocketHistory::Known* SocketHistory::find(std::string_view response) const {
  const auto known = std::ranges::find(known_, response, &Known::response);
  return known == known_.end() ? nullptr : &*known;
}

std::optional<SocketHistory::Whole> SocketHistory::whole(std::string_view message) const {
  const auto document = JsonDocument::parse(message);
  const JsonNode* root = object_of(document);
  if (root == nullptr || is_kept_elsewhere(*document, *root)) return std::nullopt;
  const JsonNode* before = document->find_last(*root, kBefore);
  if (before == nullptr || before->kind == JsonKind::kNull) return Whole{.body = std::string(message)};
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
  return Whole{with_edits(message, edits), true, known->said->all_count, input->size};
}

std::optional<std::string> SocketHistory::message_of(std::string_view changed, const Whole& whole,
                                                     std::string_view message) {
  if (!whole.continues) return std::string(changed);
  const auto came = JsonDocument::parse(message), document = JsonDocument::parse(changed);
  const JsonNode *own = object_of(came), *root = object_of(document);
  if (own == nullptr || root == nullptr) return std::nullopt;
  const JsonNode *own_before = came->find_last(*own, kBefore), *own_input = came->find_last(*own, "input");
  const JsonNode *before = document->find_last(*root, kBefore), *input = document->find_last(*root, "input");
  if (own_input == nullptr || input == nullptr || own_before == nullptr || before == nullptr) return std::nullopt;
  if (input->kind != JsonKind::kArray || input->size != whole.before + whole.own) return std::nullopt;
  const base::Span list = document->span(*input);
  std::string now(own_input->raw);
  if (whole.own > 0) {
    const std::size_t begin = behind(*document, changed, *input, whole.before);
    now = fmt::format("[{}]", changed.substr(begin, list.end - 1 - begin));
  }
  std::vector<base::Edit> edits;
  edits.push_back({document->span(*before), std::string(own_before->raw)});
  edits.push_back({list, std::move(now)});
  std::ranges::sort(edits, {}, [](const base::Edit& edit) { return edit.span.begin; });
  return with_edits(changed, edits);
}

std::optional<SocketHistory::Asked> SocketHistory::asked(const JsonDocument& message) {
  const JsonNode& root = message.root();
  if (root.kind != JsonKind::kObject || is_kept_elsewhere(message, root)) return std::nullopt;
  const JsonNode* input = message.find_last(root, "input");
  if (input == nullptr || input->raw.size() > kMostBytes) return std::nullopt;
  const JsonNode* before = message.find_last(root, kBefore);
  const bool continues = before != nullptr && before->kind != JsonKind::kNull;
  if (continues && before->text.empty()) return std::nullopt;
  return Asked{continues ? std::string(before->text) : std::string(), items_of(*input), count_of(*input)};
}

void SocketHistory::note(Asked message, const JsonDocument& event) {
  const JsonNode* response =
      event.root().kind == JsonKind::kObject ? object_member(event, event.root(), "response") : nullptr;
  if (response == nullptr) return;
  const std::string_view id = event.string_member(*response, "id");
  const JsonNode* output = event.find_last(*response, "output");
  if (id.empty() || output == nullptr || output->kind != JsonKind::kArray) return;
  auto more = std::make_shared<Said>(held_);
  if (!message.before.empty()) {
    const Known* known = find(message.before);
    if (known == nullptr) return;  // a conversation without its beginning
    more->before = known->said;
  }
  more->items = std::move(message.items);
  append(more->items, items_of(*output));
  more->bytes = more->items.size() + sizeof(Said) + sizeof(Known);
  held_->add(more->bytes);
  more->all_bytes = more->items.size() + (more->before ? more->before->all_bytes : 0);
  more->all_count = message.count + output->size + (more->before ? more->before->all_count : 0);
  known_.push_back({std::string(id), std::move(more)});
  while (known_.size() > kMostResponses || (!known_.empty() && held_->too_much())) known_.pop_front();
}

}  // namespace headroom::proxy
