#include "mcp/workbench.h"

#include "context/sums.h"
#include "tokens/tokenizer.h"

namespace headroom::mcp {

context::Outcome compress_text(const Workbench& bench, std::string_view text, const compress::Query& query,
                               std::string_view model, detect::ContentType type,
                               const context::RequestOptions& options) {
  const std::int64_t start_ns = bench.clock.monotonic_ns();
  context::Outcome outcome = bench.pipeline.compress_text(text, query, model, type, options);
  store::LedgerRow row;
  row.time_ms = bench.clock.now_ms();
  row.source = "mcp";
  row.api = "text";
  row.compress_us = (bench.clock.monotonic_ns() - start_ns) / 1000;
  row.total_us = row.compress_us;
  context::count_outcome(outcome, row);
  bench.ledger.append(std::move(row));
  return outcome;
}

void note(const Workbench& bench, std::string_view model, std::size_t before, std::size_t after,
          std::string_view transform, std::int64_t elapsed_us) {
  store::LedgerRow row;
  row.time_ms = bench.clock.now_ms();
  row.source = "mcp";
  row.api = "text";
  row.model = model;
  row.estimate = tokens::tokenizer_for_model(model).is_estimate();
  row.tokens_before = static_cast<std::int64_t>(before);
  row.tokens_after = static_cast<std::int64_t>(after);
  row.compress_us = elapsed_us;
  row.total_us = elapsed_us;
  if (after < before) row.transforms = transform;
  bench.ledger.append(std::move(row));
}

}  // namespace headroom::mcp
