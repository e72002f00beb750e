#include "proxy/answered_beside.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/json_canonical.h"
#include "base/json_document.h"
#include "base/json_writer.h"
#include "base/splice.h"
#include "context/retrieval_offer.h"
#include "proxy/answer_json.h"
#include "proxy/answered_before.h"

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

std::size_t size_of(const AnsweredBeside& answered) {
  return answered.anchor.size() + answered.calls.size() + answered.results.size();
}

using Elements = std::unordered_map<std::string, const JsonNode*>;

/// The elements of a body that calls and results stand in, by the anchor of the call.
struct Places {
  Elements calls, results;
};

/// Some servers number the calls of each turn anew: the first call with an id is told by it, a later one by how many
/// came before it, too.
class RepeatedIds {
 public:
  std::string next(std::string_view id) {
    const std::size_t before = times_[std::string(id)]++;
    return before == 0 ? std::string(id) : fmt::format("{}\n#{}", id, before);
  }

 private:
  std::unordered_map<std::string, std::size_t> times_;
};

template <typename Visit>
void for_each_child(const JsonDocument& document, const JsonNode* list, Visit&& visit) {
  if (list == nullptr || list->kind != JsonKind::kArray) return;
  for (const JsonNode& child : document.children(*list)) {
    if (child.kind == JsonKind::kObject) visit(child);
  }
}

/// Gemini's parts that call or answer a function have an id with some models only. Then a call is told by how many of
/// the client's calls come before it, and by what it says; a result by its order among those behind the model's turn.
class GeminiPlaces {
 public:
  explicit GeminiPlaces(const JsonDocument& document) : document_(document) {
    const JsonNode* request = object_member(document, document.root(), "request");
    const JsonNode& root = request != nullptr ? *request : document.root();
    for_each_child(document, document.find_last(root, "contents"), [&](const JsonNode& content) {
      if (document.string_member(content, "role") == "model") {
        open_.clear();
        answered_ = 0;
      }
      for_each_child(document, document.find_last(content, "parts"), [&](const JsonNode& part) { add(part); });
    });
  }
  static std::string numbered(std::size_t number, std::string_view call) {
    return fmt::format("#{}\n{}", number, call);
  }

  Places take() && { return std::move(places_); }
  std::size_t calls() const { return calls_; }

 private:
  struct Call {
    std::string anchor;
    std::string_view name;
  };

  const JsonNode* member(const JsonNode& part, std::string_view camel, std::string_view snake) const {
    const JsonNode* found = object_member(document_, part, camel);
    return found != nullptr ? found : object_member(document_, part, snake);
  }

  /// The client's own calls are counted, and their results.
  void add(const JsonNode& part) {
    if (const JsonNode* call = member(part, "functionCall", "function_call")) {
      const std::string_view name = document_.string_member(*call, "name");
      if (context::is_retrieve_tool(name)) return;
      const JsonNode* arguments = document_.find_last(*call, "args");
      std::string anchor = numbered(calls_++, nameless_call(name, arguments == nullptr ? "{}" : arguments->raw));
      note(places_.calls, anchor, *call, part);
      open_.push_back({std::move(anchor), name});
    } else if (const JsonNode* response = member(part, "functionResponse", "function_response")) {
      const std::string_view name = document_.string_member(*response, "name");
      if (context::is_retrieve_tool(name)) return;
      const std::size_t at = answered_++;
      const bool fits = at < open_.size() && open_[at].name == name;
      note(places_.results, fits ? open_[at].anchor : std::string(), *response, part);
    }
  }

  void note(Elements& places, const std::string& anchor, const JsonNode& named, const JsonNode& part) const {
    const std::string_view id = document_.string_member(named, "id");
    if (!id.empty()) {
      places.emplace(id, &part);
    } else if (!anchor.empty()) {
      places.emplace(anchor, &part);
    }
  }

  const JsonDocument& document_;
  Places places_;
  std::vector<Call> open_;    // of the last turn of the model
  std::size_t answered_ = 0;  // of these
  std::size_t calls_ = 0;
};

/// Calls with an id, as the formats other than Gemini's have them.
class CallPlaces {
 public:
  CallPlaces(wire::Api api, const JsonDocument& document) : document_(document) {
    for_each_child(document, document.find_last(document.root(), wire::list_name(api)), [&](const JsonNode& message) {
      if (api == wire::Api::kOpenAiResponses) {
        const bool answers = document.string_member(message, "type").ends_with("_output");
        answers ? add_result(message, "call_id") : add_call(message, "call_id", message);
      } else if (api == wire::Api::kOpenAiChat) {
        if (document.string_member(message, "role") == "tool") add_result(message, "tool_call_id");
        for_each_child(document, document.find_last(message, "tool_calls"), [&](const JsonNode& part) {
          const JsonNode* function = object_member(document, part, "function");
          add_call(part, "id", function == nullptr ? part : *function);
        });
      } else {
        for_each_child(document, document.find_last(message, "content"), [&](const JsonNode& block) {
          const std::string_view type = document.string_member(block, "type");
          if (type == "tool_use") add_call(block, "id", block);
          if (type == "tool_result") add_result(block, "tool_use_id");
        });
      }
    });
  }

  Places take() && { return std::move(places_); }
  /// Of the next call with that id.
  std::string next(std::string_view id) { return calls_.next(id); }

 private:
  /// Calls of the retrieve tool that were put in are none of the client's.
  void add_call(const JsonNode& element, std::string_view id, const JsonNode& named) {
    if (context::is_retrieve_tool(document_.string_member(named, "name"))) return;
    places_.calls.emplace(calls_.next(document_.string_member(element, id)), &element);
  }
  void add_result(const JsonNode& element, std::string_view id) {
    places_.results.emplace(results_.next(document_.string_member(element, id)), &element);
  }

  const JsonDocument& document_;
  Places places_;
  RepeatedIds calls_, results_;
};

Places places_of(wire::Api api, const JsonDocument& document) {
  if (api == wire::Api::kGeminiGenerate) return GeminiPlaces(document).take();
  return CallPlaces(api, document).take();
}

/// What an entry of the memory takes without its calls, roughly.
constexpr std::size_t kOverhead = 256;

/// The conversation's key in the store, of its name of 32 hex digits.
std::string key_of(std::string_view conversation) {
  constexpr std::size_t kDigits = 16;
  base::Hash128 hash;
  const auto part = [](std::string_view digits, std::uint64_t& value) {
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  };
  part(conversation.substr(0, kDigits), hash.high);
  part(conversation.substr(std::min(kDigits, conversation.size())), hash.low);
  return base::hash_bytes(hash);
}

/// Of the conversation's call with this number, counted from 0.
std::string place_of(std::string_view conversation, std::size_t number) {
  const std::string text = std::string("answered beside ").append(conversation).append(" ") + std::to_string(number);
  return base::hash_bytes(base::hash128(text));
}

std::string write_answered(const AnsweredBeside& answered) {
  base::JsonWriter json;
  json.begin_object().member("anchor", answered.anchor).member("calls", answered.calls);
  json.member("results", answered.results).key("ids").begin_array();
  for (const std::string& id : answered.ids) json.value(id);
  json.end_array().end_object();
  return std::move(json).take();
}

std::optional<AnsweredBeside> read_answered(std::string_view value) {
  const auto document = JsonDocument::parse(value);
  if (!document || document->root().kind != JsonKind::kObject) return std::nullopt;
  const JsonNode& root = document->root();
  AnsweredBeside answered{std::string(document->string_member(root, "anchor")),
                          std::string(document->string_member(root, "calls")),
                          std::string(document->string_member(root, "results"))};
  if (answered.anchor.empty() || answered.calls.empty() || answered.results.empty()) return std::nullopt;
  if (const JsonNode* ids = document->find(root, "ids"); ids != nullptr && ids->kind == JsonKind::kArray) {
    for (const JsonNode& id : document->children(*ids)) answered.ids.emplace_back(id.text);
  }
  return answered;
}

}  // namespace

void AnsweredBesideMemory::keep(const std::string& conversation, AnsweredBeside answered) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(conversation);
  read_stored(entry);
  const std::string value = write_answered(answered);
  while (store_ != nullptr && entry.bytes + size_of(answered) <= kMostOfOne &&
         entry.answered.size() < kMostCallsOfOne) {
    const store::DecisionRow row{place_of(conversation, entry.answered.size()), value};
    const auto others = store_->put(key_of(conversation), std::array{row});
    if (!others || others->empty()) break;
    // Another process was faster: its answer comes before this one.
    const std::size_t known = entry.answered.size();
    read_stored(entry);
    if (entry.answered.size() == known) break;
  }
  add(entry, std::move(answered));
  push_out();
}

std::vector<AnsweredBeside> AnsweredBesideMemory::find(const std::string& conversation) {
  const std::lock_guard lock(mutex_);
  const auto known = by_conversation_.find(conversation);
  // Most conversations have none, and an entry that says so would save nothing: others may have kept some since.
  if (known == by_conversation_.end() && !is_stored(conversation)) return {};
  Entry& entry = entry_of(conversation);
  read_stored(entry);
  std::vector<AnsweredBeside> answered = entry.answered;
  push_out();
  return answered;
}

bool AnsweredBesideMemory::is_stored(const std::string& conversation) {
  if (store_ == nullptr) return false;
  const std::array place{place_of(conversation, 0)};
  const auto value = store_->find(key_of(conversation), place);
  return value && !value->front().empty();
}

/// Moved to the front, made where there is none.
AnsweredBesideMemory::Entry& AnsweredBesideMemory::entry_of(const std::string& conversation) {
  const auto known = by_conversation_.find(conversation);
  if (known != by_conversation_.end()) {
    entries_.splice(entries_.begin(), entries_, known->second);
    return entries_.front();
  }
  entries_.push_front({conversation, {}, kOverhead});
  by_conversation_.emplace(conversation, entries_.begin());
  bytes_ += kOverhead;
  return entries_.front();
}

/// What other processes, or this one before a restart, have kept behind what is known.
void AnsweredBesideMemory::read_stored(Entry& entry) {
  for (bool more = store_ != nullptr; more;) {
    const std::array place{place_of(entry.conversation, entry.answered.size())};
    const auto value = store_->find(key_of(entry.conversation), place);
    auto answered = value && !value->front().empty() ? read_answered(value->front()) : std::nullopt;
    more = answered && add(entry, *std::move(answered));
  }
}

/// False where the conversation has no room for it.
bool AnsweredBesideMemory::add(Entry& entry, AnsweredBeside answered) {
  const std::size_t size = size_of(answered);
  if (entry.bytes + size > kMostOfOne || entry.answered.size() >= kMostCallsOfOne) return false;
  entry.answered.push_back(std::move(answered));
  entry.bytes += size;
  bytes_ += size;
  return true;
}

void AnsweredBesideMemory::push_out() {
  while (bytes_ > kMostBytes) {
    bytes_ -= entries_.back().bytes;
    by_conversation_.erase(entries_.back().conversation);
    entries_.pop_back();
  }
}

std::string nameless_call(std::string_view name, std::string_view arguments) {
  std::string out = fmt::format("{}\n", name);
  const auto document = JsonDocument::parse(arguments);
  if (document) base::append_canonical_json(*document, document->root(), out);
  return out;
}

std::string placed_anchor(std::string_view body, std::string_view nameless_call) {
  const auto document = JsonDocument::parse(body);
  if (!document || document->root().kind != JsonKind::kObject) return {};
  return GeminiPlaces::numbered(GeminiPlaces(*document).calls(), nameless_call);
}

std::string repeated_anchor(wire::Api api, std::string_view body, std::string_view id) {
  const auto document = JsonDocument::parse(body);
  const bool told = api != wire::Api::kGeminiGenerate && document && document->root().kind == JsonKind::kObject;
  return told ? CallPlaces(api, *document).next(id) : std::string(id);
}

std::string with_answered(wire::Api api, std::string_view body, const std::vector<AnsweredBeside>& answered) {
  if (answered.empty()) return {};
  const auto document = JsonDocument::parse(body);
  if (!document || document->root().kind != JsonKind::kObject) return {};
  const Places places = places_of(api, *document);
  std::vector<base::Edit> edits = edits_before_thinking(api, *document, answered);
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
