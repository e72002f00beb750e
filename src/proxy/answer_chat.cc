#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/json_string.h"
#include "base/json_writer.h"
#include "context/retrieval_offer.h"
#include "proxy/answer_json.h"
#include "proxy/answer_merger.h"
#include "proxy/repeated_event.h"
#include "proxy/sse_events.h"

// OpenAI Chat Completions. https://platform.openai.com/docs/api-reference/chat

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// The only choice of an answer; nullptr when there are none or several.
const JsonNode* only_choice(const JsonDocument& document) {
  const JsonNode* choices = document.find_last(document.root(), "choices");
  if (choices == nullptr || choices->kind != JsonKind::kArray || choices->size != 1) return nullptr;
  const JsonNode& choice = document.node(document.index_of(*choices) + 1);
  return choice.kind == JsonKind::kObject ? &choice : nullptr;
}

std::string result_of(const RetrievalCall& call, const std::string& text) {
  base::JsonWriter json;
  json.begin_object().member("role", "tool").member("tool_call_id", call.id).member("content", text).end_object();
  return std::move(json).take();
}

std::string request_with_turn(std::string_view body, const std::string& message,
                              const std::vector<RetrievalCall>& calls, const std::vector<std::string>& results) {
  const auto document = JsonDocument::parse(body);
  if (!document || document->root().kind != JsonKind::kObject) return {};
  const JsonNode* messages = document->find_last(document->root(), "messages");
  if (messages == nullptr || messages->kind != JsonKind::kArray) return {};
  std::string turn = message;
  for (std::size_t i = 0; i < calls.size() && i < results.size(); ++i) turn += "," + result_of(calls[i], results[i]);
  return append_elements(body, *document, *messages, turn);
}

/// The calls are complete. Some servers say "stop" where others say "tool_calls".
bool is_whole(std::string_view finish) {
  return finish == "tool_calls" || finish == "stop";
}

/// A call of the answer while it comes in parts.
struct StreamedCall {
  std::int64_t index = 0;
  std::string id, name, arguments;
  std::string others;  // further members, such as signatures: ",\"key\":value"
  bool retrieval = false;
  std::size_t shown = 0;  // the index that the client gets

  std::string json() const {
    return fmt::format(R"({{"id":{},"type":"function","function":{{"name":{},"arguments":{}}}{}}})",
                       base::encode_json_string(id), base::encode_json_string(name),
                       base::encode_json_string(arguments), others);
  }
};

/// What the model thought, as it goes back with its turn. Some providers refuse a turn that calls and lacks it, even
/// where it is empty (DeepSeek's "reasoning_content"), others sign it ("reasoning_details" of OpenRouter, which come in
/// pieces).
class Reasoning {
 public:
  void clear() {
    texts_.clear();
    lists_.clear();
  }

  void take(const JsonDocument& document, const JsonNode& delta) {
    for (const JsonNode& member : document.children(delta)) {
      if (!member.key.starts_with("reasoning")) continue;
      if (member.kind == JsonKind::kString) {
        member_of(texts_, member.key) += member.text;
      } else if (member.kind == JsonKind::kArray) {
        for (const JsonNode& piece : document.children(member)) add(document, piece, member_of(lists_, member.key));
      }
    }
  }

  /// Members of the message: ",\"reasoning_content\":\"...\"".
  std::string json() const {
    std::string out;
    for (const auto& [key, text] : texts_) {
      out += fmt::format(",{}:{}", base::encode_json_string(key), base::encode_json_string(text));
    }
    for (const auto& [key, details] : lists_) {
      std::vector<std::string> elements;
      for (const Detail& detail : details) elements.push_back(detail.json());
      out += fmt::format(",{}:[{}]", base::encode_json_string(key), join_elements(elements));
    }
    return out;
  }

 private:
  /// One of a list, of the pieces that it came in.
  struct Detail {
    std::string type, index;
    Members<std::string> texts;   // those come in pieces
    Members<std::string> others;  // raw
    std::string json() const {
      std::vector<std::string> members;
      for (const auto& [key, raw] : others) members.push_back(fmt::format("{}:{}", base::encode_json_string(key), raw));
      for (const auto& [key, text] : texts) {
        members.push_back(fmt::format("{}:{}", base::encode_json_string(key), base::encode_json_string(text)));
      }
      return "{" + join_elements(members) + "}";
    }
  };

  static void add(const JsonDocument& document, const JsonNode& piece, std::vector<Detail>& details) {
    if (piece.kind != JsonKind::kObject) return;
    const JsonNode* index = document.find_last(piece, "index");
    const std::string_view type = document.string_member(piece, "type"), number = index == nullptr ? "" : index->raw;
    const bool in_pieces = type == "reasoning.text" || type == "reasoning.summary";
    if (!in_pieces || details.empty() || details.back().type != type || details.back().index != number) {
      details.push_back({std::string(type), std::string(number), {}, {}});
    }
    for (const JsonNode& member : document.children(piece)) {
      if (member.kind == JsonKind::kNull) continue;
      if (member.kind == JsonKind::kString && (member.key == "text" || member.key == "summary")) {
        member_of(details.back().texts, member.key) += member.text;
      } else {
        member_of(details.back().others, member.key) = member.raw;
      }
    }
  }

  Members<std::string> texts_;
  Members<std::vector<Detail>> lists_;
};

class ChatEvents final : public AnswerMerger {
 public:
  void begin_round(bool may_go_on) override {
    may_go_on_ = may_go_on;
    goes_on_ = beside_ = false;
    first_ = rounds_++ == 0;
    calls_.clear();
    content_.clear();
    reasoning_.clear();
    repeated_.forget();
  }

  void feed(std::string_view bytes, std::string& out) override {
    splitter_.feed(
        bytes, [&](std::string_view raw, std::string_view data) { take(raw, data, beside_ ? held_ : out); },
        [&](std::string_view stream) { return take_repeated(stream, beside_ ? held_ : out); });
  }

  std::vector<RetrievalCall> finish_round(std::string& out) override {
    const std::string rest = splitter_.take_rest();
    report_usage(rest);
    out += std::exchange(held_, {});
    if (!goes_on_) out += rest;
    if (!goes_on_) return {};
    usage_.end_round();
    return retrievals();
  }

  std::string continue_request(std::string_view body, const std::vector<std::string>& results) const override {
    std::vector<std::string> calls;
    for (const StreamedCall& call : calls_) calls.push_back(call.json());
    std::string message = R"({"role":"assistant","content":)";
    message += content_.empty() ? "null" : base::encode_json_string(content_);
    message += reasoning_.json();
    message += ",\"tool_calls\":[" + join_elements(calls) + "]}";
    return request_with_turn(body, message, retrievals(), results);
  }

  std::optional<CallsBeside> beside() const override {
    if (!beside_) return std::nullopt;
    CallsBeside out{{}, {}, retrievals()};
    for (const StreamedCall& call : calls_) {
      if (call.retrieval) out.calls.push_back(call.json());
      if (!call.retrieval && out.anchor.empty()) out.anchor = call.id;
    }
    return out;
  }
  std::string result_json(const RetrievalCall& call, const std::string& text) const override {
    return result_of(call, text);
  }

  std::string failure_event(std::string_view error, std::string_view message) const override {
    if (!error.empty()) return sse_event({}, error);
    base::JsonWriter json;
    json.begin_object().key("error").begin_object().member("message", message).member("type", "server_error");
    json.key("code").null().end_object().end_object();
    return sse_event({}, json.text());
  }

 private:
  std::vector<RetrievalCall> retrievals() const {
    std::vector<RetrievalCall> calls;
    for (const StreamedCall& call : calls_) {
      if (call.retrieval) calls.push_back({call.id, call.arguments});
    }
    return calls;
  }

  std::size_t take_repeated(std::string_view stream, std::string& out) {
    const auto found = repeated_.next(stream);
    if (!found) return 0;
    content_ += unescaped(found->text);
    out += found->event;
    return found->event.size();
  }

  void take(std::string_view raw, std::string_view data, std::string& out) {
    if (data == "[DONE]") {
      if (!goes_on_) out += raw;
      return;
    }
    const auto document =
        data.empty() ? base::Result<JsonDocument>(std::unexpected(base::Error{})) : JsonDocument::parse(data);
    if (!document || document->root().kind != JsonKind::kObject) {
      report_usage(raw);
      out += raw;
      return;
    }
    report_usage(*document);
    const JsonNode& root = document->root();
    if (first_ && id_.empty()) id_ = document->string_member(root, "id");
    edits_.clear();
    bool shown = true;
    const JsonNode* const choice = only_choice(*document);
    if (choice != nullptr) shown = take_choice(*document, *choice);
    const JsonNode* usage = object_member(*document, root, "usage");
    if (usage != nullptr) {
      usage_.note(*usage);
      if (goes_on_) return;
      if (!first_) usage_.write(*document, *usage, edits_, false);
    }
    if (!shown) return;
    std::string& to = beside_ ? held_ : out;
    if (!first_) {
      const JsonNode* id = document->find_last(root, "id");
      if (id != nullptr && !id_.empty() && id->text != id_) {
        edits_.push_back({document->span(*id), base::encode_json_string(id_)});
      }
    }
    if (edits_.empty()) {
      if (choice != nullptr && usage == nullptr) learn(*document, *choice, raw);
      to += raw;
      return;
    }
    const std::size_t begin = document->span(root).begin;
    for (base::Edit& edit : edits_) edit.span = {edit.span.begin - begin, edit.span.end - begin};
    to += sse_event({}, with_edits(root.raw, edits_));
  }

  /// From a chunk that the client gets as it is.
  void learn(const JsonDocument& document, const JsonNode& choice, std::string_view raw) {
    const JsonNode* delta = object_member(document, choice, "delta");
    const JsonNode* content = first_ && delta != nullptr ? document.find(*delta, "content") : nullptr;
    const JsonNode* finish = document.find_last(choice, "finish_reason");
    if (content == nullptr || content->kind != JsonKind::kString || !content->decoded) return;
    if (finish != nullptr && finish->kind == JsonKind::kString) return;
    for (const JsonNode& member : document.children(*delta)) {
      if (&member != content && member.key != "role" && member.kind != JsonKind::kNull) return;
    }
    repeated_.learn(raw, content->raw.substr(1, content->raw.size() - 2));
  }

  /// False when nothing of it is for the client.
  bool take_choice(const JsonDocument& document, const JsonNode& choice) {
    const JsonNode* delta = object_member(document, choice, "delta");
    // Something that the client gets.
    bool says = delta == nullptr || (first_ && document.find_last(*delta, "tool_calls") == nullptr);
    if (delta != nullptr) {
      for (const JsonNode& member : document.children(*delta)) {
        if (member.key == "tool_calls") continue;
        if (member.key == "role" && !first_) continue;  // the client has it already
        if (member.kind == JsonKind::kNull) continue;
        if (!first_ && member.kind == JsonKind::kString && member.text.empty()) continue;
        says = true;
      }
      content_ += document.string_member(*delta, "content");
      reasoning_.take(document, *delta);
      if (const JsonNode* calls = document.find_last(*delta, "tool_calls")) {
        if (calls->kind == JsonKind::kArray) says = take_calls(document, *calls) || says;
      }
      if (!first_) {
        if (const JsonNode* role = document.find_last(*delta, "role")) {
          edits_.push_back({document.span(*role), "null"});
        }
      }
    }
    const JsonNode* finish = document.find_last(choice, "finish_reason");
    if (finish == nullptr || finish->kind != JsonKind::kString) return says;
    const bool called = std::ranges::any_of(calls_, &StreamedCall::retrieval);
    const bool mixed = !std::ranges::all_of(calls_, &StreamedCall::retrieval);
    const bool wants = called && !mixed && is_whole(finish->text);
    goes_on_ = wants && may_go_on_;
    beside_ = called && mixed && is_whole(finish->text);
    if (goes_on_) return says && delta != nullptr && delta->size > 0 && hide_finish(document, *finish);
    if (wants) edits_.push_back({document.span(*finish), "\"stop\""});
    return true;
  }

  /// The rest of the chunk goes out without its end.
  bool hide_finish(const JsonDocument& document, const JsonNode& finish) {
    edits_.push_back({document.span(finish), "null"});
    return true;
  }

  /// True when calls are left for the client, or none was taken from it.
  bool take_calls(const JsonDocument& document, const JsonNode& list) {
    std::vector<std::string> left;
    bool changed = false;
    for (const JsonNode& part : document.children(list)) {
      if (part.kind != JsonKind::kObject) continue;
      StreamedCall& call = call_at(document, part);
      if (call.retrieval) {
        changed = true;
        continue;
      }
      const JsonNode* index = document.find_last(part, "index");
      if (index == nullptr || static_cast<std::size_t>(call.index) == call.shown) {
        left.emplace_back(part.raw);
        continue;
      }
      changed = true;
      const std::size_t begin = static_cast<std::size_t>(index->raw.data() - part.raw.data());
      left.push_back(with_edits(part.raw, {{{begin, begin + index->raw.size()}, std::to_string(call.shown)}}));
    }
    if (changed) edits_.push_back({document.span(list), "[" + join_elements(left) + "]"});
    return !left.empty() || !changed;
  }

  StreamedCall& call_at(const JsonDocument& document, const JsonNode& part) {
    const JsonNode* index = document.find_last(part, "index");
    const std::string_view id = document.string_member(part, "id");
    // Some servers give no index, and each call in one piece.
    const std::int64_t number = index != nullptr                ? integer_of(index)
                                : id.empty() && !calls_.empty() ? calls_.back().index
                                                                : static_cast<std::int64_t>(calls_.size());
    auto known = std::ranges::find(calls_, number, &StreamedCall::index);
    if (known == calls_.end()) {
      known = calls_.insert(calls_.end(), StreamedCall{});
      known->index = number;
    }
    const bool fresh = known->name.empty();
    if (!id.empty() && known->id.empty()) known->id = id;
    if (const JsonNode* function = object_member(document, part, "function")) {
      known->name += document.string_member(*function, "name");
      known->arguments += document.string_member(*function, "arguments");
    }
    for (const JsonNode& member : document.children(part)) {
      if (member.key == "index" || member.key == "id" || member.key == "type" || member.key == "function") continue;
      known->others += fmt::format(",{}:{}", member.key_raw, member.raw);
    }
    if (fresh && !known->name.empty()) {
      known->retrieval = context::is_retrieve_tool(known->name);
      if (!known->retrieval) known->shown = shown_calls_++;
    }
    return *known;
  }

  SseSplitter splitter_;
  UsageSums usage_;
  RepeatedEvent repeated_;  // a chunk of content that the client gets as it is
  std::string id_;          // of the answer that the client gets
  std::vector<StreamedCall> calls_;
  std::string content_;
  Reasoning reasoning_;
  std::vector<base::Edit> edits_;  // of the chunk
  std::size_t shown_calls_ = 0, rounds_ = 0;
  std::string held_;  // the end, until the client's next request can be made whole
  bool first_ = true, may_go_on_ = false, goes_on_ = false, beside_ = false;
};

class ChatBody final : public WholeAnswerMerger {
 public:
  void begin_round(bool may_go_on) override {
    may_go_on_ = may_go_on;
    body_.clear();
    message_.clear();
    calls_.clear();
    own_.clear();
    beside_ = false;
  }

  std::vector<RetrievalCall> finish_round(std::string& out) override {
    const auto document = JsonDocument::parse(body_);
    if (document) report_usage(*document);
    const JsonNode* choice = document && document->root().kind == JsonKind::kObject ? only_choice(*document) : nullptr;
    const JsonNode* message = choice == nullptr ? nullptr : object_member(*document, *choice, "message");
    if (message == nullptr) {
      out += body_;
      return {};
    }
    const JsonNode* usage = object_member(*document, document->root(), "usage");
    if (usage != nullptr) usage_.note(*usage);
    message_ = message->raw;
    std::vector<std::string> left;
    const JsonNode* calls = document->find_last(*message, "tool_calls");
    if (calls != nullptr && calls->kind == JsonKind::kArray) read_calls(*document, *calls, left);
    const JsonNode* finish = document->find_last(*choice, "finish_reason");
    const bool whole = !calls_.empty() && finish != nullptr && is_whole(finish->text);
    const bool wants = whole && left.empty();
    beside_ = whole && !left.empty();
    const std::string_view said = document->string_member(*message, "content");
    if (wants && may_go_on_) {
      said_ += said;
      usage_.end_round();
      changed_ = true;
      return calls_;
    }
    if (!changed_ && calls_.empty()) {
      out += body_;
      return {};
    }
    std::vector<base::Edit> edits;
    if (!calls_.empty()) edits.push_back({document->span(*calls), "[" + join_elements(left) + "]"});
    if (!calls_.empty() && left.empty()) edits.back().replacement = "null";
    if (wants) edits.push_back({document->span(*finish), "\"stop\""});
    const JsonNode* content = document->find_last(*message, "content");
    if (!said_.empty() && content != nullptr) {
      edits.push_back({document->span(*content), base::encode_json_string(said_ + std::string(said))});
    }
    if (usage != nullptr) usage_.write(*document, *usage, edits, false);
    out += with_edits(body_, edits);
    return {};
  }

  std::string continue_request(std::string_view body, const std::vector<std::string>& results) const override {
    return request_with_turn(body, message_, calls_, results);
  }

  std::optional<CallsBeside> beside() const override {
    if (!beside_) return std::nullopt;
    return CallsBeside{anchor_, own_, calls_};
  }
  std::string result_json(const RetrievalCall& call, const std::string& text) const override {
    return result_of(call, text);
  }

 private:
  void read_calls(const JsonDocument& document, const JsonNode& list, std::vector<std::string>& left) {
    for (const JsonNode& call : document.children(list)) {
      const JsonNode* function = object_member(document, call, "function");
      if (function == nullptr || !context::is_retrieve_tool(document.string_member(*function, "name"))) {
        if (left.empty() && call.kind == JsonKind::kObject) anchor_ = document.string_member(call, "id");
        left.emplace_back(call.raw);
        continue;
      }
      own_.emplace_back(call.raw);
      calls_.push_back({std::string(document.string_member(call, "id")),
                        std::string(document.string_member(*function, "arguments"))});
    }
  }

  std::string message_, said_;
  UsageSums usage_;
  std::vector<RetrievalCall> calls_;
  std::vector<std::string> own_;  // the calls' elements
  std::string anchor_;            // the client's first call
  bool may_go_on_ = false, changed_ = false, beside_ = false;
};

}  // namespace

std::unique_ptr<AnswerMerger> make_chat_merger(bool events) {
  if (events) return std::make_unique<ChatEvents>();
  return std::make_unique<ChatBody>();
}

}  // namespace headroom::proxy
