#include "proxy/rate_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

TEST(RateLimit, RequestsOfEachOwnerFillUpEvenly) {
  RateLimit limit;
  const RateLimit::Rates rates{.requests = 6};
  for (int i = 0; i < 6; ++i) EXPECT_FALSE(limit.check("a", rates, 1000)) << i;
  const auto over = limit.check("a", rates, 1000);
  ASSERT_TRUE(over);
  EXPECT_EQ(over->retry_after_s, 10);
  EXPECT_THAT(over->why, testing::HasSubstr("6 requests a minute"));
  EXPECT_FALSE(limit.check("b", rates, 1000)) << "somebody else";
  EXPECT_TRUE(limit.check("a", rates, 10'900));
  EXPECT_FALSE(limit.check("a", rates, 11'000));
  EXPECT_TRUE(limit.check("a", rates, 11'000));
  EXPECT_TRUE(limit.check("a", rates, 500)) << "a clock that goes back gives nothing";
}

TEST(RateLimit, TokensCountAfterwards) {
  RateLimit limit;
  const RateLimit::Rates rates{.tokens = 6000};
  EXPECT_FALSE(limit.check("a", rates, 1000));
  limit.add("a", rates, 9000, 1000);
  const auto over = limit.check("a", rates, 1000);
  ASSERT_TRUE(over);
  EXPECT_EQ(over->retry_after_s, 31);
  EXPECT_FALSE(limit.check("a", rates, 32'000));
}

TEST(RateLimit, NoneIsNoLimit) {
  RateLimit limit;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limit.check("a", {}, 1000));
}

}  // namespace
}  // namespace headroom::proxy
