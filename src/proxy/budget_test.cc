#include "proxy/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "money/prices.h"

namespace headroom::proxy {
namespace {

constexpr std::int64_t kHour = 3'600'000;
// 2026-11-25 16:40:00 UTC
constexpr std::int64_t kNow = 1'795'624'800'000;

store::LedgerRow row(std::int64_t time_ms, std::int64_t output) {
  store::LedgerRow made;
  made.time_ms = time_ms;
  made.source = "proxy";
  made.model = "claude-sonnet-4-5";
  made.status = 200;
  made.billed_input = made.billed_cached = 0;
  made.billed_output = output;
  return made;
}

// What a million tokens of output cost.
double million() {
  return money::prices_for("claude-sonnet-4-5").output;
}

TEST(Budget, CountsWhatWasBilled) {
  store::LedgerRow some = row(kNow, 1000);
  some.billed_input = 10'000;
  some.billed_cached = 9'000;
  const money::Prices prices = money::prices_for(some.model);
  EXPECT_NEAR(cost_of(some), (1000 * prices.input + 9000 * prices.cache_read + 1000 * prices.output) / 1e6, 1e-9);
  some.billed_input = some.billed_cached = some.billed_output = -1;
  some.tokens_after = 2000;
  EXPECT_NEAR(cost_of(some), 2000 * prices.input / 1e6, 1e-9) << "no usage: its input at the full price";
  some.status = 529;
  EXPECT_EQ(cost_of(some), 0);
}

TEST(Budget, IsSpentUntilThePeriodEnds) {
  Budget budget(1.0, "daily");
  EXPECT_FALSE(budget.check(kNow));
  budget.add(row(kNow, static_cast<std::int64_t>(1e6 / million()) - 10));
  EXPECT_FALSE(budget.check(kNow));
  budget.add(row(kNow, 100));
  const auto over = budget.check(kNow);
  ASSERT_TRUE(over);
  EXPECT_THAT(over->why, testing::HasSubstr("$1.00 for this day"));
  EXPECT_GT(over->retry_after_s, 0);
  EXPECT_LE(over->retry_after_s, 24 * 3600);
  EXPECT_FALSE(over->worth_trying);
  EXPECT_FALSE(budget.check(kNow + over->retry_after_s * 1000));
}

TEST(Budget, KnowsWhatWasSpentBeforeTheStart) {
  const std::vector<store::LedgerRow> rows = {row(kNow - 1000, 10'000'000), row(kNow - 40 * 24 * kHour, 1)};
  for (const char* period : {"hourly", "daily", "monthly"}) {
    Budget budget(5.0, period);
    budget.load(rows, kNow);
    EXPECT_TRUE(budget.check(kNow)) << period;
    Budget later(5.0, period);
    later.load(rows, kNow + 32 * 24 * kHour);
    EXPECT_FALSE(later.check(kNow + 32 * 24 * kHour)) << period;
  }
  Budget hour(5.0, "hourly");
  hour.load(rows, kNow + kHour);
  EXPECT_FALSE(hour.check(kNow + kHour));
}

TEST(Budget, ZeroAllowsNothingAndNoneEverything) {
  EXPECT_TRUE(Budget(0.0, "monthly").check(kNow));
  Budget none(std::nullopt, "daily");
  none.add(row(kNow, 1'000'000'000));
  EXPECT_FALSE(none.check(kNow));
}

TEST(Budget, AmountsAreChecked) {
  config::Options options;
  EXPECT_EQ(*Budget::limit_of(options), std::nullopt);
  options.budget = "$2.50";
  EXPECT_EQ(*Budget::limit_of(options), 2.5);
  for (const char* bad : {"x", "-1", "1e9x", "inf", "nan", "5 USD", "$"}) {
    options.budget = bad;
    EXPECT_FALSE(Budget::limit_of(options)) << bad;
  }
}

}  // namespace
}  // namespace headroom::proxy
