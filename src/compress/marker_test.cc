#include "compress/marker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::compress {
namespace {

TEST(Marker, Forms) {
  EXPECT_EQ(handle_marker("0123456789abcdef01234567", "a\nb >> c"), "<<ccr:0123456789abcdef01234567 a b > > c>>");
  EXPECT_EQ(gap_marker(4, 9), "<<4-9>>");
  EXPECT_EQ(gap_marker(4, 4, "ends with >"), "<<4: ends with > >>");
}

TEST(Marker, IdsAreFound) {
  const std::string text =
      "x <<ccr:0123456789abcdef01234567 a>> <<ccr:0123456789ab b>> <<ccr:0123456789ab>> <<ccr:short>>";
  EXPECT_THAT(marker_ids(text), ::testing::ElementsAre("0123456789abcdef01234567", "0123456789ab"));
  EXPECT_TRUE(has_marker(text));
  EXPECT_FALSE(has_marker("<<ccr:xyz>> <<4-9>>"));
}

TEST(Marker, LinesThatLookLikeGaps) {
  for (std::string_view text : {"<<4-9>>", "a\n<<17: INFO>>\nb", "a\n  <<0-9: 9 INFO>> tail"})
    EXPECT_TRUE(has_gap_line(text)) << text;
  for (std::string_view text :
       {"", "<<", "1 << 4", "x = 1 <<4>> 2", "<<4 apples>>", "a\n<<EOF\n", "<<4-9\n>>", "<<name: x>>"}) {
    EXPECT_FALSE(has_gap_line(text)) << text;
  }
}

TEST(Marker, NoMarkerStandsInAnother) {
  EXPECT_EQ(handle_marker("0123456789abcdef01234567", "status a<<ccr:0123456789abcdef01234567 x, b<<12-40, c << 2"),
            "<<ccr:0123456789abcdef01234567 status a< <ccr:0123456789abcdef01234567 x, b< <12-40, c << 2>>");
}

}  // namespace
}  // namespace headroom::compress
