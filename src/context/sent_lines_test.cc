#include "context/sent_lines.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::context {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SentLines, AreLinesOfTheTextAndGaps) {
  EXPECT_THAT(lines_shown("a\nb\nc\nd\n", "a\n<<2-3: dull>>\nd\n<<ccr:0123456789abcdef01234567 2 of 4>>"),
              ElementsAre(true, false, false, true));
  EXPECT_THAT(lines_shown("a  \nb\n", "a\nb\n"), ElementsAre(true, true));
  EXPECT_THAT(lines_shown("f() {\n  x\n}\n", "f() {  // <<2>>\n}\n"), ElementsAre(true, false, true));
  EXPECT_THAT(lines_shown("a\nb\n", "a\nc\n"), IsEmpty());
  EXPECT_THAT(lines_shown("a\nb\n", "a\n"), IsEmpty());
}

TEST(SentLines, APartCountsFromItsOwnBeginning) {
  const auto lines =
      read_sent_lines("head\n1\n2\n3\n4\n", "head\n1\n<<2-3: dull>>\n4\n<<ccr:0123456789abcdef01234567 x>>\n");
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[2].line, "<<3-4: dull>>");
  EXPECT_EQ(lines[2].first, 3U);
  EXPECT_EQ(lines[2].last, 4U);
}

TEST(SentLines, OfAPageMayLackMarks) {
  std::string page, sent;
  for (int i = 0; i < 30; ++i) {
    page +=
        fmt::format("- listitem [ref=e{}]:\n  - link \"Part {}\" [ref=e{}] [cursor=pointer]:\n", 2 * i, i, 2 * i + 1);
    sent += fmt::format("- listitem:\n  - link \"Part {}\" [ref=e{}]:\n", i, 2 * i + 1);
  }
  EXPECT_EQ(lines_shown(page, sent), std::vector<bool>(60, true));
}

}  // namespace
}  // namespace headroom::context
