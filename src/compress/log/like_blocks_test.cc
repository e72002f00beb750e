#include "compress/log/like_blocks.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "compress/log/classifier.h"
#include "compress/log/scanner.h"

namespace headroom::compress::log {
namespace {

LikeBlocks blocks(std::string_view text) {
  Document document = scan(text);
  classify(document);
  return find_like_blocks(document);
}

TEST(LikeBlocks, ParenthesesOfLines) {
  std::string text = "BEGIN:VCALENDAR\nVERSION:2.0\n";
  for (int i = 0; i < 6; ++i) {
    text +=
        fmt::format("BEGIN:VEVENT\nUID:{}\nDTSTART:2026110{}T090000\nSUMMARY:Day {}\nSTATUS:CONFIRMED\nEND:VEVENT\n",
                    i * 7919, i, i);
  }
  const LikeBlocks found = blocks(text + "END:VCALENDAR\n");
  ASSERT_EQ(found.blocks.size(), 7u) << "the end is what is left";
  EXPECT_EQ(found.blocks[1].first, 8u);
  EXPECT_EQ(found.blocks[1].last, 13u);
  EXPECT_TRUE(found.field[10]);
}

TEST(LikeBlocks, EndedByALine) {
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text += fmt::format("SF:src/part{}.c\n", i);
    for (int k = 1; k < 30; ++k) text += fmt::format("DA:{},{}\n", k, k * i % 3);
    text += fmt::format("LF:29\nLH:{}\nend_of_record\n", i * 5);
  }
  const LikeBlocks found = blocks(text);
  ASSERT_EQ(found.blocks.size(), 5u);
  EXPECT_EQ(found.blocks[1].first, 33u);
  EXPECT_TRUE(found.field[33]);
  EXPECT_FALSE(found.field[34]) << "there are many of it in each";
  EXPECT_TRUE(found.field[64]);
}

TEST(LikeBlocks, PartedByRulesOrBlankLines) {
  std::string ruled, blank;
  for (int i = 0; i < 5; ++i) {
    ruled += fmt::format(">> Issue: number {}\n   Severity: Low\n   Location: a.py:{}\n{}\tcode()\n\n-----------\n", i,
                         i, i);
    blank += fmt::format("#: admin.py:{}\nmsgid \"Word {}\"\nmsgstr \"Wort {}\"\n\n", i, i, i);
  }
  EXPECT_EQ(blocks(ruled).blocks.size(), 5u);
  EXPECT_EQ(blocks(blank).blocks.size(), 5u);
}

TEST(LikeBlocks, OtherTextsHaveNone) {
  EXPECT_TRUE(blocks("").blocks.empty());
  EXPECT_TRUE(blocks("one\ntwo\nthree\n").blocks.empty());
  EXPECT_TRUE(blocks("a b\nc d\n\ne f\ng h\n\ni j\nk l\n\nm n\no p\n").blocks.empty());
  EXPECT_TRUE(blocks(std::string(3000, '\n')).blocks.empty());
  std::string same;
  for (int i = 0; i < 500; ++i) same += "the same line\n";
  EXPECT_TRUE(blocks(same).blocks.empty());
}

}  // namespace
}  // namespace headroom::compress::log
