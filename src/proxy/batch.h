#pragma once

#include <string_view>

#include "proxy/compress_api.h"

namespace headroom::proxy {

/// The body of POST /v1/messages/batches with what its requests hold ("requests"[]."params", each a request to
/// Messages) compressed by `pipeline`. One row for all of them. Nobody answers calls of the retrieve tool in a batch,
/// so the pipeline should drop nothing. After `budget_ns` the requests that are left stay as they are; so does a body
/// that is no batch.
Compression compress_batch(const context::Pipeline& pipeline, std::string_view body, const base::Clock& clock,
                           const context::RequestOptions& options, std::int64_t budget_ns);

}  // namespace headroom::proxy
