#include "proxy/compress_api.h"

#include <charconv>
#include <map>
#include <string>

#include "base/json_document.h"
#include "base/json_writer.h"
#include "context/sums.h"

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

Reply invalid(std::string_view message) {
  return api_error(400, "invalid_request", message);
}

// Which provider's shape a message has; nothing when it would be the same in both.
std::optional<wire::Api> shape_of(const JsonDocument& doc, const JsonNode& message) {
  if (message.kind != JsonKind::kObject) return std::nullopt;
  if (doc.find_last(message, "parts") != nullptr) return wire::Api::kGeminiGenerate;
  const std::string_view kind = doc.string_member(message, "type");
  if (kind.ends_with("_call_output") || kind.ends_with("_call")) return wire::Api::kOpenAiResponses;
  if (doc.find_last(message, "tool_calls") != nullptr) return wire::Api::kOpenAiChat;
  const std::optional<wire::Api> otherwise =
      doc.string_member(message, "role") == "tool" ? std::optional(wire::Api::kOpenAiChat) : std::nullopt;
  const JsonNode* content = doc.find_last(message, "content");
  if (content == nullptr || content->kind != JsonKind::kArray) return otherwise;
  for (const JsonNode& block : doc.children(*content)) {
    if (block.kind != JsonKind::kObject) continue;
    if (doc.find(block, "toolUse") != nullptr || doc.find(block, "toolResult") != nullptr) {
      return wire::Api::kBedrockConverse;
    }
    const std::string_view type = doc.string_member(block, "type");
    if (type == "tool_use" || type == "tool_result") return wire::Api::kAnthropicMessages;
    if (type == "tool-call" || type == "tool-result") return wire::Api::kVercelMessages;
  }
  return otherwise;
}

wire::Api detect_api(const JsonDocument& doc, const JsonNode& messages, std::string_view model) {
  for (const JsonNode& message : doc.children(messages)) {
    if (const auto api = shape_of(doc, message)) return *api;
  }
  return model.find("claude") != std::string_view::npos ? wire::Api::kAnthropicMessages : wire::Api::kOpenAiChat;
}

// The request as far as it is valid.
struct CompressRequest {
  const JsonNode* messages = nullptr;
  std::string_view model;
  std::string_view list = "messages";  ///< what the body calls it
  bool lossless = false;
  context::RequestOptions options;
};

std::optional<Reply> read_budget(const JsonDocument& doc, const JsonNode& object, CompressRequest& request) {
  const JsonNode* budget = doc.find_last(object, "token_budget");
  if (budget == nullptr || budget->kind == JsonKind::kNull) return std::nullopt;
  const char* const end = budget->raw.data() + budget->raw.size();
  const auto [at, error] = std::from_chars(budget->raw.data(), end, request.options.token_budget);
  if (budget->kind == JsonKind::kNumber && error == std::errc() && at == end) return std::nullopt;
  return invalid("token_budget must be a whole number of tokens");
}

std::optional<Reply> read_request(const JsonDocument& doc, CompressRequest& request) {
  const JsonNode& root = doc.root();
  if (root.kind != JsonKind::kObject) return invalid("the body must be a JSON object with model and messages");
  for (const std::string_view list : {"messages", "contents", "input"}) {
    request.messages = doc.find_last(root, list);
    request.list = list;
    if (request.messages != nullptr) break;
  }
  if (request.messages == nullptr) return invalid("messages is missing");
  if (request.messages->kind != JsonKind::kArray) return invalid("messages must be a list");
  const JsonNode* model = doc.find_last(root, "model");
  if (model != nullptr && model->kind != JsonKind::kString) return invalid("model must be a string");
  if (model != nullptr) request.model = model->text;
  if (auto refused = read_budget(doc, root, request)) return refused;
  const JsonNode* config = doc.find_last(root, "config");
  if (config == nullptr || config->kind == JsonKind::kNull) return std::nullopt;
  if (config->kind != JsonKind::kObject) return invalid("config must be an object");
  if (auto refused = read_budget(doc, *config, request)) return refused;
  const JsonNode* profile = doc.find_last(*config, "profile");
  if (profile != nullptr && profile->kind != JsonKind::kNull) {
    if (profile->kind == JsonKind::kString) request.options.level = context::level_from_name(profile->text);
    if (!request.options.level) return invalid("config.profile must be \"lossless\", \"balanced\" or \"aggressive\"");
  }
  const JsonNode* mode = doc.find_last(*config, "mode");
  if (mode == nullptr || mode->kind == JsonKind::kNull) return std::nullopt;
  if (mode->kind != JsonKind::kString || (mode->text != "lossless" && mode->text != "ccr")) {
    return invalid("config.mode must be \"ccr\" (markers, originals stored; the default) or \"lossless\"");
  }
  request.lossless = mode->text == "lossless";
  return std::nullopt;
}

// The list of that name in the bytes of a compressed request.
std::string compressed_messages(const std::string& body, std::string_view list) {
  const auto doc = JsonDocument::parse(body);
  const JsonNode* messages = doc ? doc->find_last(doc->root(), list) : nullptr;
  return messages != nullptr ? std::string(messages->raw) : std::string();
}

void write_transforms(base::JsonWriter& json, const context::Outcome& outcome) {
  json.key("transforms_applied").begin_array();
  for (const std::string& transform : outcome.transforms) json.value(transform);
  json.end_array();
  std::map<std::string_view, std::size_t> blocks;
  for (const context::BlockReport& block : outcome.blocks) {
    if (!block.strategy.empty()) ++blocks[block.strategy];
  }
  json.key("transforms_summary").begin_object();
  for (const auto& [strategy, count] : blocks) json.member(strategy, count);
  json.end_object();
}

Reply write_reply(const context::Outcome& outcome, std::string_view messages) {
  const std::size_t before = outcome.tokens_before;
  const std::size_t after = outcome.tokens_after;
  base::JsonWriter json;
  json.begin_object();
  json.key("messages").raw(messages);
  json.member("model", outcome.model);
  json.member("tokens_before", before).member("tokens_after", after);
  json.member("tokens_saved", before > after ? before - after : 0);
  json.member("tokens_are_estimates", outcome.estimate);
  json.member("compression_ratio", before > 0 ? static_cast<double>(after) / static_cast<double>(before) : 1.0);
  write_transforms(json, outcome);
  if (!outcome.budget_note.empty()) json.member("budget_note", outcome.budget_note);
  context::write_sums(json, outcome);
  json.key("ccr_hashes").begin_array();
  for (const std::string& id : outcome.ids) json.value(id);
  json.end_array();
  if (!outcome.put_back.empty()) {
    json.key("put_back").begin_array();
    for (const std::string& what : outcome.put_back) json.value(what);
    json.end_array();
  }
  if (!outcome.changed) {
    json.member("compression_skipped", true).member("skip_reason", outcome.skip_reason);
    if (outcome.failed) json.member("compression_failed", true);
  }
  json.end_object();
  return {200, "application/json", std::move(json).take()};
}

}  // namespace

std::string join_transforms(const context::Outcome& outcome) {
  std::string joined;
  for (const std::string& transform : outcome.transforms) {
    if (!joined.empty()) joined += ',';
    joined += transform;
  }
  return joined;
}

Compression compress_body(const context::Pipeline& pipeline, wire::Api api, std::string_view body,
                          const base::Clock& clock, const context::RequestOptions& options) {
  Compression result;
  result.row.time_ms = clock.now_ms();
  const std::int64_t start = clock.monotonic_ns();
  result.outcome = pipeline.compress_request(api, body, options);
  const context::Outcome& outcome = result.outcome;
  result.row.compress_us = (clock.monotonic_ns() - start) / 1000;
  result.row.source = "proxy";
  result.row.api = wire::api_name(api);
  context::count_outcome(outcome, result.row);
  return result;
}

CompressApiResult compress_api(const context::Pipeline& pipeline, const context::Pipeline& lossless, bool bypass,
                               std::string_view body, std::string_view project, const base::Clock& clock,
                               std::int64_t arrived_ns) {
  const auto doc = JsonDocument::parse(body);
  if (!doc) return {invalid("the body is not JSON: " + doc.error().message), std::nullopt};
  CompressRequest request;
  request.options.project = project;
  request.options.arrived_ns = arrived_ns;
  if (auto refused = read_request(*doc, request)) return {std::move(*refused), std::nullopt};
  if (bypass) {
    context::Outcome untouched;
    untouched.model = request.model;
    untouched.skip_reason = "x-headroom-bypass";
    return {write_reply(untouched, request.messages->raw), std::nullopt};
  }
  // Whatever the body calls its list, the shape of the messages counts.
  const wire::Api api = detect_api(*doc, *request.messages, request.model);
  const std::string_view list = wire::list_name(api);
  std::string rebuilt;
  if (request.list != list) {
    base::JsonWriter json;
    json.begin_object().member("model", request.model).key(list).raw(request.messages->raw).end_object();
    rebuilt = std::move(json).take();
  }
  const std::string_view input = rebuilt.empty() ? body : std::string_view(rebuilt);
  Compression result = compress_body(request.lossless ? lossless : pipeline, api, input, clock, request.options);
  result.row.source = "api";
  result.row.status = 200;
  result.row.total_us = result.row.compress_us;
  const std::string changed = result.outcome.changed ? compressed_messages(result.outcome.body, list) : std::string();
  Reply reply = write_reply(result.outcome, changed.empty() ? request.messages->raw : std::string_view(changed));
  return {std::move(reply), std::move(result.row)};
}

}  // namespace headroom::proxy
