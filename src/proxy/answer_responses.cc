#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json_string.h"
#include "base/json_writer.h"
#include "context/retrieval_offer.h"
#include "proxy/answer_json.h"
#include "proxy/answer_merger.h"
#include "proxy/answered_before.h"
#include "proxy/sse_events.h"

// OpenAI Responses. https://platform.openai.com/docs/api-reference/responses-streaming

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// An item of the answer that is complete.
struct Item {
  std::string json;
  bool call = false;       // of a tool that the client or we have to answer
  bool retrieval = false;  // of ours
};

Item read_item(const JsonDocument& document, const JsonNode& item) {
  const std::string_view type = item.kind == JsonKind::kObject ? document.string_member(item, "type") : "";
  Item read{std::string(item.raw)};
  // Those that the provider runs itself (web_search_call, ...) it has answered as well.
  read.call = type == "function_call" || type == "custom_tool_call" || type == "local_shell_call" ||
              type == "shell_call" || type == "apply_patch_call" || type == "computer_call" ||
              type == "mcp_approval_request";
  read.retrieval = type == "function_call" && context::is_retrieve_tool(document.string_member(item, "name"));
  return read;
}

std::vector<RetrievalCall> retrievals(const std::vector<Item>& items) {
  std::vector<RetrievalCall> calls;
  for (const Item& item : items) {
    if (!item.retrieval) continue;
    const auto document = JsonDocument::parse(item.json);
    if (!document) continue;
    calls.push_back({std::string(document->string_member(document->root(), "call_id")),
                     std::string(document->string_member(document->root(), "arguments"))});
  }
  return calls;
}

bool all_retrievals(const std::vector<Item>& items) {
  return std::ranges::none_of(items, [](const Item& item) { return item.call && !item.retrieval; });
}

bool any_retrieval(const std::vector<Item>& items) {
  return std::ranges::any_of(items, &Item::retrieval);
}

/// What the client gets of the items.
void append_shown(const std::vector<Item>& items, std::vector<std::string>& shown) {
  for (const Item& item : items) {
    if (!item.retrieval) shown.push_back(item.json);
  }
}

std::vector<std::string> call_items(const std::vector<Item>& items) {
  std::vector<std::string> calls;
  for (const Item& item : items) {
    if (item.retrieval) calls.push_back(item.json);
  }
  return calls;
}

std::vector<std::string> thinking_in(const std::vector<Item>& items) {
  std::vector<std::string> shown;
  for (const Item& item : items) {
    if (item.retrieval) continue;
    const auto document = JsonDocument::parse(item.json);
    shown.emplace_back(document ? thinking_of(wire::Api::kOpenAiResponses, *document, document->root())
                                : std::string_view());
  }
  return shown;
}

/// The items as the next request's input. What a provider that keeps nothing could not look up stays away: reasoning
/// without its content, and then the names that tie other items to it.
std::vector<std::string> echoed(const std::vector<Item>& items, bool kept) {
  std::vector<std::string> out;
  bool dropped = false;
  for (const Item& item : items) {
    const auto document = JsonDocument::parse(item.json);
    if (!document || document->root().kind != JsonKind::kObject) continue;
    const JsonNode& root = document->root();
    if (!kept && document->string_member(root, "type") == "reasoning" &&
        document->string_member(root, "encrypted_content").empty()) {
      dropped = true;
      continue;
    }
    if (!dropped) {
      out.push_back(item.json);
      continue;
    }
    std::vector<std::string> members;
    for (const JsonNode& member : document->children(root)) {
      if (member.key != "id") members.push_back(fmt::format("{}:{}", member.key_raw, member.raw));
    }
    out.push_back("{" + join_elements(members) + "}");
  }
  return out;
}

std::string result_of(const RetrievalCall& call, const std::string& text) {
  base::JsonWriter json;
  json.begin_object().member("type", "function_call_output").member("call_id", call.id);
  json.member("output", text).end_object();
  return std::move(json).take();
}

/// The calls beside the client's own.
CallsBeside beside_of(const std::vector<Item>& items) {
  CallsBeside out{{}, {}, retrievals(items)};
  for (const Item& item : items) {
    if (item.retrieval) out.calls.push_back(item.json);
    if (!item.call || item.retrieval || !out.anchor.empty()) continue;
    if (const auto document = JsonDocument::parse(item.json)) {
      out.anchor = document->string_member(document->root(), "call_id");
    }
  }
  return out;
}

std::string request_with_turn(std::string_view body, const std::vector<Item>& items,
                              const std::vector<std::string>& results) {
  const auto document = JsonDocument::parse(body);
  if (!document || document->root().kind != JsonKind::kObject) return {};
  const JsonNode* input = document->find_last(document->root(), "input");
  if (input == nullptr) return {};
  const JsonNode* store = document->find_last(document->root(), "store");
  std::vector<std::string> turn = echoed(items, store == nullptr || store->raw != "false");
  const std::vector<RetrievalCall> calls = retrievals(items);
  for (std::size_t i = 0; i < calls.size() && i < results.size(); ++i) {
    turn.push_back(result_of(calls[i], results[i]));
  }
  if (input->kind == JsonKind::kArray) return append_elements(body, *document, *input, join_elements(turn));
  if (input->kind != JsonKind::kString) return {};
  const std::string list = fmt::format(R"([{{"role":"user","content":{}}},{}])", input->raw, join_elements(turn));
  return with_edits(body, {{document->span(*input), list}});
}

/// Edits that make of the last round's response one that holds the items of all.
void write_response(const JsonDocument& document, const JsonNode& response, const std::vector<std::string>& shown,
                    const UsageSums& usage, std::vector<base::Edit>& edits) {
  const JsonNode* output = document.find_last(response, "output");
  if (output != nullptr) edits.push_back({document.span(*output), "[" + join_elements(shown) + "]"});
  if (const JsonNode* used = object_member(document, response, "usage")) usage.write(document, *used, edits, false);
}

class ResponsesEvents final : public AnswerMerger {
 public:
  void begin_round(bool may_go_on) override {
    may_go_on_ = may_go_on;
    goes_on_ = beside_ = holds_ = false;
    first_ = rounds_++ == 0;
    places_.clear();
    items_.clear();
  }

  void feed(std::string_view bytes, std::string& out) override {
    splitter_.feed(bytes, [&](std::string_view raw, std::string_view data) { take(raw, data, holds_ ? held_ : out); });
  }

  std::vector<RetrievalCall> finish_round(std::string& out) override {
    const std::string rest = splitter_.take_rest();
    report_usage(rest);
    out += std::exchange(held_, {});
    if (!goes_on_) {
      out += rest;
      return {};
    }
    usage_.end_round();
    return retrievals(items_);
  }

  std::string continue_request(std::string_view body, const std::vector<std::string>& results) const override {
    return request_with_turn(body, items_, results);
  }

  std::vector<std::string> call_elements() const override { return call_items(items_); }
  std::vector<std::string> shown_thinking() const override { return thinking_in(items_); }

  std::optional<CallsBeside> beside() const override {
    if (!beside_) return std::nullopt;
    return beside_of(items_);
  }
  std::string result_json(const RetrievalCall& call, const std::string& text) const override {
    return result_of(call, text);
  }

  std::string failure_event(std::string_view error, std::string_view message) const override {
    std::string code = "null";
    std::string text(message);
    if (const auto document = JsonDocument::parse(error); document && document->root().kind == JsonKind::kObject) {
      if (const JsonNode* told = object_member(*document, document->root(), "error")) {
        if (const JsonNode* of = document->find_last(*told, "code")) code = of->raw;
        if (const auto said = document->string_member(*told, "message"); !said.empty()) text = said;
      }
    }
    return sse_event("error",
                     fmt::format(R"({{"type":"error","code":{},"message":{},"param":null,"sequence_number":{}}})", code,
                                 base::encode_json_string(text), next_));
  }

 private:
  /// Where an item of the round stands for the client.
  struct Place {
    std::int64_t index = 0;  // the provider's
    std::int64_t shown = 0;
    bool withheld = false;
  };

  void take(std::string_view raw, std::string_view data, std::string& out) {
    const auto document =
        data.empty() ? base::Result<JsonDocument>(std::unexpected(base::Error{})) : JsonDocument::parse(data);
    if (!document || document->root().kind != JsonKind::kObject) {
      report_usage(raw);
      if (data != "[DONE]" || !goes_on_) out += raw;
      return;
    }
    report_usage(*document);
    const JsonNode& root = document->root();
    const std::string_view type = document->string_member(root, "type");
    std::vector<base::Edit> edits;
    const JsonNode* response = object_member(*document, root, "response");
    if (response != nullptr && document->find_last(root, "output_index") == nullptr) {
      if (!take_response(*document, type, *response, edits)) return;
    } else if (!take_item(*document, type, edits)) {
      return;
    }
    put(*document, type, raw, edits, holds_ ? held_ : out);
  }

  /// Of the answer as a whole. False when it is not for the client.
  bool take_response(const JsonDocument& document, std::string_view type, const JsonNode& response,
                     std::vector<base::Edit>& edits) {
    const bool ends = type == "response.completed" || type == "response.incomplete" || type == "response.failed" ||
                      type == "response.cancelled";
    if (!ends) return first_;  // it was created, it is in progress: the client knows
    if (const JsonNode* usage = object_member(document, response, "usage")) usage_.note(*usage);
    const bool called = any_retrieval(items_);
    goes_on_ = called && all_retrievals(items_) && type == "response.completed" && may_go_on_;
    beside_ = called && !all_retrievals(items_) && type == "response.completed";
    append_shown(items_, shown_);
    if (goes_on_) return false;
    holds_ = beside_ || !first_;
    if (!first_ || called) write_response(document, response, shown_, usage_, edits);
    return true;
  }

  bool take_item(const JsonDocument& document, std::string_view type, std::vector<base::Edit>& edits) {
    const JsonNode* index = document.find_last(document.root(), "output_index");
    const std::int64_t number = integer_of(index);
    if (number < 0) return true;  // of no item
    auto place = std::ranges::find(places_, number, &Place::index);
    const JsonNode* item = object_member(document, document.root(), "item");
    if (place == places_.end()) {
      Place begun{number, 0, item != nullptr && read_item(document, *item).retrieval};
      if (!begun.withheld) begun.shown = shown_items_++;
      place = places_.insert(places_.end(), begun);
    }
    if (type == "response.output_item.done" && item != nullptr) items_.push_back(read_item(document, *item));
    if (place->withheld) return false;
    if (place->shown != number) edits.push_back({document.span(*index), std::to_string(place->shown)});
    return true;
  }

  /// The client counts the events that it gets.
  void put(const JsonDocument& document, std::string_view type, std::string_view raw, std::vector<base::Edit>& edits,
           std::string& out) {
    const JsonNode& root = document.root();
    const JsonNode* sequence = document.find_last(root, "sequence_number");
    if (const std::int64_t number = integer_of(sequence); number >= 0) {
      if (next_ < 0) next_ = number;
      if (number != next_) edits.push_back({document.span(*sequence), std::to_string(next_)});
      ++next_;
    }
    if (edits.empty()) {
      out += raw;
      return;
    }
    const std::size_t begin = document.span(root).begin;
    for (base::Edit& edit : edits) edit.span = {edit.span.begin - begin, edit.span.end - begin};
    out += sse_event(type, with_edits(root.raw, edits));
  }

  SseSplitter splitter_;
  UsageSums usage_;
  std::vector<Place> places_;       // of the round
  std::vector<Item> items_;         // of the round, complete
  std::vector<std::string> shown_;  // of all rounds
  std::int64_t shown_items_ = 0, next_ = -1;
  std::size_t rounds_ = 0;
  std::string held_;  // the end, until the client's next request can be made whole
  bool first_ = true, may_go_on_ = false, goes_on_ = false, beside_ = false, holds_ = false;
};

class ResponsesBody final : public WholeAnswerMerger {
 public:
  void begin_round(bool may_go_on) override {
    may_go_on_ = may_go_on;
    body_.clear();
    items_.clear();
    beside_ = false;
  }

  std::vector<RetrievalCall> finish_round(std::string& out) override {
    const auto document = JsonDocument::parse(body_);
    if (document) report_usage(*document);
    const JsonNode* output = document && document->root().kind == JsonKind::kObject
                                 ? document->find_last(document->root(), "output")
                                 : nullptr;
    if (output == nullptr || output->kind != JsonKind::kArray) {
      out += body_;
      return {};
    }
    const JsonNode& root = document->root();
    if (const JsonNode* usage = object_member(*document, root, "usage")) usage_.note(*usage);
    for (const JsonNode& item : document->children(*output)) items_.push_back(read_item(*document, item));
    const bool called = any_retrieval(items_);
    append_shown(items_, shown_);
    beside_ = called && !all_retrievals(items_) && document->string_member(root, "status") == "completed";
    if (called && all_retrievals(items_) && may_go_on_ && document->string_member(root, "status") == "completed") {
      usage_.end_round();
      changed_ = true;
      return retrievals(items_);
    }
    std::vector<base::Edit> edits;
    if (changed_ || called) write_response(*document, root, shown_, usage_, edits);
    out += with_edits(body_, edits);
    return {};
  }

  std::string continue_request(std::string_view body, const std::vector<std::string>& results) const override {
    return request_with_turn(body, items_, results);
  }

  std::vector<std::string> call_elements() const override { return call_items(items_); }
  std::vector<std::string> shown_thinking() const override { return thinking_in(items_); }

  std::optional<CallsBeside> beside() const override {
    if (!beside_) return std::nullopt;
    return beside_of(items_);
  }
  std::string result_json(const RetrievalCall& call, const std::string& text) const override {
    return result_of(call, text);
  }

 private:
  UsageSums usage_;
  std::vector<Item> items_;         // of the round
  std::vector<std::string> shown_;  // of all rounds
  bool may_go_on_ = false, changed_ = false, beside_ = false;
};

}  // namespace

std::unique_ptr<AnswerMerger> make_responses_merger(bool events) {
  if (events) return std::make_unique<ResponsesEvents>();
  return std::make_unique<ResponsesBody>();
}

}  // namespace headroom::proxy
