#include "compress/log/wants.h"

#include <gtest/gtest.h>

namespace headroom::compress::log {
namespace {

TEST(Wants, SuperlativesHaveADirectionAndAKind) {
  const Wants largest = read_wants("What are the three largest files?");
  EXPECT_TRUE(largest.extreme && largest.high && largest.size);
  EXPECT_FALSE(largest.low || largest.date);
  EXPECT_EQ(largest.top, 3u);
  const Wants oldest = read_wants("Which one is the oldest?");
  EXPECT_TRUE(oldest.low && oldest.date);
  EXPECT_FALSE(oldest.high);
  EXPECT_TRUE(read_wants("Are any of them empty?").empty);
  EXPECT_FALSE(read_wants("Why does it fail?").extreme);
  EXPECT_TRUE(read_wants("Why does it fail?").problem);
  EXPECT_TRUE(read_wants("the worker does not start").problem);
  EXPECT_FALSE(read_wants("Which port does it listen on?").problem);
}

TEST(Wants, WordsNameColumns) {
  const Wants wants = read_wants("Which process uses the most memory?");
  EXPECT_TRUE(names_column(wants, "%MEM"));
  EXPECT_TRUE(names_column(wants, "RSS"));
  EXPECT_FALSE(names_column(wants, "%CPU"));
  EXPECT_FALSE(names_column(wants, ""));
}

}  // namespace
}  // namespace headroom::compress::log
