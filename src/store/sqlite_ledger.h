#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "store/ledger.h"

namespace headroom::store {

/// What tests and benchmarks set differently.
struct LedgerSettings {
  std::size_t queue_rows = 16'384;
  std::chrono::milliseconds interval{200};                    ///< between batches
  std::int64_t keep_ms = 400LL * 24 * 3600 * 1000;            ///< older rows are deleted
  std::chrono::milliseconds prune_every{24LL * 3600 * 1000};  ///< besides when it is opened
};

/// `clock` must outlive the ledger and is read by its thread.
base::Result<std::unique_ptr<Ledger>> open_sqlite_ledger(const std::string& path, const LedgerSettings& settings,
                                                         const base::Clock& clock);

}  // namespace headroom::store
