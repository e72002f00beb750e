#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "store/ledger.h"
#include "store/ledger_summary.h"

namespace headroom::store {
namespace {

constexpr std::size_t kMaxRows = 100'000;

class MemoryLedger final : public Ledger {
 public:
  void append(LedgerRow row) override {
    const std::lock_guard lock(mutex_);
    if (rows_.size() >= kMaxRows) {
      rows_.pop_front();
      ++dropped_;
    }
    rows_.push_back(std::move(row));
  }

  void flush() override {}

  base::Result<LedgerSummary> summary(std::int64_t since_ms, Scope scope) override {
    const std::lock_guard lock(mutex_);
    LedgerSummaryBuilder builder(since_ms);
    for (const LedgerRow& row : rows_) {
      if ((since_ms != 0 && row.time_ms < since_ms) || (scope && row.project != *scope)) continue;
      builder.add({row.source, row.model, row.transforms, row.status, row.estimate, row.tokens_before, row.tokens_after,
                   row.billed_input, row.billed_cached, row.billed_output, row.compress_us, row.ttfb_us, row.drifts,
                   row.drifts_accepted, row.rewritten, row.revised, row.project});
    }
    LedgerSummary summary = builder.summary();
    summary.dropped = dropped_;
    return summary;
  }

  base::Result<std::vector<LedgerRow>> recent(std::size_t limit, Scope scope) override {
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<std::int64_t, std::size_t>> order;  // time, order of appending
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!scope || rows_[i].project == *scope) order.emplace_back(rows_[i].time_ms, i);
    }
    std::ranges::sort(order, std::ranges::greater{});
    std::vector<LedgerRow> newest;
    for (std::size_t i = 0; i < std::min(limit, order.size()); ++i) newest.push_back(rows_[order[i].second]);
    return newest;
  }

 private:
  std::mutex mutex_;
  std::deque<LedgerRow> rows_;  // guarded by mutex_
  std::int64_t dropped_ = 0;    // guarded by mutex_
};

}  // namespace

std::unique_ptr<Ledger> make_memory_ledger() {
  return std::make_unique<MemoryLedger>();
}

}  // namespace headroom::store
