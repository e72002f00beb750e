#include "compress/log/quantity.h"

#include <gtest/gtest.h>

namespace headroom::compress::log {
namespace {

double value_of(std::string_view word) {
  const auto q = parse_quantity(word);
  return q ? q->value : -1e99;
}

TEST(Quantity, KnowsUnits) {
  EXPECT_DOUBLE_EQ(value_of("35ms"), 0.035);
  EXPECT_DOUBLE_EQ(value_of("1.5s"), 1.5);
  EXPECT_DOUBLE_EQ(value_of("1m3s"), 63);
  EXPECT_DOUBLE_EQ(value_of("4KiB"), 4096);
  EXPECT_DOUBLE_EQ(value_of("45%"), 45);
  EXPECT_EQ(parse_quantity("45%")->dimension, Dimension::kPercent);
  EXPECT_GT(value_of("1.2s"), value_of("900ms"));
}

TEST(Quantity, IsOneNumberOnly) {
  EXPECT_DOUBLE_EQ(value_of("200"), 200);
  EXPECT_FALSE(parse_quantity("10.0.3.7"));
  EXPECT_FALSE(parse_quantity("web-12:80"));
  EXPECT_FALSE(parse_quantity("v2"));
  EXPECT_FALSE(parse_quantity("abc"));
  EXPECT_FALSE(parse_quantity("99999999999999999999"));
}

}  // namespace
}  // namespace headroom::compress::log
