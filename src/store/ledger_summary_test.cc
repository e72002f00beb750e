#include "store/ledger_summary.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace headroom::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> shown(const std::vector<LedgerGroup>& groups) {
  std::vector<std::string> lines;
  for (const LedgerGroup& group : groups) {
    lines.push_back(fmt::format("{} {} {}->{}", group.key, group.requests, group.tokens_before, group.tokens_after));
  }
  return lines;
}

TEST(LedgerSummaryTest, PercentilesAreNearestRank) {
  LedgerSummaryBuilder builder(0);
  for (int i = 200; i >= 1; --i) builder.add({.compress_us = i * 1000, .ttfb_us = i <= 3 ? i * 10'000 : -1});
  const LedgerSummary summary = builder.summary();
  EXPECT_NEAR(summary.compress_ms_p50, 100, 0.1);
  EXPECT_NEAR(summary.compress_ms_p95, 190, 0.19);
  EXPECT_NEAR(summary.compress_ms_p99, 198, 0.198);
  EXPECT_DOUBLE_EQ(summary.compress_ms_mean, 100.5);
  EXPECT_NEAR(summary.ttfb_ms_p50, 20, 0.02) << "only rows that have one";
}

TEST(LedgerSummaryTest, OneRowIsEveryPercentile) {
  LedgerSummaryBuilder builder(0);
  builder.add({.compress_us = 1234});
  const LedgerSummary summary = builder.summary();
  EXPECT_DOUBLE_EQ(summary.compress_ms_p50, 1.234);
  EXPECT_DOUBLE_EQ(summary.compress_ms_p99, 1.234);
  EXPECT_DOUBLE_EQ(summary.ttfb_ms_p50, 0);
}

TEST(LedgerSummaryTest, ARowCountsOnceUnderEachOfItsTransforms) {
  LedgerSummaryBuilder builder(0);
  builder.add({.transforms = "json, log,json", .tokens_before = 100, .tokens_after = 40});
  builder.add({.transforms = "log", .tokens_before = 50, .tokens_after = 20});
  builder.add({.transforms = "", .tokens_before = 7, .tokens_after = 7});
  builder.add({.transforms = ",,", .tokens_before = 7, .tokens_after = 7});
  EXPECT_THAT(shown(builder.summary().by_transform), ElementsAre("log 2 150->60", "json 1 100->40"));
}

TEST(LedgerSummaryTest, GroupsAreSortedBySavingThenKey) {
  LedgerSummaryBuilder builder(0);
  builder.add({.source = "proxy", .model = "b", .tokens_before = 10, .tokens_after = 5});
  builder.add({.source = "cli", .model = "a", .tokens_before = 10, .tokens_after = 5});
  builder.add({.source = "proxy", .model = "c", .tokens_before = 10, .tokens_after = 1});
  const LedgerSummary summary = builder.summary();
  EXPECT_THAT(shown(summary.by_model), ElementsAre("c 1 10->1", "a 1 10->5", "b 1 10->5"));
  EXPECT_THAT(shown(summary.by_source), ElementsAre("proxy 2 20->6", "cli 1 10->5"));
  EXPECT_THAT(summary.by_transform, IsEmpty());
}

TEST(FrequenciesTest, PercentilesAreOfTheNearestRankAndToWithinATenthOfAPercent) {
  Frequencies some;
  EXPECT_EQ(some.percentile(0.5), 0);
  for (const std::int64_t value : {7, 0, 3, 2047}) some.add(value);
  EXPECT_EQ(some.percentile(0.0), 0);
  EXPECT_EQ(some.percentile(0.5), 3);
  EXPECT_EQ(some.percentile(0.51), 7);
  EXPECT_EQ(some.percentile(1.0), 2047) << "small ones are exact";
  for (std::int64_t value = 1000; value < 1'000'000'000'000; value = value * 3 + 1) {
    Frequencies one;
    one.add(value);
    EXPECT_LE(one.percentile(0.5), value);
    EXPECT_GE(one.percentile(0.5), value - value / 1000);
  }
}

TEST(LedgerSummaryTest, MoreRowsMayComeAfterASummary) {
  LedgerSummaryBuilder builder(5);
  builder.add({.source = "proxy", .model = "m", .tokens_before = 10, .tokens_after = 4, .compress_us = 1000});
  EXPECT_EQ(builder.summary().requests, 1);
  builder.add({.source = "proxy", .model = "m", .tokens_before = 10, .tokens_after = 4, .compress_us = 2000});
  const LedgerSummary both = builder.summary();
  EXPECT_EQ(both.since_ms, 5);
  EXPECT_EQ(both.requests, 2);
  EXPECT_EQ(both.by_model.at(0).requests, 2);
  EXPECT_EQ(both.compress_ms_mean, 1.5);
  EXPECT_EQ(both.compress_ms_p50, 1.0);
}

}  // namespace
}  // namespace headroom::store
