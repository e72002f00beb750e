#include "proxy/answered_beside.h"

#include <algorithm>
#include <utility>

#include "base/json_document.h"
#include "base/splice.h"

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

std::size_t size_of(const AnsweredBeside& answered) {
  return answered.anchor.size() + answered.calls.size() + answered.results.size();
}

/// The elements of a body that calls and results stand in, by the id of the call. Of several with one id, the first.
struct Places {
  std::unordered_map<std::string_view, const JsonNode*> calls, results;
};

template <typename Visit>
void for_each_child(const JsonDocument& document, const JsonNode* list, Visit&& visit) {
  if (list == nullptr || list->kind != JsonKind::kArray) return;
  for (const JsonNode& child : document.children(*list)) {
    if (child.kind == JsonKind::kObject) visit(child);
  }
}

Places places_of(wire::Api api, const JsonDocument& document) {
  Places places;
  const auto call = [&](std::string_view id, const JsonNode& element) { places.calls.emplace(id, &element); };
  const auto result = [&](std::string_view id, const JsonNode& element) { places.results.emplace(id, &element); };
  for_each_child(document, document.find_last(document.root(), wire::list_name(api)), [&](const JsonNode& message) {
    if (api == wire::Api::kOpenAiResponses) {
      const bool answers = document.string_member(message, "type").ends_with("_output");
      const std::string_view id = document.string_member(message, "call_id");
      answers ? result(id, message) : call(id, message);
    } else if (api == wire::Api::kOpenAiChat) {
      if (document.string_member(message, "role") == "tool") {
        result(document.string_member(message, "tool_call_id"), message);
      }
      for_each_child(document, document.find_last(message, "tool_calls"),
                     [&](const JsonNode& part) { call(document.string_member(part, "id"), part); });
    } else {
      for_each_child(document, document.find_last(message, "content"), [&](const JsonNode& block) {
        const std::string_view type = document.string_member(block, "type");
        if (type == "tool_use") call(document.string_member(block, "id"), block);
        if (type == "tool_result") result(document.string_member(block, "tool_use_id"), block);
      });
    }
  });
  return places;
}

}  // namespace

void AnsweredBesideMemory::keep(const std::string& conversation, AnsweredBeside answered) {
  const std::size_t size = size_of(answered);
  const std::lock_guard lock(mutex_);
  auto known = by_conversation_.find(conversation);
  if (known == by_conversation_.end()) {
    entries_.push_front({conversation, {}, 0});
    known = by_conversation_.emplace(conversation, entries_.begin()).first;
  }
  Entry& entry = *known->second;
  entries_.splice(entries_.begin(), entries_, known->second);
  if (entry.bytes + size > kMostOfOne) return;
  entry.answered.push_back(std::move(answered));
  entry.bytes += size;
  bytes_ += size;
  while (bytes_ > kMostBytes) {
    bytes_ -= entries_.back().bytes;
    by_conversation_.erase(entries_.back().conversation);
    entries_.pop_back();
  }
}

std::vector<AnsweredBeside> AnsweredBesideMemory::find(const std::string& conversation) {
  const std::lock_guard lock(mutex_);
  const auto known = by_conversation_.find(conversation);
  if (known == by_conversation_.end()) return {};
  entries_.splice(entries_.begin(), entries_, known->second);
  return known->second->answered;
}

std::string with_answered(wire::Api api, std::string_view body, const std::vector<AnsweredBeside>& answered) {
  if (answered.empty()) return {};
  const auto document = JsonDocument::parse(body);
  if (!document || document->root().kind != JsonKind::kObject) return {};
  const Places places = places_of(api, *document);
  std::vector<base::Edit> edits;
  for (const AnsweredBeside& one : answered) {
    const auto call = places.calls.find(one.anchor);
    const auto result = places.results.find(one.anchor);
    if (call == places.calls.end() || result == places.results.end()) continue;
    for (const auto& [place, elements] : {std::pair(call->second, &one.calls), {result->second, &one.results}}) {
      const std::size_t end = document->span(*place).end;
      edits.push_back({{end, end}, "," + *elements});
    }
  }
  if (edits.empty()) return {};
  auto edited = base::splice(body, edits);
  return edited ? *std::move(edited) : std::string();
}

}  // namespace headroom::proxy
