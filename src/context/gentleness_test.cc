#include "context/gentleness.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::context {
namespace {

Gentleness step_of(std::vector<store::OfferCount> counts) {
  for (store::OfferCount& count : counts) {
    count.tool = "Bash";
    count.compressor = "log";
  }
  const auto learned = learn(counts);
  EXPECT_EQ(learned.size(), 1U);
  EXPECT_EQ(learned.front().why.empty(), learned.front().step == Gentleness::kUsual);
  return learned.front().step;
}

store::OfferCount count_of(int step, std::int64_t offered, std::int64_t retrieved) {
  return {.project = {}, .tool = {}, .compressor = {}, .step = step, .offered = offered, .retrieved = retrieved};
}

TEST(Gentleness, LeastShareIsBelowTheShareAndNearsIt) {
  EXPECT_EQ(least_share(0, 0, 1.645), 0);
  EXPECT_NEAR(least_share(0, 50, 1.645), 0, 1e-9);
  EXPECT_NEAR(least_share(5, 10, 1.645), 0.269, 0.002);
  EXPECT_NEAR(least_share(50, 100, 1.645), 0.419, 0.002);
  EXPECT_LT(least_share(10, 10, 1.645), 1);
  EXPECT_GT(least_share(1000, 1000, 1.645), 0.99);
}

TEST(Gentleness, NeedsEnoughOffersAndEnoughRetrievals) {
  EXPECT_EQ(step_of({count_of(0, 9, 9)}), Gentleness::kUsual);
  EXPECT_EQ(step_of({count_of(0, 10, 4)}), Gentleness::kUsual) << "may be chance";
  EXPECT_EQ(step_of({count_of(0, 10, 5)}), Gentleness::kGentler);
  EXPECT_EQ(step_of({count_of(0, 100, 20)}), Gentleness::kUsual);
  EXPECT_EQ(step_of({count_of(0, 100, 28)}), Gentleness::kGentler);
  EXPECT_EQ(step_of({count_of(0, 200, 200)}), Gentleness::kGentler) << "one step after the other";
}

TEST(Gentleness, TheLastStepNeedsThatTheFirstDidNotHelp) {
  EXPECT_EQ(step_of({count_of(0, 10, 8), count_of(1, 9, 9)}), Gentleness::kGentler);
  EXPECT_EQ(step_of({count_of(0, 10, 8), count_of(1, 20, 5)}), Gentleness::kGentler);
  EXPECT_EQ(step_of({count_of(0, 10, 8), count_of(1, 10, 7)}), Gentleness::kLossless);
  EXPECT_EQ(step_of({count_of(1, 10, 10)}), Gentleness::kUsual) << "why it was gentler is forgotten";
}

TEST(Gentleness, IsWrittenAndRead) {
  const std::array counts{
      store::OfferCount{.project = {}, .tool = "Bash", .compressor = "log", .step = 0, .offered = 20, .retrieved = 15},
      store::OfferCount{.project = {}, .tool = "Bash", .compressor = "json", .step = 0, .offered = 20, .retrieved = 1},
      store::OfferCount{.project = {}, .tool = "Read", .compressor = "code", .step = 0, .offered = 20, .retrieved = 15},
      store::OfferCount{.project = {}, .tool = "Read", .compressor = "code", .step = 1, .offered = 20, .retrieved = 15},
  };
  const auto learned = learn(counts);
  ASSERT_EQ(learned.size(), 3U);
  EXPECT_NE(learned[0].id(), learned[1].id());
  const GentleTools tools = GentleTools::from(learned);
  const auto again = GentleTools::from_text(tools.text());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->text(), tools.text());
  ASSERT_NE(again->find("Bash"), nullptr);
  EXPECT_EQ(again->find("Bash")->find("json"), nullptr);
  EXPECT_EQ(again->find("Bash")->find("log")->step, Gentleness::kGentler);
  EXPECT_EQ(again->find("Bash")->find("log")->why, "15 of 20 originals were asked for (56 % or more)");
  EXPECT_EQ(again->find("Read")->find("code")->step, Gentleness::kLossless);
  EXPECT_EQ(again->find("Glob"), nullptr);
  EXPECT_TRUE(GentleTools::from({}).empty());
  EXPECT_FALSE(GentleTools::from_text("{}"));
  EXPECT_FALSE(GentleTools::from_text("[1]"));
}

}  // namespace
}  // namespace headroom::context
