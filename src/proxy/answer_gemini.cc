#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "context/retrieval_offer.h"
#include "proxy/answer_json.h"
#include "proxy/answer_merger.h"
#include "proxy/answered_beside.h"
#include "proxy/sse_events.h"

// Gemini generateContent and streamGenerateContent; the Cloud Code paths wrap all of it in "request" and "response".
// https://ai.google.dev/api/generate-content

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// A part of the model's turn.
struct Part {
  std::string json;
  bool call = false;
  bool retrieval = false;
  std::string id, name, arguments;  // of a call
  std::string bare;                 // a call without what else the part has
  std::string signature;            // ",\"thoughtSignature\":...", where the part has one
};

const JsonNode* either(const JsonDocument& document, const JsonNode& object, std::string_view camel,
                       std::string_view snake) {
  const JsonNode* found = object_member(document, object, camel);
  return found != nullptr ? found : object_member(document, object, snake);
}

Part read_part(const JsonDocument& document, const JsonNode& part) {
  Part read{std::string(part.raw)};
  if (part.kind != JsonKind::kObject) return read;
  const JsonNode* call = either(document, part, "functionCall", "function_call");
  if (call == nullptr) return read;
  read.call = true;
  for (const std::string_view key : {"thoughtSignature", "thought_signature"}) {
    if (const JsonNode* found = document.find_last(part, key)) {
      read.signature = fmt::format(",{}:{}", found->key_raw, found->raw);
    }
  }
  read.bare = fmt::format("{{{}:{}}}", call->key_raw, call->raw);
  read.id = document.string_member(*call, "id");
  read.name = document.string_member(*call, "name");
  read.retrieval = context::is_retrieve_tool(read.name);
  const JsonNode* arguments = document.find_last(*call, "args");
  read.arguments = arguments == nullptr ? "{}" : arguments->raw;
  return read;
}

/// A text of nothing, which some servers end a stream with and none takes back.
bool is_empty_text(const Part& part) {
  const auto document = JsonDocument::parse(part.json);
  if (!document || document->root().kind != JsonKind::kObject || document->root().size != 1) return false;
  const JsonNode* text = document->find_last(document->root(), "text");
  return text != nullptr && text->kind == JsonKind::kString && text->text.empty();
}

std::string response_to(const RetrievalCall& call, const std::string& text) {
  base::JsonWriter json;
  json.begin_object().key("functionResponse").begin_object();
  if (!call.id.empty()) json.member("id", call.id);
  json.member("name", call.name).key("response").begin_object();
  json.member("result", text).end_object().end_object().end_object();
  return std::move(json).take();
}

/// What the model has said in a round.
class ModelTurn {
 public:
  void clear() { parts_.clear(); }
  /// What the client gets of the part. Where several calls are made at once, the first has the signature of what was
  /// thought before, which the provider wants back: when that one is withheld, the next has it.
  std::string add(Part part) {
    std::string shown = part.json;
    const bool first_left = part.call && !part.retrieval && !mixed();
    if (first_left && part.signature.empty() && !parts_.empty()) {
      const auto signs = [](const Part& earlier) { return earlier.retrieval && !earlier.signature.empty(); };
      if (const auto withheld = std::ranges::find_if(parts_, signs); withheld != parts_.end()) {
        shown.insert(shown.size() - 1, withheld->signature);
      }
    }
    parts_.push_back(std::move(part));
    return shown;
  }
  bool calls() const { return std::ranges::any_of(parts_, &Part::retrieval); }
  bool mixed() const {
    return std::ranges::any_of(parts_, [](const Part& part) { return part.call && !part.retrieval; });
  }
  std::vector<RetrievalCall> retrievals() const {
    std::vector<RetrievalCall> calls;
    for (const Part& part : parts_) {
      if (part.retrieval) calls.push_back({part.id, part.arguments, part.name});
    }
    return calls;
  }
  /// In a turn with calls of the client's: behind the first of them those of the retrieve tool have their place. What
  /// was thought before stays with the client's call, which it was given to when it had been with one of these.
  CallsBeside beside() const {
    CallsBeside out;
    for (const Part& part : parts_) {
      if (part.retrieval) out.calls.push_back(out.anchor.empty() ? part.bare : part.json);
      if (!part.call || part.retrieval || !out.anchor.empty()) continue;
      out.nameless = part.id.empty();
      out.anchor = out.nameless ? nameless_call(part.name, part.arguments) : part.id;
    }
    out.retrievals = retrievals();
    return out;
  }

  std::string behind(std::string_view body, const std::vector<std::string>& results) const {
    const auto document = JsonDocument::parse(body);
    if (!document || document->root().kind != JsonKind::kObject) return {};
    const JsonNode* request = object_member(*document, document->root(), "request");
    const JsonNode* contents = document->find_last(request == nullptr ? document->root() : *request, "contents");
    if (contents == nullptr) return {};
    const std::string turn = json(results);
    if (contents->kind == JsonKind::kArray) return append_elements(body, *document, *contents, turn);
    if (contents->kind != JsonKind::kObject) return {};
    return with_edits(body, {{document->span(*contents), fmt::format("[{},{}]", contents->raw, turn)}});
  }

 private:
  std::string json(const std::vector<std::string>& results) const {
    std::vector<std::string> said;
    base::JsonWriter answers;
    answers.begin_array();
    std::size_t answered = 0;
    for (const Part& part : parts_) {
      if (!is_empty_text(part)) said.push_back(part.json);
      if (!part.retrieval || answered >= results.size()) continue;
      answers.raw(response_to({part.id, part.arguments, part.name}, results[answered++]));
    }
    answers.end_array();
    return fmt::format(R"({{"role":"model","parts":[{}]}},{{"role":"user","parts":{}}})", join_elements(said),
                       answers.text());
  }

  std::vector<Part> parts_;
};

/// One piece of an answer: all of it, or an event's.
class Piece {
 public:
  explicit Piece(const JsonDocument& document) : document_(document) {
    const JsonNode* wrapped = object_member(document, document.root(), "response");
    root_ = wrapped == nullptr ? &document.root() : wrapped;
    const JsonNode* candidates = document.find_last(*root_, "candidates");
    if (candidates == nullptr || candidates->kind != JsonKind::kArray || candidates->size != 1) return;
    const JsonNode& candidate = document.node(document.index_of(*candidates) + 1);
    if (candidate.kind != JsonKind::kObject) return;
    candidate_ = document.span(candidate);
    finish_ = document.find_last(candidate, "finishReason");
    const JsonNode* content = object_member(document, candidate, "content");
    parts_ = content == nullptr ? nullptr : document.find_last(*content, "parts");
    if (parts_ != nullptr && parts_->kind != JsonKind::kArray) parts_ = nullptr;
  }

  const JsonNode* usage() const { return object_member(document_, *root_, "usageMetadata"); }
  bool ends() const { return finish_ != nullptr && finish_->kind == JsonKind::kString; }
  /// The model has said all that it wanted to.
  bool ends_whole() const { return ends() && finish_->text == "STOP"; }

  /// Gives the parts to the turn; true when some of them are for the client. Those that are not are withheld.
  bool take_parts(ModelTurn& turn, std::vector<std::string>& shown) const {
    bool left = false;
    if (parts_ == nullptr) return left;
    for (const JsonNode& node : document_.children(*parts_)) {
      Part part = read_part(document_, node);
      const bool withheld = part.retrieval;
      left = left || (!withheld && !is_empty_text(part));
      std::string json = turn.add(std::move(part));
      if (!withheld) shown.push_back(std::move(json));
    }
    return left;
  }
  void write_parts(const std::vector<std::string>& shown, std::vector<base::Edit>& edits) const {
    if (parts_ != nullptr) edits.push_back({document_.span(*parts_), "[" + join_elements(shown) + "]"});
  }
  std::size_t parts() const { return parts_ == nullptr ? 0 : parts_->size; }
  /// Takes the end away: the turn goes on.
  void hide_end(std::string_view text, std::vector<base::Edit>& edits) const {
    const base::Span value = document_.span(*finish_);
    base::Span member{value.begin - static_cast<std::size_t>(finish_->raw.data() - finish_->key_raw.data()), value.end};
    const std::size_t comma = text.rfind(',', member.begin - 1);
    const std::size_t next = text.find_first_not_of(" \t\r\n", member.end);
    if (text.find_first_not_of(" \t\r\n", comma + 1) == member.begin && comma > candidate_.begin) {
      member.begin = comma;
    } else if (next < candidate_.end && text[next] == ',') {
      member.end = next + 1;
    }
    edits.push_back({member, ""});
  }

 private:
  const JsonDocument& document_;
  base::Span candidate_;
  const JsonNode* root_ = nullptr;
  const JsonNode* finish_ = nullptr;
  const JsonNode* parts_ = nullptr;
};

class GeminiEvents final : public AnswerMerger {
 public:
  void begin_round(bool may_go_on) override {
    may_go_on_ = may_go_on;
    goes_on_ = beside_ = false;
    first_ = rounds_++ == 0;
    turn_.clear();
  }

  void feed(std::string_view bytes, std::string& out) override {
    splitter_.feed(bytes, [&](std::string_view raw, std::string_view data) { take(raw, data, beside_ ? held_ : out); });
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
    return turn_.retrievals();
  }

  std::string continue_request(std::string_view body, const std::vector<std::string>& results) const override {
    return turn_.behind(body, results);
  }

  std::optional<CallsBeside> beside() const override { return beside_ ? std::optional(turn_.beside()) : std::nullopt; }
  std::string result_json(const RetrievalCall& call, const std::string& text) const override {
    return response_to(call, text);
  }

  std::string failure_event(std::string_view error, std::string_view message) const override {
    if (!error.empty()) return sse_event({}, error);
    base::JsonWriter json;
    json.begin_object().key("error").begin_object().member("code", 502).member("message", message);
    json.member("status", "UNAVAILABLE").end_object().end_object();
    return sse_event({}, json.text());
  }

 private:
  void take(std::string_view raw, std::string_view data, std::string& now) {
    const auto document =
        data.empty() ? base::Result<JsonDocument>(std::unexpected(base::Error{})) : JsonDocument::parse(data);
    if (!document || document->root().kind != JsonKind::kObject) {
      report_usage(raw);
      now += raw;
      return;
    }
    report_usage(*document);
    const Piece piece(*document);
    std::vector<base::Edit> edits;
    std::vector<std::string> shown;
    const bool says = piece.take_parts(turn_, shown);
    if (piece.ends()) {
      goes_on_ = turn_.calls() && !turn_.mixed() && piece.ends_whole() && may_go_on_;
      beside_ = turn_.calls() && turn_.mixed() && piece.ends_whole();
    }
    std::string& out = beside_ ? held_ : now;
    if (const JsonNode* usage = piece.usage()) {
      usage_.note(*usage);
      if (!first_) usage_.write(*document, *usage, edits, false);
    }
    if (shown.size() != piece.parts() || turn_.calls()) {
      if (!says && (!piece.ends() || goes_on_)) return;
      piece.write_parts(shown, edits);
    }
    if (goes_on_) {
      if (!says) return;
      if (piece.ends()) piece.hide_end(data, edits);
    }
    if (edits.empty()) {
      out += raw;
      return;
    }
    const JsonNode& root = document->root();
    const std::size_t begin = document->span(root).begin;
    for (base::Edit& edit : edits) edit.span = {edit.span.begin - begin, edit.span.end - begin};
    out += sse_event({}, with_edits(root.raw, edits));
  }

  SseSplitter splitter_;
  UsageSums usage_;
  ModelTurn turn_;
  std::size_t rounds_ = 0;
  std::string held_;  // the end, until the client's next request can be made whole
  bool first_ = true, may_go_on_ = false, goes_on_ = false, beside_ = false;
};

class GeminiBody final : public WholeAnswerMerger {
 public:
  void begin_round(bool may_go_on) override {
    may_go_on_ = may_go_on;
    body_.clear();
    turn_.clear();
    beside_ = false;
  }

  std::vector<RetrievalCall> finish_round(std::string& out) override {
    const auto document = JsonDocument::parse(body_);
    if (document) report_usage(*document);
    if (!document || document->root().kind != JsonKind::kObject) {
      out += body_;
      return {};
    }
    const Piece piece(*document);
    const std::size_t before = shown_.size();
    piece.take_parts(turn_, shown_);
    const JsonNode* usage = piece.usage();
    if (usage != nullptr) usage_.note(*usage);
    if (turn_.calls() && !turn_.mixed() && piece.ends_whole() && may_go_on_) {
      usage_.end_round();
      return turn_.retrievals();
    }
    beside_ = turn_.calls() && turn_.mixed() && piece.ends_whole();
    std::vector<base::Edit> edits;
    if (before > 0 || turn_.calls()) piece.write_parts(shown_, edits);
    if (usage != nullptr) usage_.write(*document, *usage, edits, false);
    out += with_edits(body_, edits);
    return {};
  }

  std::string continue_request(std::string_view body, const std::vector<std::string>& results) const override {
    return turn_.behind(body, results);
  }

  std::optional<CallsBeside> beside() const override { return beside_ ? std::optional(turn_.beside()) : std::nullopt; }
  std::string result_json(const RetrievalCall& call, const std::string& text) const override {
    return response_to(call, text);
  }

 private:
  UsageSums usage_;
  ModelTurn turn_;
  std::vector<std::string> shown_;  // parts that the client gets, of all rounds
  bool may_go_on_ = false, beside_ = false;
};

}  // namespace

std::unique_ptr<AnswerMerger> make_gemini_merger(bool events) {
  if (events) return std::make_unique<GeminiEvents>();
  return std::make_unique<GeminiBody>();
}

}  // namespace headroom::proxy
