#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "cli/console.h"
#include "store/ledger.h"

namespace headroom::cli {

/// The summary of the requests since `hours` ago (0: of all) for people.
std::string perf_text(const store::LedgerSummary& summary, std::int64_t hours, const Console& console);
std::string perf_json(const store::LedgerSummary& summary, std::int64_t hours);
/// One line for each group: group, key, requests, tokens_before, tokens_after, tokens_saved.
std::string perf_csv(const store::LedgerSummary& summary);

/// Single requests, newest first.
std::string rows_text(std::span<const store::LedgerRow> rows, const Console& console);
std::string rows_json(std::span<const store::LedgerRow> rows);
std::string rows_csv(std::span<const store::LedgerRow> rows);

}  // namespace headroom::cli
