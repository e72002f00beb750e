#include "proxy/batch.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/json_document.h"
#include "base/text.h"
#include "proxy/multipart.h"

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// The member of that name, where it is of that kind.
const JsonNode* member(const JsonDocument& document, const JsonNode* object, std::string_view name, JsonKind kind) {
  if (object == nullptr || object->kind != JsonKind::kObject) return nullptr;
  const JsonNode* found = document.find_last(*object, name);
  return found != nullptr && found->kind == kind ? found : nullptr;
}

/// "requests"[]."params", each a request to Messages.
std::vector<BatchRequest> anthropic_requests(std::string_view body) {
  std::vector<BatchRequest> requests;
  const auto document = JsonDocument::parse(body);
  if (!document) return requests;
  const JsonNode* list = member(*document, &document->root(), "requests", JsonKind::kArray);
  if (list == nullptr) return requests;
  for (const JsonNode& entry : document->children(*list)) {
    const JsonNode* params = member(*document, &entry, "params", JsonKind::kObject);
    if (params != nullptr) requests.push_back({document->span(*params), wire::Api::kAnthropicMessages});
  }
  return requests;
}

/// "batch"."inputConfig"."requests"."requests"[]."request"; where they come as a file, there are none.
std::vector<BatchRequest> gemini_requests(std::string_view body) {
  std::vector<BatchRequest> requests;
  const auto document = JsonDocument::parse(body);
  if (!document) return requests;
  const JsonNode* batch = member(*document, &document->root(), "batch", JsonKind::kObject);
  const JsonNode* input = member(*document, batch, "inputConfig", JsonKind::kObject);
  if (input == nullptr) input = member(*document, batch, "input_config", JsonKind::kObject);
  const JsonNode* outer = member(*document, input, "requests", JsonKind::kObject);
  const JsonNode* list = member(*document, outer, "requests", JsonKind::kArray);
  if (list == nullptr) return requests;
  for (const JsonNode& entry : document->children(*list)) {
    const JsonNode* request = member(*document, &entry, "request", JsonKind::kObject);
    if (request != nullptr) requests.push_back({document->span(*request), wire::Api::kGeminiGenerate});
  }
  return requests;
}

std::optional<wire::Api> api_of_url(std::string_view url) {
  if (url == "/v1/chat/completions" || url == "/chat/completions") return wire::Api::kOpenAiChat;
  if (url == "/v1/responses") return wire::Api::kOpenAiResponses;
  return std::nullopt;
}

/// A file of lines {"url":..., "body":...}, which are JSON each.
std::vector<BatchRequest> file_requests(std::string_view content_type, std::string_view body) {
  std::vector<BatchRequest> requests;
  const auto form = read_form(content_type, body);
  if (!form) return requests;
  const FormPart* file = nullptr;
  int purposes = 0, files = 0;
  bool wanted = false;
  for (const FormPart& part : *form) {
    if (part.name == "purpose") {
      ++purposes;
      wanted = !part.is_file && !part.encoded && body.substr(part.content.begin, part.content.size()) == "batch";
    } else if (part.name == "file") {
      ++files;
      file = part.is_file && !part.encoded ? &part : nullptr;
    }
  }
  if (purposes != 1 || files != 1 || !wanted || file == nullptr) return requests;
  for (std::size_t at = file->content.begin; at < file->content.end;) {
    const std::size_t end = std::min(body.find('\n', at), file->content.end);
    const std::size_t line_at = std::exchange(at, end + 1);
    const auto document = JsonDocument::parse(body.substr(line_at, end - line_at));
    if (!document || document->root().kind != JsonKind::kObject) continue;
    const JsonNode* request = member(*document, &document->root(), "body", JsonKind::kObject);
    const auto api = api_of_url(document->string_member(document->root(), "url"));
    if (request == nullptr || !api) continue;
    const base::Span span = document->span(*request);
    requests.push_back({{line_at + span.begin, line_at + span.end}, *api});
  }
  return requests;
}

/// Empty: it is a file that is no batch.
std::string_view api_of(Batch batch, const std::vector<BatchRequest>& requests) {
  if (!requests.empty()) return wire::api_name(requests.front().api);
  if (batch == Batch::kAnthropic) return wire::api_name(wire::Api::kAnthropicMessages);
  return batch == Batch::kGemini ? wire::api_name(wire::Api::kGeminiGenerate) : std::string_view();
}

/// What one of the requests adds to the sums of all.
void add(context::Outcome& all, const context::Outcome& one) {
  if (all.model.empty()) all.model = one.model;
  all.estimate = all.estimate || one.estimate;
  all.tokens_before += one.tokens_before;
  all.tokens_after += one.tokens_after;
  for (const auto& transform : one.transforms) {
    if (std::ranges::find(all.transforms, transform) == all.transforms.end()) all.transforms.push_back(transform);
  }
}

}  // namespace

std::vector<BatchRequest> batch_requests(Batch batch, std::string_view content_type, std::string_view body) {
  switch (batch) {
    case Batch::kAnthropic:
      return anthropic_requests(body);
    case Batch::kGemini:
      return gemini_requests(body);
    case Batch::kFile:
      return file_requests(content_type, body);
    case Batch::kNone:
      break;
  }
  return {};
}

Compression compress_batch(const context::Pipeline& pipeline, Batch batch, std::string_view content_type,
                           std::string_view body, const base::Clock& clock, const context::RequestOptions& options,
                           std::int64_t budget_ns) {
  Compression all;
  all.row.time_ms = clock.now_ms();
  const std::int64_t start = clock.monotonic_ns();
  std::vector<base::Edit> edits;
  const std::vector<BatchRequest> requests = batch_requests(batch, content_type, body);
  if (requests.empty()) all.outcome.skip_reason = "the body is no batch";
  for (const BatchRequest& request : requests) {
    if (clock.monotonic_ns() - start >= budget_ns) {
      all.outcome.skip_reason = "the time budget was spent before all requests of the batch were read";
      break;
    }
    const std::string_view text = body.substr(request.span.begin, request.span.size());
    Compression one = compress_body(pipeline, request.api, text, clock, options);
    add(all.outcome, one.outcome);
    if (one.outcome.changed) edits.push_back({request.span, std::move(one.outcome.body)});
  }
  if (auto spliced = base::splice(body, edits); spliced && !edits.empty()) {
    all.outcome.body = *std::move(spliced);
    all.outcome.changed = true;
  }
  all.row.compress_us = (clock.monotonic_ns() - start) / 1000;
  all.row.source = "proxy";
  all.row.api = api_of(batch, requests);
  all.row.model = all.outcome.model;
  all.row.estimate = all.outcome.estimate;
  all.row.tokens_before = static_cast<std::int64_t>(all.outcome.tokens_before);
  all.row.tokens_after = static_cast<std::int64_t>(all.outcome.tokens_after);
  all.row.transforms = join_transforms(all.outcome);
  all.row.skip_reason = all.outcome.skip_reason;
  return all;
}

}  // namespace headroom::proxy
