#include "context/reread.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "compress/marker.h"

namespace headroom::context {
namespace {

std::string line(int i) {
  return fmt::format("line {} says that value {} follows value {}", i, i * 7, i * 3);
}

std::string lines(int first, int last) {
  std::string out;
  for (int i = first; i <= last; ++i) out += line(i) + "\n";
  return out;
}

std::string numbered(std::string_view text, int first = 1) {
  std::string out;
  for (std::string_view row : base::split_lines(text)) out += fmt::format("{:6}\t{}\n", first++, row);
  return out;
}

TEST(ShownLines, FindsTheWholeOfAnIdenticalText) {
  ShownLines shown;
  shown.add(3, lines(1, 40));
  const auto repeats = shown.find(lines(1, 40));
  ASSERT_EQ(repeats.size(), 1U);
  EXPECT_EQ(repeats[0].first, 1U);
  EXPECT_EQ(repeats[0].last, 40U);
  EXPECT_EQ(repeats[0].block, 3U);
  EXPECT_EQ(repeats[0].shown_first, 1U);
}

TEST(ShownLines, KeepsAChangeWithTheLinesAroundIt) {
  ShownLines shown;
  shown.add(1, lines(1, 60));
  const std::string edited = lines(1, 30) + "a new line\n" + lines(32, 60);
  const auto repeats = shown.find(edited);
  ASSERT_EQ(repeats.size(), 2U);
  EXPECT_EQ(repeats[0].last, 28U);
  EXPECT_EQ(repeats[1].first, 34U);
  EXPECT_EQ(repeats[1].shown_first, 34U);
}

TEST(ShownLines, SeesThroughNumbersThatMovedOn) {
  ShownLines shown;
  shown.add(1, numbered(lines(1, 60)));
  const auto repeats = shown.find(numbered("one more\n" + lines(1, 60)));
  ASSERT_EQ(repeats.size(), 1U);
  EXPECT_EQ(repeats[0].first, 4U);
  EXPECT_EQ(repeats[0].number, 4);
  EXPECT_EQ(repeats[0].shown_number, 3);
}

TEST(ShownLines, NumbersThatJumpEndARun) {
  ShownLines shown;
  shown.add(1, numbered(lines(1, 60)));
  const std::string moved = numbered(lines(1, 30)) + numbered(lines(31, 60), 101);
  EXPECT_TRUE(shown.find(moved).size() != 1);
}

TEST(ShownLines, LeavesShortRunsAndNewTextsAlone) {
  ShownLines shown;
  shown.add(1, lines(1, 60));
  EXPECT_TRUE(shown.find(lines(100, 140) + lines(1, 5) + lines(150, 160)).empty());
  EXPECT_TRUE(shown.find("").empty());
}

TEST(ShownLines, TheLatestCounts) {
  ShownLines shown;
  shown.add(1, lines(1, 30));
  shown.add(5, lines(11, 30));
  const auto repeats = shown.find(lines(11, 30));
  ASSERT_EQ(repeats.size(), 1U);
  EXPECT_EQ(repeats[0].block, 5U);
}

TEST(References, TileWhatIsMissing) {
  ShownLines shown;
  shown.add(1, numbered(lines(1, 60)));
  const std::string text = numbered(lines(1, 30) + "a new line\nanother\n" + lines(31, 60));
  const auto repeats = shown.find(text);
  ASSERT_EQ(repeats.size(), 2U);
  const std::vector<std::string> sources(2, "Read a.py above");
  const std::string out = with_references(text, repeats, sources, "0123456789abcdef01234567");
  EXPECT_THAT(out, ::testing::HasSubstr("<<1-28: as lines 1-28 of Read a.py above>>\n"));
  EXPECT_THAT(out, ::testing::HasSubstr("<<35-62: as lines 33-60 there, now 35-62>>"));
  EXPECT_THAT(out, ::testing::HasSubstr("a new line\n"));
  EXPECT_THAT(out, ::testing::EndsWith("<<ccr:0123456789abcdef01234567 56 of 62 lines stand above, unchanged>>"));
  // Text lines and gaps, in order, give every line once.
  const auto rows = base::split_lines(text);
  std::size_t next = 0;
  for (std::string_view row : base::split_lines(out)) {
    if (row.starts_with("<<ccr:")) break;
    const auto gaps = compress::find_gaps(row);
    if (gaps.empty()) {
      EXPECT_EQ(row, rows[next++]);
    } else {
      EXPECT_EQ(gaps[0].first, next + 1);
      next = gaps[0].last;
    }
  }
  EXPECT_EQ(next, rows.size());
}

TEST(CallLabel, NamesWhatWasRead) {
  EXPECT_EQ(call_label("Read", R"({"file_path":"/src/a.py"})"), "Read /src/a.py");
  EXPECT_EQ(call_label("Bash", R"({"command":"git status"})"), "Bash: git status");
  EXPECT_EQ(call_label("", ""), "a tool");
}

}  // namespace
}  // namespace headroom::context
