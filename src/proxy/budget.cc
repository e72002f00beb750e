#include "proxy/budget.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "money/prices.h"

namespace headroom::proxy {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::milliseconds;
using Time = std::chrono::sys_time<milliseconds>;

struct Window {
  std::int64_t begin_ms, end_ms;
};

Window window_at(std::string_view period, std::int64_t now_ms) {
  const Time now{milliseconds(now_ms)};
  const auto span = [](Time begin, Time end) {
    return Window{begin.time_since_epoch().count(), end.time_since_epoch().count()};
  };
  if (period == "hourly") return span(floor<hours>(now), floor<hours>(now) + hours(1));
  const auto day = floor<days>(now);
  if (period == "daily") return span(day, day + days(1));
  const std::chrono::year_month_day date(day);
  const std::chrono::year_month month(date.year(), date.month());
  return span(std::chrono::sys_days(month / 1), std::chrono::sys_days((month + std::chrono::months(1)) / 1));
}

std::string_view name_of(std::string_view period) {
  if (period == "hourly") return "hour";
  return period == "daily" ? "day" : "month";
}

std::string in_words(std::int64_t seconds) {
  if (seconds >= 2 * 24 * 3600) return fmt::format("{} days", seconds / (24 * 3600));
  if (seconds >= 3600) return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
  return fmt::format("{} min", std::max<std::int64_t>(seconds / 60, 1));
}

}  // namespace

double cost_of(const store::LedgerRow& row) {
  if (row.status >= 400 && row.billed_input < 0) return 0;
  const auto count = [](std::int64_t tokens) { return static_cast<std::uint64_t>(std::max<std::int64_t>(tokens, 0)); };
  money::Usage usage;
  usage.cached = count(row.billed_cached);
  usage.uncached = row.billed_input >= 0 ? count(row.billed_input - row.billed_cached * (row.billed_cached > 0 ? 1 : 0))
                                         : count(row.tokens_after);
  usage.output = count(row.billed_output);
  return money::cost(money::prices_for(row.model), usage);
}

base::Result<std::optional<double>> Budget::limit_of(const config::Options& options) {
  if (options.budget.empty()) return std::optional<double>();
  std::string_view text = options.budget;
  if (text.starts_with('$')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(value) && value >= 0) {
    return std::optional<double>(value);
  }
  return base::fail(base::ErrorCode::kInvalidArgument,
                    fmt::format("budget: '{}' is no amount of US dollars, such as 5 or 2.50", options.budget));
}

void Budget::turn_to(std::int64_t now_ms) {
  if (now_ms >= begin_ms_ && now_ms < end_ms_) return;
  const Window window = window_at(period_, now_ms);
  begin_ms_ = window.begin_ms;
  end_ms_ = window.end_ms;
  spent_ = 0;
}

void Budget::load(std::span<const store::LedgerRow> rows, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  turn_to(now_ms);
  for (const store::LedgerRow& row : rows) {
    if (row.source == "proxy" && row.time_ms >= begin_ms_ && row.time_ms < end_ms_) spent_ += cost_of(row);
  }
}

void Budget::add(const store::LedgerRow& row) {
  if (!limited()) return;
  const std::lock_guard lock(mutex_);
  // A request that began in the period before counts there, where nobody asks any more.
  if (row.time_ms >= begin_ms_) turn_to(row.time_ms);
  if (row.time_ms >= begin_ms_) spent_ += cost_of(row);
}

std::optional<OverLimit> Budget::check(std::int64_t now_ms) {
  if (!limited()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  turn_to(now_ms);
  if (spent_ < *limit_) return std::nullopt;
  const std::int64_t left_s = std::max<std::int64_t>((end_ms_ - now_ms + 999) / 1000, 1);
  return OverLimit{
      fmt::format("the budget of ${:.2f} for this {} is spent (${:.2f}); it begins anew in {}. --budget raises "
                  "it",
                  *limit_, name_of(period_), spent_, in_words(left_s)),
      left_s, false};
}

}  // namespace headroom::proxy
