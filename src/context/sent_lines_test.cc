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
  EXPECT_THAT(lines_shown("a\nb\nc\nd\n", "a\n<<2-3: dull>>\nd\n<<ccr:0123456789abcdef01234567 2 of 4>>", false),
              ElementsAre(true, false, false, true));
  EXPECT_THAT(lines_shown("a  \nb\n", "a\nb\n", false), ElementsAre(true, true));
  EXPECT_THAT(lines_shown("f() {\n  x\n}\n", "f() {  // <<2>>\n}\n", false), ElementsAre(true, false, true));
  EXPECT_THAT(lines_shown("a\nb\n", "a\nc\n", false), IsEmpty());
  EXPECT_THAT(lines_shown("a\nb\n", "a\n", false), IsEmpty());
}

TEST(SentLines, APartCountsFromItsOwnBeginning) {
  const auto lines =
      read_sent_lines("head\n1\n2\n3\n4\n", "head\n1\n<<2-3: dull>>\n4\n<<ccr:0123456789abcdef01234567 x>>\n");
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[2].line, "<<3-4: dull>>");
  EXPECT_EQ(lines[2].first, 3U);
  EXPECT_EQ(lines[2].last, 4U);
}

TEST(SentLines, TimesMayBeTakenOutForWhoDoesNotAskForThem) {
  std::string log, sent;
  for (int i = 10; i < 40; ++i) {
    log += fmt::format("2026-11-02T10:08:{}.1180423Z step {} is done\n", i, i);
    sent += fmt::format("step {} is done\n", i);
  }
  EXPECT_EQ(lines_shown(log, sent, true), std::vector<bool>(30, true));
  EXPECT_THAT(lines_shown(log, sent, false), IsEmpty());
  EXPECT_EQ(lines_shown(log, log, false), std::vector<bool>(30, true));
}

TEST(SentLines, OfAPageMayLackMarks) {
  std::string page, sent;
  for (int i = 0; i < 30; ++i) {
    page +=
        fmt::format("- listitem [ref=e{}]:\n  - link \"Part {}\" [ref=e{}] [cursor=pointer]:\n", 2 * i, i, 2 * i + 1);
    sent += fmt::format("- listitem:\n  - link \"Part {}\" [ref=e{}]:\n", i, 2 * i + 1);
  }
  EXPECT_EQ(lines_shown(page, sent, false), std::vector<bool>(60, true));
}

}  // namespace
}  // namespace headroom::context
