#include "proxy/usage.h"

#include <algorithm>
#include <charconv>

#include "base/base64.h"
#include "base/json_document.h"

namespace headroom::proxy {
namespace {

// A JSON answer larger than this is not kept; an event line neither.
constexpr std::size_t kMaxJson = 4 << 20;
constexpr std::size_t kMaxLine = 256 * 1024;
// No stream that a model writes is larger; of one that is encoded no more is decoded.
constexpr std::size_t kMaxDecoded = std::size_t{64} << 20;
constexpr std::string_view kMetrics = "amazon-bedrock-invocationMetrics";

std::int64_t number_member(const base::JsonDocument& doc, const base::JsonNode& object, std::string_view key) {
  const base::JsonNode* node = doc.find_last(object, key);
  std::int64_t value = -1;
  if (node == nullptr || node->kind != base::JsonKind::kNumber) return -1;
  const char* end = node->raw.data() + node->raw.size();
  const auto [at, error] = std::from_chars(node->raw.data(), end, value);
  return error == std::errc() && at == end ? value : -1;
}

const base::JsonNode* object_member(const base::JsonDocument& doc, const base::JsonNode& object, std::string_view key) {
  const base::JsonNode* node = doc.find_last(object, key);
  return node != nullptr && node->kind == base::JsonKind::kObject ? node : nullptr;
}

// Anthropic counts cache reads and writes beside input_tokens. Later events of a stream repeat some of the numbers.
void read_anthropic(const base::JsonDocument& doc, const base::JsonNode& usage, Usage& out) {
  const std::int64_t input = number_member(doc, usage, "input_tokens");
  const std::int64_t read = number_member(doc, usage, "cache_read_input_tokens");
  const std::int64_t written = number_member(doc, usage, "cache_creation_input_tokens");
  if (input >= 0) {
    out.input = input + std::max<std::int64_t>(read, 0) + std::max<std::int64_t>(written, 0);
    if (read >= 0) out.cached = read;
    if (written >= 0) out.written = written;
  }
  if (const std::int64_t output = number_member(doc, usage, "output_tokens"); output >= 0) out.output = output;
}

// OpenAI counts cache reads and writes among the input.
void read_details(const base::JsonDocument& doc, const base::JsonNode& usage, std::string_view name, Usage& out) {
  const base::JsonNode* details = object_member(doc, usage, name);
  if (details == nullptr) return;
  if (const std::int64_t cached = number_member(doc, *details, "cached_tokens"); cached >= 0) out.cached = cached;
  if (const std::int64_t written = number_member(doc, *details, "cache_write_tokens"); written >= 0)
    out.written = written;
}

void read_openai(const base::JsonDocument& doc, const base::JsonNode& usage, Usage& out) {
  if (const std::int64_t input = number_member(doc, usage, "prompt_tokens"); input >= 0) out.input = input;
  if (const std::int64_t output = number_member(doc, usage, "completion_tokens"); output >= 0) out.output = output;
  read_details(doc, usage, "prompt_tokens_details", out);
}

// Responses count like Anthropic by name, and otherwise like Chat Completions.
void read_responses(const base::JsonDocument& doc, const base::JsonNode& usage, Usage& out) {
  if (const std::int64_t input = number_member(doc, usage, "input_tokens"); input >= 0) out.input = input;
  if (const std::int64_t output = number_member(doc, usage, "output_tokens"); output >= 0) out.output = output;
  read_details(doc, usage, "input_tokens_details", out);
}

// Thoughts are counted beside the candidates; each event of a stream repeats the numbers so far.
void read_gemini(const base::JsonDocument& doc, const base::JsonNode& usage, Usage& out) {
  if (const std::int64_t input = number_member(doc, usage, "promptTokenCount"); input >= 0) out.input = input;
  if (const std::int64_t cached = number_member(doc, usage, "cachedContentTokenCount"); cached >= 0)
    out.cached = cached;
  const std::int64_t said = number_member(doc, usage, "candidatesTokenCount");
  const std::int64_t thought = number_member(doc, usage, "thoughtsTokenCount");
  if (said >= 0 || thought >= 0) out.output = std::max<std::int64_t>(said, 0) + std::max<std::int64_t>(thought, 0);
}

// As Anthropic, under names of its own.
void read_converse(const base::JsonDocument& doc, const base::JsonNode& usage, Usage& out) {
  const std::int64_t input = number_member(doc, usage, "inputTokens");
  const std::int64_t read = number_member(doc, usage, "cacheReadInputTokens");
  const std::int64_t written = number_member(doc, usage, "cacheWriteInputTokens");
  if (input >= 0) out.input = input + std::max<std::int64_t>(read, 0) + std::max<std::int64_t>(written, 0);
  if (read >= 0) out.cached = read;
  if (written >= 0) out.written = written;
  if (const std::int64_t output = number_member(doc, usage, "outputTokens"); output >= 0) out.output = output;
}

// What Bedrock adds to an answer that does not say it itself.
void read_metrics(const base::JsonDocument& doc, const base::JsonNode& metrics, Usage& out) {
  if (out.input < 0) out.input = number_member(doc, metrics, "inputTokenCount");
  if (out.output < 0) out.output = number_member(doc, metrics, "outputTokenCount");
}

}  // namespace

UsageObserver::UsageObserver(wire::Api api, const ResponseHead& head) : api_(api) {
  if (head.status != 200) return;
  const auto codings = codings_of(head.fields);
  if (!codings) return;
  std::string_view type = head.fields.get("content-type");
  type = type.substr(0, type.find(';'));
  if (equals_ci(type, "text/event-stream")) mode_ = Mode::kEvents;
  if (equals_ci(type, "application/json")) mode_ = Mode::kJson;
  if (equals_ci(type, "application/vnd.amazon.eventstream")) mode_ = Mode::kFrames;
  if (codings->empty() || mode_ == Mode::kOff) return;
  decoder_ = std::make_unique<ContentDecoder>(*codings, mode_ == Mode::kJson ? kMaxJson : kMaxDecoded);
}

class UsageObserver::Reader final : public PayloadSink {
 public:
  explicit Reader(UsageObserver& usage) : usage_(usage) {}
  void on_payload(std::string_view text) override { usage_.read(text); }

 private:
  UsageObserver& usage_;
};

void UsageObserver::on_payload(std::string_view bytes) {
  if (decoder_ == nullptr) return read(bytes);
  if (mode_ == Mode::kOff) return;
  Reader reader(*this);
  if (decoder_->feed(bytes, reader)) return;
  mode_ = Mode::kOff;
  usage_ = {};
}

void UsageObserver::read(std::string_view bytes) {
  if (mode_ == Mode::kJson) {
    overlong_ = overlong_ || pending_.size() + bytes.size() > kMaxJson;
    if (!overlong_) pending_ += bytes;
    return;
  }
  if (mode_ == Mode::kFrames && !frames_.feed(bytes, [this](const aws::StreamMessage& frame) { take_frame(frame); })) {
    mode_ = Mode::kOff;
  }
  while (mode_ == Mode::kEvents && !bytes.empty()) {
    const std::size_t feed = bytes.find('\n');
    const std::string_view part = bytes.substr(0, feed);
    if (feed == std::string_view::npos || !pending_.empty()) {
      overlong_ = overlong_ || pending_.size() + part.size() > kMaxLine;
      if (!overlong_) pending_ += part;
    }
    if (feed == std::string_view::npos) return;
    if (!overlong_) take_line(pending_.empty() ? part : std::string_view(pending_));
    pending_.clear();
    overlong_ = false;
    bytes.remove_prefix(feed + 1);
  }
}

Usage UsageObserver::finish() {
  if (mode_ == Mode::kJson && !overlong_ && !pending_.empty()) take_json(pending_);
  if (mode_ == Mode::kEvents && !overlong_ && !pending_.empty()) take_line(pending_);
  mode_ = Mode::kOff;
  return usage_;
}

void UsageObserver::take_line(std::string_view line) {
  // Only a handful of events speak of usage; the rest are not worth a parse. Without the quote in front, as most lines
  // are full of quotes and the search stops at each.
  if (line.starts_with("data:") &&
      (line.find("usage\"") != std::string_view::npos || line.find("usageMetadata\"") != std::string_view::npos)) {
    line.remove_prefix(5);
    take_json(line);
  }
}

// Converse's events are JSON; those of invoke hold an event of the model's own provider.
void UsageObserver::take_frame(const aws::StreamMessage& frame) {
  const std::string_view type = aws::stream_header(frame, ":event-type");
  if (type == "metadata") return take_json(frame.payload);
  if (type != "chunk") return;
  const auto doc = base::JsonDocument::parse(frame.payload);
  if (!doc || doc->root().kind != base::JsonKind::kObject) return;
  const auto event = base::base64_decode(doc->string_member(doc->root(), "bytes"));
  if (event && (event->contains("\"usage\"") || event->contains(kMetrics))) take_json(*event);
}

void UsageObserver::take_json(std::string_view json) {
  const auto doc = base::JsonDocument::parse(json);
  if (!doc || doc->root().kind != base::JsonKind::kObject) return;
  const base::JsonNode* holder = &doc->root();
  if (const base::JsonNode* message = object_member(*doc, *holder, "message")) holder = message;  // message_start
  // "response.completed", and what the Cloud Code paths wrap their answers in.
  if (const base::JsonNode* response = object_member(*doc, *holder, "response")) holder = response;
  // Of any model, in the last event.
  if (const base::JsonNode* metrics = object_member(*doc, doc->root(), kMetrics)) read_metrics(*doc, *metrics, usage_);
  const bool gemini = api_ == wire::Api::kGeminiGenerate;
  const base::JsonNode* usage = object_member(*doc, *holder, gemini ? "usageMetadata" : "usage");
  if (usage == nullptr) return;
  switch (api_) {
    case wire::Api::kAnthropicMessages:
      return read_anthropic(*doc, *usage, usage_);
    case wire::Api::kOpenAiChat:
      return read_openai(*doc, *usage, usage_);
    case wire::Api::kOpenAiResponses:
      return read_responses(*doc, *usage, usage_);
    case wire::Api::kGeminiGenerate:
      return read_gemini(*doc, *usage, usage_);
    case wire::Api::kBedrockConverse:
      return read_converse(*doc, *usage, usage_);
    case wire::Api::kVercelMessages:
      return;  // no provider answers in it
  }
}

}  // namespace headroom::proxy
