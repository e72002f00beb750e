#include "proxy/batch.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/json_document.h"
#include "base/splice.h"

namespace headroom::proxy {
namespace {

using base::JsonKind;
using base::JsonNode;

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

Compression compress_batch(const context::Pipeline& pipeline, std::string_view body, const base::Clock& clock,
                           const context::RequestOptions& options, std::int64_t budget_ns) {
  Compression all;
  all.row.time_ms = clock.now_ms();
  const std::int64_t start = clock.monotonic_ns();
  std::vector<base::Edit> edits;
  const auto document = base::JsonDocument::parse(body);
  const JsonNode* requests = document && document->root().kind == JsonKind::kObject
                                 ? document->find_last(document->root(), "requests")
                                 : nullptr;
  if (requests == nullptr || requests->kind != JsonKind::kArray) {
    all.outcome.skip_reason = "the body is no batch";
  } else {
    for (const JsonNode& request : document->children(*requests)) {
      if (clock.monotonic_ns() - start >= budget_ns) {
        all.outcome.skip_reason = "the time budget was spent before all requests of the batch were read";
        break;
      }
      const JsonNode* params = request.kind == JsonKind::kObject ? document->find_last(request, "params") : nullptr;
      if (params == nullptr || params->kind != JsonKind::kObject) continue;
      Compression one = compress_body(pipeline, wire::Api::kAnthropicMessages, params->raw, clock, options);
      add(all.outcome, one.outcome);
      if (one.outcome.changed) edits.push_back({document->span(*params), std::move(one.outcome.body)});
    }
  }
  if (auto spliced = base::splice(body, edits); spliced && !edits.empty()) {
    all.outcome.body = *std::move(spliced);
    all.outcome.changed = true;
  }
  all.row.compress_us = (clock.monotonic_ns() - start) / 1000;
  all.row.source = "proxy";
  all.row.api = wire::api_name(wire::Api::kAnthropicMessages);
  all.row.model = all.outcome.model;
  all.row.estimate = all.outcome.estimate;
  all.row.tokens_before = static_cast<std::int64_t>(all.outcome.tokens_before);
  all.row.tokens_after = static_cast<std::int64_t>(all.outcome.tokens_after);
  all.row.transforms = join_transforms(all.outcome);
  all.row.skip_reason = all.outcome.skip_reason;
  return all;
}

}  // namespace headroom::proxy
