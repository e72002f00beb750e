#include "replay/unrecorded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::replay {
namespace {

using money::Mark;
using money::Unit;
using money::Usage;
using ::testing::ElementsAre;

std::vector<std::uint64_t> tokens_of(const std::vector<Unit>& units) {
  std::vector<std::uint64_t> tokens;
  for (const Unit& unit : units) tokens.push_back(unit.tokens);
  return tokens;
}

TEST(Unrecorded, IsInFrontAndWhereItCameUp) {
  Unrecorded unrecorded;
  std::vector<Unit> units = {{1, 100}};
  const Usage first{.uncached = 100, .written = 2000, .cached = 5000};
  unrecorded.take(units, &first);
  EXPECT_EQ(unrecorded.found_units(), 1U);
  EXPECT_EQ(unrecorded.tokens_in_front(), 7000U);
  EXPECT_THAT(tokens_of(unrecorded.with(units, "m", Mark::kShort)), ElementsAre(5000, 2000, 100));

  units.push_back({2, 50, Mark::kShort});
  const Usage second{.uncached = 3, .cached = 8147};  // 1000 more than is known
  unrecorded.take(units, &second);
  const std::vector<Unit> all = unrecorded.with(units, "m", Mark::kShort);
  EXPECT_THAT(tokens_of(all), ElementsAre(5000, 2000, 100, 50, 1000));
  EXPECT_EQ(all.back().mark, Mark::kShort);

  units.push_back({3, 10});
  unrecorded.take(units, nullptr);
  EXPECT_THAT(tokens_of(unrecorded.with(units, "m", Mark::kShort)), ElementsAre(5000, 2000, 100, 50, 1000, 10));
  // Headroom may have taken units out.
  EXPECT_THAT(tokens_of(unrecorded.with({{1, 40}}, "m", Mark::kShort)), ElementsAre(5000, 2000, 40, 1000));

  // Compacted: what came up later is gone, too.
  unrecorded.take({{1, 100}, {9, 30}}, nullptr);
  EXPECT_THAT(tokens_of(unrecorded.with({{1, 100}, {9, 30}}, "m", Mark::kNone)), ElementsAre(5000, 2000, 100, 30));
}

TEST(Unrecorded, WithoutABillThereIsNothing) {
  Unrecorded unrecorded;
  unrecorded.take({{1, 100}}, nullptr);
  EXPECT_EQ(unrecorded.found_units(), 0U);
  EXPECT_EQ(unrecorded.tokens_in_front(), 0U);
  const std::vector<Unit> one = unrecorded.with({{1, 100}}, "one", Mark::kNone);
  EXPECT_THAT(tokens_of(one), ElementsAre(0, 0, 100));
  EXPECT_NE(one[0].hash, unrecorded.with({{1, 100}}, "other", Mark::kNone)[0].hash);  // each model has its cache
}

TEST(Unrecorded, LittleMoreMayBeAnError) {
  Unrecorded unrecorded;
  const Usage usage{.uncached = 1100};
  unrecorded.take({{1, 1100}}, &usage);
  const Usage more{.uncached = 2400};
  unrecorded.take({{1, 1100}, {2, 1000}}, &more);
  EXPECT_THAT(tokens_of(unrecorded.with({{1, 1100}, {2, 1000}}, "m", Mark::kNone)), ElementsAre(0, 0, 1100, 1000));
}

}  // namespace
}  // namespace headroom::replay
