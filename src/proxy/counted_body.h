#pragma once

#include <string_view>

#include "base/clock.h"
#include "context/pipeline.h"
#include "proxy/compress_api.h"

namespace headroom::proxy {

/// compress_body() for CountTokens of Bedrock, whose body holds another request: {"input": {"converse": {...}}}, or
/// {"input": {"invokeModel": {"body": "..."}}} with that of a model's own format in Base64. What is counted is what
/// would be sent. A body that holds neither stays as it is, with the reason.
Compression compress_counted(const context::Pipeline& pipeline, std::string_view body, const base::Clock& clock,
                             const context::RequestOptions& options);

}  // namespace headroom::proxy
