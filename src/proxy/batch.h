#pragma once

#include <string_view>
#include <vector>

#include "base/splice.h"
#include "proxy/compress_api.h"
#include "proxy/routes.h"

namespace headroom::proxy {

/// A request within a batch: an object of the body, in the format of `api`.
struct BatchRequest {
  base::Span span;
  wire::Api api;
};

/// The requests of a batch, in their order. What is none, or is written as nobody would, is not among them. The body of
/// a kFile is a form, whose type is `content_type`: where its purpose is not "batch", there are none.
std::vector<BatchRequest> batch_requests(Batch batch, std::string_view content_type, std::string_view body);

/// The body of a batch with what its requests hold compressed by `pipeline`. One row for all of them. Nobody answers
/// calls of the retrieve tool in a batch, so the pipeline should drop nothing. After `budget_ns` the requests that are
/// left stay as they are.
Compression compress_batch(const context::Pipeline& pipeline, Batch batch, std::string_view content_type,
                           std::string_view body, const base::Clock& clock, const context::RequestOptions& options,
                           std::int64_t budget_ns);

}  // namespace headroom::proxy
