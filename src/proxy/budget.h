#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/options.h"
#include "proxy/over_limit.h"
#include "store/ledger.h"

namespace headroom::proxy {

/// What a request has cost, in USD: what the provider says that it billed, else (no usage in the answer, an answer that
/// failed on the way) its input at the full price. An answer with an error costs nothing. Models without a known price
/// count at an assumed one.
double cost_of(const store::LedgerRow& row);

/// What may be spent in an hour, a day or a month (UTC, by the calendar). Requests under way when it is spent still
/// finish, so it can be passed by what they cost. Thread-safe.
class Budget {
 public:
  /// Of Options::budget and Options::budget_period; nothing of a budget: no limit.
  static base::Result<std::optional<double>> limit_of(const config::Options& options);

  Budget(std::optional<double> limit, std::string_view period) : limit_(limit), period_(period) {}

  bool limited() const { return limit_.has_value(); }
  /// What was spent before the start.
  void load(std::span<const store::LedgerRow> rows, std::int64_t now_ms);
  void add(const store::LedgerRow& row);
  std::optional<OverLimit> check(std::int64_t now_ms);

 private:
  // With mutex_ held: begins anew when `now_ms` is in another period.
  void turn_to(std::int64_t now_ms);

  const std::optional<double> limit_;
  const std::string period_;
  std::mutex mutex_;
  std::int64_t begin_ms_ = 0;  // guarded by mutex_
  std::int64_t end_ms_ = 0;    // guarded by mutex_
  double spent_ = 0;           // guarded by mutex_
};

}  // namespace headroom::proxy
