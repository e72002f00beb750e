#include "detect/gutter.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::detect {
namespace {

TEST(Gutter, NumbersThatRiseByOneAreAGutter) {
  const auto read = read_numbered("     7\talpha\n     8\t\n     9\tbeta\n");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->text, "alpha\n\nbeta\n");
  EXPECT_EQ(read->first_number, 7U);
  EXPECT_FALSE(read_numbered("7\ta\n9\tb\n10\tc\n").has_value());
  EXPECT_FALSE(read_numbered("1\ta\n2\tb\n").has_value()) << "too few to tell";
}

TEST(Gutter, AMinifiedFileHasOneLine) {
  const std::string json = R"({"results": [)" + std::string(400, ' ') + "]}";
  const auto read = read_numbered("     1\t" + json);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->text, json);
  EXPECT_FALSE(read_numbered("     2\t" + json).has_value());
  EXPECT_FALSE(read_numbered("     1\t" + std::string(400, 'x')).has_value());
}

}  // namespace
}  // namespace headroom::detect
