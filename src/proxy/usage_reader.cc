#include "proxy/usage_reader.h"

#include <algorithm>

#include "proxy/answer_json.h"

namespace headroom::proxy {
namespace {

std::int64_t number_member(const base::JsonDocument& doc, const base::JsonNode& object, std::string_view key) {
  return integer_of(doc.find_last(object, key));
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

void UsageReader::take_json(std::string_view json) {
  if (const auto document = base::JsonDocument::parse(json)) take(*document);
}

void UsageReader::take_line(std::string_view line) {
  // Only a handful of events speak of usage; the rest are not worth a parse. Without the quote in front, as most lines
  // are full of quotes and the search stops at each.
  if (line.starts_with("data:") &&
      (line.find("usage\"") != std::string_view::npos || line.find("usageMetadata\"") != std::string_view::npos)) {
    take_json(line.substr(5));
  }
}

void UsageReader::take(const base::JsonDocument& doc) {
  if (doc.root().kind != base::JsonKind::kObject) return;
  const std::string_view name = api_ == wire::Api::kGeminiGenerate ? "usageMetadata" : "usage";
  const base::JsonNode *message = nullptr, *response = nullptr, *metrics = nullptr, *usage = nullptr;
  for (const base::JsonNode& member : doc.children(doc.root())) {
    if (member.key == "message") message = &member;
    if (member.key == "response") response = &member;
    if (member.key == kMetrics) metrics = &member;
    if (member.key == name) usage = &member;
  }
  const auto is_object = [](const base::JsonNode* node) {
    return node != nullptr && node->kind == base::JsonKind::kObject;
  };
  if (is_object(metrics)) read_metrics(doc, *metrics, usage_);
  const base::JsonNode* holder = &doc.root();
  if (is_object(message)) {  // message_start
    holder = message;
    response = doc.find_last(*holder, "response");
  }
  // "response.completed", and what the Cloud Code paths wrap their answers in.
  if (is_object(response)) holder = response;
  if (holder != &doc.root()) usage = doc.find_last(*holder, name);
  if (!is_object(usage)) return;
  switch (api_) {
    case wire::Api::kAnthropicMessages:
      return read_anthropic(doc, *usage, usage_);
    case wire::Api::kOpenAiChat:
      return read_openai(doc, *usage, usage_);
    case wire::Api::kOpenAiResponses:
      return read_responses(doc, *usage, usage_);
    case wire::Api::kGeminiGenerate:
      return read_gemini(doc, *usage, usage_);
    case wire::Api::kBedrockConverse:
      return read_converse(doc, *usage, usage_);
    case wire::Api::kVercelMessages:
      return;  // no provider answers in it
  }
}

}  // namespace headroom::proxy
