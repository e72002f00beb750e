#include "compress/log/scanner.h"

#include <gtest/gtest.h>

namespace headroom::compress::log {
namespace {

bool same_shape(std::string_view a, std::string_view b) {
  const std::string text = std::string(a) + "\n" + std::string(b) + "\n";
  const Document document = scan(text);
  return document.lines[0].shape == document.lines[1].shape;
}

TEST(Scanner, MasksWhatVaries) {
  EXPECT_TRUE(same_shape("took 35ms", "took 1.2s"));
  EXPECT_TRUE(same_shape("id 3f2a9c1b7e done", "id 9cd01e77aa done"));
  EXPECT_TRUE(same_shape("req 123e4567-e89b-42d3-a456-426614174000", "req 99999999-0000-4aaa-bbbb-cccccccccccc"));
  EXPECT_TRUE(same_shape("from 10.0.3.7:443", "from 192.168.1.20:8080"));
  EXPECT_TRUE(same_shape("\x1b[31mfailed\x1b[0m 3", "failed 4"));
  EXPECT_TRUE(same_shape("a.py ......", "a.py ....."));
}

TEST(Scanner, KeepsWordsApart) {
  EXPECT_FALSE(same_shape("test passed 3", "test failed 3"));
  EXPECT_FALSE(same_shape("a.py ......", "a.py ..F..."));
  EXPECT_FALSE(same_shape("open the file", "open the file now"));
}

TEST(Scanner, FindsTimeAndIndentation) {
  const Document document = scan("2026-04-02T09:00:01.250Z   at x\nplain\n  | y\n2026-04-02T09:00:02Z z\n\n");
  EXPECT_TRUE(document.lines[0].has(kTimed));
  EXPECT_EQ(document.lines[0].indent, 2u);
  EXPECT_EQ(document.lines[3].time_ms - document.lines[0].time_ms, 750);
  EXPECT_TRUE(document.lines[4].has(kBlank));
  EXPECT_TRUE(document.final_newline);
}

TEST(Scanner, LooksBehindSourcePrefixes) {
  const Document document = scan("web-1  |     at x\n==77==    by y\n==77== \n");
  EXPECT_EQ(document.lines[0].indent, 4u);
  EXPECT_EQ(document.lines[1].indent, 3u);
  EXPECT_TRUE(document.lines[2].has(kBlank));
}

TEST(Scanner, BranchesOfADrawnTreeAreIndentation) {
  const Document document = scan("a@1\n├─┬ b@2\n│ └── c@3\n|   +--- d:1\n\\--- e:2\n│ text in a box\n| a | b |\n");
  const auto indent = [&](std::size_t i) { return document.lines[i].indent; };
  EXPECT_EQ(indent(0), 0u);
  EXPECT_EQ(indent(1), 4u);
  EXPECT_EQ(indent(2), 6u);
  EXPECT_EQ(indent(3), 9u);
  EXPECT_EQ(indent(4), 5u);
  EXPECT_EQ(indent(5), 0u);
  EXPECT_EQ(indent(6), 0u);
  EXPECT_TRUE(document.lines[2].has(kDrawn));
  EXPECT_FALSE(document.lines[6].has(kDrawn));
}

TEST(Scanner, CapsTheTokensOfOneLine) {
  std::string line;
  for (int i = 0; i < 500; ++i) line += "word ";
  const Document document = scan(line);
  EXPECT_EQ(document.lines[0].token_count, kMaxTokens);
}

TEST(Scanner, TakesAnyBytes) {
  const std::string odd("\x1b[\xff\xfe\0\r\n\x1b", 8);
  EXPECT_EQ(scan(odd).lines.size(), 2u);
  EXPECT_TRUE(scan("").lines.empty());
}

}  // namespace
}  // namespace headroom::compress::log
