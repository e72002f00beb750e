#include "context/told_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::context {
namespace {

using ::testing::ElementsAre;

std::vector<std::uint8_t> marks(std::string_view told, std::string_view label) {
  static constexpr std::string_view kLines[] = {"a", "b", "", "c\r", "b"};
  std::vector<std::uint8_t> out(5);
  mark_told_lines(told, label, kLines, out);
  return out;
}

TEST(RecordsHead, OneOrSeveral) {
  EXPECT_EQ(records_head(true, 4, 9, "Read a.py"), "lines 4-9 of Read a.py");
  EXPECT_EQ(records_head(false, 3, 3, "Bash: ls"), "item 3 of Bash: ls");
}

TEST(ToldLines, ThoseBelowTheHeadOfTheCall) {
  const std::string told = "[Left out:\nline 1 of x:\na\nlines 2-4 of Read a.py:\nb\n\nc\r\nline 5 of Read a.py:\nb\n]";
  EXPECT_THAT(marks(told, "Read a.py"), ElementsAre(0, 1, 1, 1, 1));
  EXPECT_THAT(marks(told, "x"), ElementsAre(1, 0, 0, 0, 0));
  EXPECT_THAT(marks(told, "Read b.py"), ElementsAre(0, 0, 0, 0, 0));
}

TEST(ToldLines, NoneWhereTheLinesAreOthersNow) {
  EXPECT_THAT(marks("lines 1-2 of x:\na\nB\n", "x"), ElementsAre(0, 0, 0, 0, 0));
  EXPECT_THAT(marks("lines 1-2 of x:\na\nb", "x"), ElementsAre(0, 0, 0, 0, 0));
}

TEST(ToldLines, OddHeads) {
  for (const std::string_view told : {"", " of x:\n", "line of x:\na\n", "lines 1 of x:\na\n", "lines 2-1 of x:\n",
                                      "line 0 of x:\n", "lines 1-99999999999999999999 of x:\na\n", "line 9 of x:\n",
                                      "items 1-2 of x:\na\nb\n", "line 1-2 of x:\na\nb\n", "lines 1- of x:\na\n"}) {
    EXPECT_THAT(marks(told, "x"), ElementsAre(0, 0, 0, 0, 0)) << told;
  }
}

}  // namespace
}  // namespace headroom::context
