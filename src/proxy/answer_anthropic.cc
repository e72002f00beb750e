#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/json_string.h"
#include "base/json_writer.h"
#include "context/retrieval_offer.h"
#include "proxy/answer_json.h"
#include "proxy/answer_merger.h"
#include "proxy/answered_before.h"
#include "proxy/repeated_event.h"
#include "proxy/sse_events.h"

// Anthropic Messages. https://docs.anthropic.com/en/api/messages-streaming

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

std::string result_of(const RetrievalCall& call, const std::string& text) {
  base::JsonWriter json;
  json.begin_object().member("type", "tool_result").member("tool_use_id", call.id);
  json.member("content", text).end_object();
  return std::move(json).take();
}

std::string request_with_turn(std::string_view body, const std::vector<std::string>& blocks,
                              const std::vector<RetrievalCall>& calls, const std::vector<std::string>& results) {
  const auto document = JsonDocument::parse(body);
  if (!document || document->root().kind != JsonKind::kObject) return {};
  const JsonNode* messages = document->find_last(document->root(), "messages");
  if (messages == nullptr || messages->kind != JsonKind::kArray) return {};
  std::vector<std::string> answers;
  for (std::size_t i = 0; i < calls.size() && i < results.size(); ++i)
    answers.push_back(result_of(calls[i], results[i]));
  const std::string turn = fmt::format(R"({{"role":"assistant","content":[{}]}},{{"role":"user","content":[{}]}})",
                                       join_elements(blocks), join_elements(answers));
  return append_elements(body, *document, *messages, turn);
}

std::string error_event(std::string_view error, std::string_view message) {
  if (!error.empty()) return sse_event("error", error);
  base::JsonWriter json;
  json.begin_object().member("type", "error").key("error").begin_object();
  json.member("type", "api_error").member("message", message).end_object().end_object();
  return sse_event("error", json.text());
}

bool is_object(std::string_view text) {
  const auto document = JsonDocument::parse(text);
  return document && document->root().kind == JsonKind::kObject;
}

std::string thinking_in(std::string_view block) {
  const auto document = JsonDocument::parse(block);
  return document ? std::string(thinking_of(wire::Api::kAnthropicMessages, *document, document->root()))
                  : std::string();
}

bool is_empty_text(std::string_view block) {
  const auto document = JsonDocument::parse(block);
  return document && document->root().kind == JsonKind::kObject &&
         document->string_member(document->root(), "type") == "text" &&
         document->string_member(document->root(), "text").empty();
}

/// A block of the answer, as it goes back to the provider when the turn goes on.
class EchoedBlock {
 public:
  /// Of a text that is still to come.
  static constexpr std::string_view kEmptyText = R"({"type":"text","text":""})";

  EchoedBlock() : start_(kEmptyText), type_("text") {}
  EchoedBlock(const JsonDocument& document, const JsonNode& block)
      : start_(block.raw), type_(document.string_member(block, "type")) {
    if (type_ == "tool_use") {
      id_ = document.string_member(block, "id");
      retrieval_ = context::is_retrieve_tool(document.string_member(block, "name"));
    }
  }

  const std::string& id() const { return id_; }
  bool is_retrieval() const { return retrieval_; }
  bool is_client_call() const { return type_ == "tool_use" && !retrieval_; }
  /// The provider takes no empty texts.
  bool is_empty() const { return type_ == "text" && strings_.empty(); }

  /// The one string that add() takes from a delta; nullptr where it takes anything else.
  static const JsonNode* only_string(const JsonDocument& document, const JsonNode& delta) {
    const std::string_view type = document.string_member(delta, "type");
    if (delta.size != 2 || type.empty() || type == "citations_delta") return nullptr;
    for (const JsonNode& member : document.children(delta)) {
      if (member.key == "type" || member.kind != JsonKind::kString || !member.decoded) continue;
      return type != "input_json_delta" || member.key == kInputPart ? &member : nullptr;
    }
    return nullptr;
  }
  /// More of that string, as it is written in a delta.
  void add_more(std::string_view key, std::string_view written) {
    if (key == kInputPart) {
      input_ += unescaped(written);
    } else if (written.contains('\\')) {
      member_of(strings_, key) += escaped(unescaped(written));  // as add() writes it
    } else {
      member_of(strings_, key) += written;
    }
  }
  void add(const JsonDocument& document, const JsonNode& delta) {
    const std::string_view type = document.string_member(delta, "type");
    if (type == "input_json_delta") {
      input_ += document.string_member(delta, kInputPart);
    } else if (type == "citations_delta") {
      if (const JsonNode* citation = document.find_last(delta, "citation")) citations_.emplace_back(citation->raw);
    } else {  // text_delta, thinking_delta, signature_delta: the string of that name
      for (const JsonNode& member : document.children(delta)) {
        if (member.key == "type" || member.kind != JsonKind::kString) continue;
        member_of(strings_, member.key) += escaped(member.text);
      }
    }
  }

  RetrievalCall call() const {
    if (!input_.empty()) return {id_, input_};
    const auto document = JsonDocument::parse(start_);
    const JsonNode* input = document ? document->find_last(document->root(), "input") : nullptr;
    return {id_, std::string(input == nullptr ? "{}" : input->raw)};
  }

  /// The block as JSON, every member that came with its start as it was.
  std::string json() const {
    const auto document = JsonDocument::parse(start_);
    if (!document || document->root().kind != JsonKind::kObject) return start_;
    const JsonNode& root = document->root();
    std::vector<base::Edit> edits;
    std::string added;
    const auto put = [&](std::string_view key, const std::string& value) {
      if (const JsonNode* member = document->find_last(root, key)) {
        edits.push_back({document->span(*member), value});
      } else {
        added += fmt::format(",{}:{}", base::encode_json_string(key), value);
      }
    };
    for (const auto& [key, text] : strings_) {
      put(key, "\"" + escaped(document->string_member(root, key)) + text + "\"");
    }
    if (!input_.empty()) put("input", is_object(input_) ? input_ : "{}");  // a model may have written what is no JSON
    if (!citations_.empty()) put("citations", "[" + join_elements(citations_) + "]");
    const std::size_t end = document->span(root).end - 1;
    if (!added.empty()) edits.push_back({{end, end}, added});
    return with_edits(start_, edits);
  }

 private:
  static constexpr std::string_view kInputPart = "partial_json";

  static std::string escaped(std::string_view text) {
    const std::string literal = base::encode_json_string(text);
    return literal.substr(1, literal.size() - 2);
  }

  std::string start_, type_, id_, input_;
  bool retrieval_ = false;
  Members<std::string> strings_;  // what was added to each, escaped
  std::vector<std::string> citations_;
};

class AnthropicEvents final : public AnswerMerger {
 public:
  void begin_round(bool may_go_on) override {
    may_go_on_ = may_go_on;
    goes_on_ = false;
    first_ = rounds_++ == 0;
    beside_ = false;
    holds_ = false;
    blocks_.clear();
    indexes_.clear();
    repeated_.forget();
    repeated_text_.clear();
  }

  void feed(std::string_view bytes, std::string& out) override {
    splitter_.feed(
        bytes, [&](std::string_view raw, std::string_view data) { take(raw, data, holds_ ? held_ : out); },
        [&](std::string_view stream) { return take_repeated(stream, holds_ ? held_ : out); });
  }

  std::vector<RetrievalCall> finish_round(std::string& out) override {
    settle();
    const std::string rest = splitter_.take_rest();
    report_usage(rest);
    out += std::exchange(held_, {});
    if (!goes_on_) out += rest;
    std::vector<RetrievalCall> calls;
    if (!goes_on_) return calls;
    usage_.end_round();
    for (const EchoedBlock& block : blocks_) {
      if (block.is_retrieval()) calls.push_back(block.call());
    }
    return calls;
  }

  std::string continue_request(std::string_view body, const std::vector<std::string>& results) const override {
    std::vector<std::string> content;
    std::vector<RetrievalCall> calls;
    for (const EchoedBlock& block : blocks_) {
      if (!block.is_empty()) content.push_back(block.json());
      if (block.is_retrieval()) calls.push_back(block.call());
    }
    return request_with_turn(body, content, calls, results);
  }

  std::optional<CallsBeside> beside() const override {
    if (!beside_) return std::nullopt;
    CallsBeside out;
    for (const EchoedBlock& block : blocks_) {
      if (block.is_client_call() && out.anchor.empty()) out.anchor = block.id();
      if (!block.is_retrieval()) continue;
      out.calls.push_back(block.json());
      out.retrievals.push_back(block.call());
    }
    return out;
  }
  std::string result_json(const RetrievalCall& call, const std::string& text) const override {
    return result_of(call, text);
  }

  std::vector<std::string> call_elements() const override {
    std::vector<std::string> elements;
    for (const EchoedBlock& block : blocks_) {
      if (block.is_retrieval()) elements.push_back(block.json());
    }
    return elements;
  }
  std::vector<std::string> shown_thinking() const override {
    std::vector<std::string> shown;
    for (const EchoedBlock& block : blocks_) {
      if (!block.is_retrieval() && !block.is_empty()) shown.push_back(thinking_in(block.json()));
    }
    return shown;
  }

  std::string failure_event(std::string_view error, std::string_view message) const override {
    return error_event(error, message);
  }

 private:
  static constexpr std::size_t kWithheld = static_cast<std::size_t>(-1);
  static constexpr std::size_t kMostUnsettled = 4096;

  std::size_t take_repeated(std::string_view stream, std::string& out) {
    const auto found = repeated_.next(stream);
    if (!found) return 0;
    repeated_text_ += found->text;
    if (repeated_text_.size() > kMostUnsettled) settle();
    out += found->event;
    return found->event.size();
  }

  /// Gives the block what repeated events have brought for it.
  void settle() {
    if (repeated_text_.empty()) return;
    blocks_[repeated_block_].add_more(repeated_key_, repeated_text_);
    repeated_text_.clear();
  }

  void take(std::string_view raw, std::string_view data, std::string& out) {
    settle();
    if (begins_plain_text(data) || is_plain_end(data)) {
      out += raw;
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
    const std::string_view type = document->string_member(root, "type");
    if (type == "message_start") {
      if (const JsonNode* message = document->find_last(root, "message")) note_usage(*document, *message);
      if (first_) out += raw;
    } else if (type.starts_with("content_block_")) {
      take_block(*document, type, raw, out);
    } else if (type == "message_delta") {
      take_end(*document, raw, out, held_);
    } else if (!goes_on_ || type != "message_stop") {
      out += raw;
    }
  }

  void note_usage(const JsonDocument& document, const JsonNode& holder) {
    const JsonNode* usage = holder.kind == JsonKind::kObject ? document.find_last(holder, "usage") : nullptr;
    if (usage != nullptr && usage->kind == JsonKind::kObject) usage_.note(*usage);
  }

  /// Takes the beginning of a block of text, written as it usually is, where the client gets it as it is.
  bool begins_plain_text(std::string_view data) {
    static constexpr std::string_view kBegin = R"({"type":"content_block_start","index":)";
    static constexpr std::string_view kBlock = R"(,"content_block":)";
    if (shown_ != blocks_.size() || !data.starts_with(kBegin)) return false;
    data.remove_prefix(kBegin.size());
    const std::string index = std::to_string(shown_);
    if (!data.starts_with(index)) return false;
    data.remove_prefix(index.size());
    if (!data.starts_with(kBlock)) return false;
    data.remove_prefix(kBlock.size());
    if (!data.starts_with(EchoedBlock::kEmptyText) || data.substr(EchoedBlock::kEmptyText.size()) != "}") return false;
    repeated_.expect("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":" + index +
                         ",\"delta\":{\"type\":\"text_delta\",\"text\":\"",
                     "\"}}\n\n");
    repeated_block_ = shown_;
    repeated_key_ = "text";
    blocks_.emplace_back();
    indexes_.push_back(shown_++);
    return true;
  }

  /// Of an event that changes nothing here, written as it usually is.
  bool is_plain_end(std::string_view data) const {
    static constexpr std::string_view kStop = R"({"type":"content_block_stop","index":)";
    if (data == R"({"type":"message_stop"})") return !goes_on_;
    if (data == R"({"type":"ping"})") return true;
    if (!data.starts_with(kStop) || !data.ends_with('}')) return false;
    std::size_t index = 0;
    const char* const last = data.data() + data.size() - 1;
    const auto [end, error] = std::from_chars(data.data() + kStop.size(), last, index);
    return error == std::errc() && end == last && *end == '}' && index < indexes_.size() && indexes_[index] == index;
  }

  void take_block(const JsonDocument& document, std::string_view type, std::string_view raw, std::string& out) {
    const JsonNode* index = document.find_last(document.root(), "index");
    const std::int64_t number = integer_of(index);
    if (number < 0) {
      out += raw;
      return;
    }
    const auto at = static_cast<std::size_t>(number);
    if (type == "content_block_start" && at == blocks_.size()) {
      const JsonNode* block = document.find_last(document.root(), "content_block");
      if (block == nullptr || block->kind != JsonKind::kObject) {
        out += raw;
        return;
      }
      blocks_.emplace_back(document, *block);
      indexes_.push_back(blocks_.back().is_retrieval() ? kWithheld : shown_++);
    }
    if (at >= blocks_.size()) {
      out += raw;
      return;
    }
    if (type == "content_block_delta") {
      const JsonNode* delta = document.find_last(document.root(), "delta");
      if (delta != nullptr && delta->kind == JsonKind::kObject) {
        blocks_[at].add(document, *delta);
        if (indexes_[at] == at) learn(document, *delta, at, raw);
      }
    }
    if (indexes_[at] == kWithheld) return;
    if (indexes_[at] == at) {
      out += raw;
      return;
    }
    const std::string json(document.root().raw);
    const std::size_t begin = static_cast<std::size_t>(index->raw.data() - document.root().raw.data());
    out += sse_event(type, with_edits(json, {{{begin, begin + index->raw.size()}, std::to_string(indexes_[at])}}));
  }

  void learn(const JsonDocument& document, const JsonNode& delta, std::size_t block, std::string_view raw) {
    const JsonNode* string = EchoedBlock::only_string(document, delta);
    if (string == nullptr) return;
    repeated_.learn(raw, string->raw.substr(1, string->raw.size() - 2));
    repeated_block_ = block;
    repeated_key_ = string->key;
  }

  void take_end(const JsonDocument& document, std::string_view raw, std::string& now, std::string& held) {
    const JsonNode& root = document.root();
    note_usage(document, root);
    const JsonNode* delta = document.find_last(root, "delta");
    const JsonNode* stop =
        delta == nullptr || delta->kind != JsonKind::kObject ? nullptr : document.find_last(*delta, "stop_reason");
    const bool called = std::ranges::any_of(blocks_, &EchoedBlock::is_retrieval);
    const bool mixed = std::ranges::any_of(blocks_, &EchoedBlock::is_client_call);
    const bool wants = called && !mixed && stop != nullptr && stop->text == "tool_use";
    goes_on_ = wants && may_go_on_;
    if (goes_on_) return;
    beside_ = called && mixed && stop != nullptr && stop->text == "tool_use";
    // What the client's next request has to be made whole with is not there yet.
    holds_ = beside_ || !first_;
    std::string& out = holds_ ? held : now;
    if (first_ && !wants) {
      out += raw;
      return;
    }
    std::vector<base::Edit> edits;
    if (wants) edits.push_back({document.span(*stop), "\"end_turn\""});
    const JsonNode* usage = document.find_last(root, "usage");
    if (usage != nullptr && usage->kind == JsonKind::kObject) usage_.write(document, *usage, edits, true);
    const base::Span whole = document.span(root);
    for (base::Edit& edit : edits) edit.span = {edit.span.begin - whole.begin, edit.span.end - whole.begin};
    out += sse_event("message_delta", with_edits(root.raw, edits));
  }

  SseSplitter splitter_;
  UsageSums usage_;
  RepeatedEvent repeated_;  // a delta of a block that the client gets as it is
  std::size_t repeated_block_ = 0;
  std::string repeated_key_;          // of the delta's string
  std::string repeated_text_;         // of such deltas, not in the block yet, as it is written in them
  std::vector<EchoedBlock> blocks_;   // of the round
  std::vector<std::size_t> indexes_;  // what the client calls them
  std::size_t shown_ = 0;             // blocks that the client has
  std::string held_;                  // the end, until the client's next request can be made whole
  bool beside_ = false, holds_ = false;
  std::size_t rounds_ = 0;
  bool first_ = true, may_go_on_ = false, goes_on_ = false;
};

class AnthropicBody final : public WholeAnswerMerger {
 public:
  void begin_round(bool may_go_on) override {
    may_go_on_ = may_go_on;
    body_.clear();
    blocks_.clear();
    own_.clear();
    beside_ = false;
    calls_.clear();
  }

  std::vector<RetrievalCall> finish_round(std::string& out) override {
    const auto document = JsonDocument::parse(body_);
    if (document) report_usage(*document);
    const JsonNode* content = document && document->root().kind == JsonKind::kObject
                                  ? document->find_last(document->root(), "content")
                                  : nullptr;
    if (content == nullptr || content->kind != JsonKind::kArray) {
      out += body_;
      return {};
    }
    const JsonNode& root = document->root();
    const JsonNode* usage = document->find_last(root, "usage");
    if (usage != nullptr && usage->kind != JsonKind::kObject) usage = nullptr;
    if (usage != nullptr) usage_.note(*usage);
    bool mixed = false;
    std::vector<std::string> shown = shown_;
    for (const JsonNode& block : document->children(*content)) {
      blocks_.emplace_back(block.raw);
      if (block.kind == JsonKind::kObject && document->string_member(block, "type") == "tool_use") {
        if (context::is_retrieve_tool(document->string_member(block, "name"))) {
          const JsonNode* input = document->find_last(block, "input");
          calls_.push_back(
              {std::string(document->string_member(block, "id")), std::string(input == nullptr ? "{}" : input->raw)});
          own_.emplace_back(block.raw);
          continue;
        }
        if (!mixed) anchor_ = document->string_member(block, "id");
        mixed = true;
      }
      shown.emplace_back(block.raw);
    }
    const JsonNode* stop = document->find_last(root, "stop_reason");
    const bool whole = !calls_.empty() && stop != nullptr && stop->text == "tool_use";
    const bool wants = whole && !mixed;
    beside_ = whole && mixed;
    if (wants && may_go_on_) {
      shown_ = std::move(shown);
      usage_.end_round();
      changed_ = true;
      return calls_;
    }
    if (!changed_ && calls_.empty()) {
      out += body_;
      return {};
    }
    std::vector<base::Edit> edits;
    edits.push_back({document->span(*content), "[" + join_elements(shown) + "]"});
    if (wants) edits.push_back({document->span(*stop), "\"end_turn\""});
    if (usage != nullptr) usage_.write(*document, *usage, edits, true);
    out += with_edits(body_, edits);
    return {};
  }

  std::string continue_request(std::string_view body, const std::vector<std::string>& results) const override {
    return request_with_turn(body, blocks_, calls_, results);
  }

  std::vector<std::string> call_elements() const override { return own_; }
  std::vector<std::string> shown_thinking() const override {
    std::vector<std::string> shown;
    for (const std::string& block : blocks_) {
      if (std::ranges::find(own_, block) == own_.end() && !is_empty_text(block)) shown.push_back(thinking_in(block));
    }
    return shown;
  }

  std::optional<CallsBeside> beside() const override {
    if (!beside_) return std::nullopt;
    return CallsBeside{anchor_, own_, calls_};
  }
  std::string result_json(const RetrievalCall& call, const std::string& text) const override {
    return result_of(call, text);
  }

 private:
  UsageSums usage_;
  std::vector<std::string> shown_;   // blocks that the client gets, of the rounds before
  std::vector<std::string> blocks_;  // of the round, all
  std::vector<RetrievalCall> calls_;
  std::vector<std::string> own_;  // the calls' blocks
  std::string anchor_;            // the client's first call
  bool may_go_on_ = false, changed_ = false, beside_ = false;
};

}  // namespace

std::unique_ptr<AnswerMerger> make_anthropic_merger(bool events) {
  if (events) return std::make_unique<AnthropicEvents>();
  return std::make_unique<AnthropicBody>();
}

}  // namespace headroom::proxy
