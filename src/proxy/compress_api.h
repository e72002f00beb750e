#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"
#include "context/pipeline.h"
#include "proxy/reply.h"
#include "store/ledger.h"

namespace headroom::proxy {

/// Runs `body` through the pipeline on the calling thread and gives what the ledger should know of it: all but status
/// and the times of the whole request.
struct Compression {
  context::Outcome outcome;
  store::LedgerRow row;
};
Compression compress_body(const context::Pipeline& pipeline, wire::Api api, std::string_view body,
                          const base::Clock& clock, const context::RequestOptions& options = {});

/// "a,b,c", as in x-headroom-transforms.
std::string join_transforms(const context::Outcome& outcome);

/// POST /v1/compress: {model, messages | input, config{mode, profile, token_budget}} in, the messages compressed out,
/// without a network. The messages of the answer are the bytes of the request with the edits spliced in. `lossless`
/// serves config.mode "lossless"; `arrived_ns` as in context::RequestOptions. The row is set when the pipeline ran.
struct CompressApiResult {
  Reply reply;
  std::optional<store::LedgerRow> row;
};
CompressApiResult compress_api(const context::Pipeline& pipeline, const context::Pipeline& lossless, bool bypass,
                               std::string_view body, std::string_view project, const base::Clock& clock,
                               std::int64_t arrived_ns = 0);

}  // namespace headroom::proxy
