#include "proxy/answered_before.h"

#include <charconv>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::string_view kAnchor = "thinking ";

std::string name_of(std::string_view thinking) {
  return base::hex(base::hash_bytes(base::hash128(thinking)));
}

struct Anchor {
  std::size_t back = 0;
  std::string_view name;
};

/// Of an anchor that anchor_before() has made; no name for another.
Anchor read_anchor(std::string_view text) {
  Anchor anchor;
  if (!text.starts_with(kAnchor)) return anchor;
  text.remove_prefix(kAnchor.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), anchor.back);
  if (error != std::errc{} || end == text.data() + text.size()) return anchor;
  anchor.name = text.substr(static_cast<std::size_t>(end - text.data()) + 1);
  return anchor;
}

/// Where thinking stands: a block of a message's content, or an item of the request's list.
struct Place {
  const JsonNode* message = nullptr;
  const JsonNode* list = nullptr;
  std::size_t index = 0;
};

using Places = std::unordered_map<std::string, Place>;

void note_thinking(wire::Api api, const JsonDocument& document, const JsonNode* message, const JsonNode& list,
                   Places& places) {
  std::size_t index = 0;
  for (const JsonNode& child : document.children(list)) {
    const std::string_view thinking = thinking_of(api, document, child);
    if (!thinking.empty()) places.emplace(name_of(thinking), Place{message, &list, index});
    ++index;
  }
}

Places places_of(wire::Api api, const JsonDocument& document) {
  Places places;
  const JsonNode* messages = document.find_last(document.root(), wire::list_name(api));
  if (messages == nullptr || messages->kind != JsonKind::kArray) return places;
  if (api == wire::Api::kOpenAiResponses) {
    note_thinking(api, document, nullptr, *messages, places);
    return places;
  }
  for (const JsonNode& message : document.children(*messages)) {
    if (message.kind != JsonKind::kObject || document.string_member(message, "role") != "assistant") continue;
    const JsonNode* content = document.find_last(message, "content");
    if (content != nullptr && content->kind == JsonKind::kArray) {
      note_thinking(api, document, &message, *content, places);
    }
  }
  return places;
}

/// Turns of the model that only called, each with the message that answers.
std::string turns(const std::vector<const AnsweredBeside*>& answered, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < answered.size(); ++i) {
    out += fmt::format(R"({{"role":"assistant","content":[{}]}},{{"role":"user","content":[{}]}},)", answered[i]->calls,
                       answered[i]->results);
  }
  return out;
}

/// Anthropic's: the message of the model is divided in front of the block at `index`; what stands before it ends with
/// the calls.
base::Edit divide(const JsonDocument& document, const Place& place, std::size_t index,
                  const std::vector<const AnsweredBeside*>& answered) {
  if (index == 0) {
    const std::size_t begin = document.span(*place.message).begin;
    return {{begin, begin}, turns(answered, 0)};
  }
  std::size_t at = 0, end = 0, begin = 0;
  for (const JsonNode& block : document.children(*place.list)) {
    if (at == index - 1) end = document.span(block).end;
    if (at == index) begin = document.span(block).begin;
    ++at;
  }
  const JsonNode* role = document.find_last(*place.message, "role");
  const bool named = document.span(*role).begin < document.span(*place.list).begin;
  const std::string middle =
      fmt::format(R"({}}},{{"role":"user","content":[{}]}},{}{{{}"content":[)", named ? "" : R"(,"role":"assistant")",
                  answered.front()->results, turns(answered, 1), named ? R"("role":"assistant",)" : "");
  return {{end, begin}, fmt::format(",{}]{}", answered.front()->calls, middle)};
}

/// Of Responses: items in front of the one at `index`.
base::Edit insert(const JsonDocument& document, const Place& place, std::size_t index,
                  const std::vector<const AnsweredBeside*>& answered) {
  std::size_t at = 0, begin = 0;
  for (const JsonNode& item : document.children(*place.list)) {
    if (at++ == index) begin = document.span(item).begin;
  }
  std::string items;
  for (const AnsweredBeside* one : answered) items += fmt::format("{},{},", one->calls, one->results);
  return {{begin, begin}, items};
}

}  // namespace

std::string anchor_before(std::string_view thinking, std::size_t back) {
  return fmt::format("{}{}\n{}", kAnchor, back, name_of(thinking));
}

std::string_view thinking_of(wire::Api api, const JsonDocument& document, const JsonNode& block) {
  if (block.kind != JsonKind::kObject) return {};
  const std::string_view type = document.string_member(block, "type");
  if (api == wire::Api::kOpenAiResponses) {
    return type == "reasoning" ? document.string_member(block, "encrypted_content") : std::string_view();
  }
  if (type == "thinking") return document.string_member(block, "signature");
  return type == "redacted_thinking" ? document.string_member(block, "data") : std::string_view();
}

std::vector<base::Edit> edits_before_thinking(wire::Api api, const JsonDocument& document,
                                              const std::vector<AnsweredBeside>& answered) {
  std::vector<base::Edit> edits;
  std::optional<Places> places;
  // Those that belong in one place follow each other there as they were made.
  std::map<std::pair<const JsonNode*, std::size_t>, std::pair<Place, std::vector<const AnsweredBeside*>>> groups;
  for (const AnsweredBeside& one : answered) {
    const Anchor anchor = read_anchor(one.anchor);
    if (anchor.name.empty()) continue;
    if (!places) places = places_of(api, document);
    const auto at = places->find(std::string(anchor.name));
    if (at == places->end() || at->second.index < anchor.back) continue;
    auto& group = groups[std::pair(at->second.list, at->second.index - anchor.back)];
    group.first = at->second;
    group.second.push_back(&one);
  }
  for (const auto& [where, group] : groups) {
    const auto& [place, calls] = group;
    edits.push_back(place.message == nullptr ? insert(document, place, where.second, calls)
                                             : divide(document, place, where.second, calls));
  }
  return edits;
}

}  // namespace headroom::proxy
