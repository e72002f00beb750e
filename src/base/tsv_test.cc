#include "base/tsv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::base {
namespace {

using ::testing::ElementsAre;

TEST(Tsv, RowsWithoutCommentsAndEmptyLines) {
  EXPECT_THAT(tsv_rows("# a\tb\n1\tx\n\n2\n3\ty\tz", 2),
              ElementsAre(ElementsAre("1", "x"), ElementsAre("2", ""), ElementsAre("3", "y")));
  EXPECT_THAT(tsv_rows("", 2), ElementsAre());
}

TEST(Tsv, Numbers) {
  EXPECT_EQ(number_in<int>("12"), 12);
  EXPECT_EQ(number_in<double>("0.25 "), 0.25);
  EXPECT_EQ(number_in<int>(""), 0);
  EXPECT_EQ(number_in<int>("x"), 0);
}

}  // namespace
}  // namespace headroom::base
