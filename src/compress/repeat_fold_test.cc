#include "compress/repeat_fold.h"

#include <gtest/gtest.h>

namespace headroom::compress {
namespace {

std::string many(std::string_view block, int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += block;
  return out;
}

TEST(RepeatFold, FoldsLinesAndBlocksAndGoesBack) {
  const std::string line = "a line that comes again and again, word for word\n";
  const std::string pair = "warning: the first line of a block\n    and the second one under it\n";
  const std::string text = "head\n" + many(line, 20) + "middle\n" + many(pair, 9) + "tail";
  const auto folded = fold_repeats(text);
  ASSERT_TRUE(folded);
  EXPECT_NE(folded->find("<<3-21: line 2 repeated>>"), std::string::npos) << *folded;
  EXPECT_NE(folded->find("<<25-40: lines 23-24 repeated>>"), std::string::npos) << *folded;
  EXPECT_EQ(expand_repeats(*folded), text);
}

TEST(RepeatFold, KeepsLineEndingsAndEscapes) {
  const std::string text = many("\x1b[33mwarn\x1b[0m something is slow here today\r\n", 12);
  const auto folded = fold_repeats(text);
  ASSERT_TRUE(folded);
  EXPECT_EQ(expand_repeats(*folded), text);
}

TEST(RepeatFold, RefusesTextThatLooksFolded) {
  EXPECT_FALSE(fold_repeats("x\n<<2-9: line 1 repeated>>\n" + many("the same line over and over again\n", 30)));
}

TEST(RepeatFold, LeavesTextWithoutRepeatsAlone) {
  EXPECT_FALSE(fold_repeats("a\nb\nc\n"));
  EXPECT_FALSE(fold_repeats("a\na\nb\n"));
  EXPECT_FALSE(fold_repeats(""));
}

}  // namespace
}  // namespace headroom::compress
