#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "compress/compressor.h"
#include "context/pipeline.h"
#include "store/ledger.h"
#include "store/offer_record.h"
#include "store/original_store.h"

namespace headroom::mcp {

/// What the tools work with. Borrowed: everything outlives the server and is thread-safe.
struct Workbench {
  const context::Pipeline& pipeline;
  store::OriginalStore* store;  ///< nullptr: nothing is stored, so nothing is dropped
  store::Ledger& ledger;
  const base::Clock& clock;
  std::int64_t started_ms;               ///< since when stats count as this server's
  std::string model;                     ///< whose tokens are counted where a call names none
  store::OfferRecord* offers = nullptr;  ///< is told which originals were asked for; nullptr: nothing is learned
};

/// One text, the same way as `headroom compress` does it, with a row in the ledger.
context::Outcome compress_text(const Workbench& bench, std::string_view text, const compress::Query& query,
                               std::string_view model, detect::ContentType type,
                               const context::RequestOptions& options);

/// A row for work of which `before` tokens came in and `after` came out.
void note(const Workbench& bench, std::string_view model, std::size_t before, std::size_t after,
          std::string_view transform, std::int64_t elapsed_us);

}  // namespace headroom::mcp
