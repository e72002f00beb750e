#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/scope.h"

namespace headroom::store {

/// One request that went through. Every figure that anything shows is a query over these rows.
struct LedgerRow {
  std::int64_t time_ms = 0;
  std::string source;  ///< "proxy", "cli", "api"
  std::string api;     ///< "anthropic_messages", "openai_chat", ...
  std::string model;
  int status = 0;  ///< HTTP status given to the client; 0 without HTTP
  bool stream = false;
  bool estimate = false;  ///< token counts are estimates
  std::int64_t tokens_before = 0;
  std::int64_t tokens_after = 0;
  std::int64_t billed_input = -1;  ///< from the answer's usage; -1: the provider did not say
  std::int64_t billed_cached = -1;
  std::int64_t billed_output = -1;
  std::int64_t compress_us = 0;  ///< our own time on the request path
  std::int64_t total_us = 0;
  std::int64_t ttfb_us = -1;         ///< to the first byte of the upstream's answer
  std::string transforms;            ///< comma list, as in x-headroom-transforms
  std::string skip_reason;           ///< why nothing was saved, when nothing was
  std::int64_t drifts = 0;           ///< of system prompt and tools against the conversation's earlier requests
  std::int64_t drifts_accepted = 0;  ///< of these, those that were sent as they came: the cached prefix ends there
  bool revised = false;              ///< what earlier requests had sent was changed
  std::int64_t rewritten = 0;        ///< old results that became markers, as that pays
  std::string project = {};          ///< that the request names; empty: none
};

struct LedgerGroup {
  std::string key;
  std::int64_t requests = 0, tokens_before = 0, tokens_after = 0;
};

struct LedgerSummary {
  std::int64_t since_ms = 0;
  std::int64_t requests = 0;
  std::int64_t compressed = 0;  ///< tokens_after < tokens_before
  std::int64_t failed = 0;      ///< status 400 and above
  std::int64_t dropped = 0;     ///< rows that this process could not keep since it started; in no other figure
  std::int64_t tokens_before = 0, tokens_after = 0, estimated_requests = 0;
  std::int64_t billed_input = 0, billed_cached = 0, billed_output = 0;       ///< sums over rows where known
  std::int64_t drifts = 0, drifts_accepted = 0, revised = 0, rewritten = 0;  ///< `revised`: requests
  /// Nearest rank over all rows, to within 0.1 %; ttfb over the rows that have one.
  double compress_ms_p50 = 0, compress_ms_p95 = 0, compress_ms_p99 = 0, compress_ms_mean = 0;
  double ttfb_ms_p50 = 0;
  /// Most tokens saved first, then by key. A row with several transforms counts in full under each of them, once.
  std::vector<LedgerGroup> by_model, by_transform, by_source;
  std::vector<LedgerGroup> by_project;  ///< without the requests that name none
};

/// Append-only. Thread-safe. append() queues and returns at once; a background thread writes in batches a few times a
/// second; rows queued when the process is killed are lost (figures, not originals), and so are rows that do not fit
/// the queue while the disk does not take them (`dropped`). The destructor writes what is queued.
class Ledger {
 public:
  virtual ~Ledger() = default;
  virtual void append(LedgerRow row) = 0;
  /// Waits until what was appended before is readable, or writing it was tried and failed.
  virtual void flush() = 0;
  /// Rows of the scope with time_ms >= since_ms (0: all). Asked for the same again, it reads only what is new.
  virtual base::Result<LedgerSummary> summary(std::int64_t since_ms, Scope scope) = 0;
  base::Result<LedgerSummary> summary(std::int64_t since_ms) { return summary(since_ms, kEveryProject); }
  /// Newest first.
  virtual base::Result<std::vector<LedgerRow>> recent(std::size_t limit, Scope scope) = 0;
  base::Result<std::vector<LedgerRow>> recent(std::size_t limit) { return recent(limit, kEveryProject); }
};

/// Keeps the newest 100,000 rows.
std::unique_ptr<Ledger> make_memory_ledger();
/// SQLite in WAL mode at `path`, with the same file rights as the originals; may be the file of the originals. Rows
/// older than 400 days are deleted when it is opened and once a day.
base::Result<std::unique_ptr<Ledger>> open_sqlite_ledger(const std::string& path);

}  // namespace headroom::store
