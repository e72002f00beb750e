#include "compress/table/ask.h"

#include <gtest/gtest.h>

#include "compress/table/time_range.h"

namespace headroom::compress::table {
namespace {

TEST(Ask, WhatKindOfAnswer) {
  EXPECT_TRUE(read_ask("List all hosts.").everything);
  EXPECT_FALSE(read_ask("Which hosts are down?").everything);
  EXPECT_TRUE(read_ask("Which hosts are down?").enumerates);
  EXPECT_TRUE(read_ask("Convert this to JSON").rework);
  EXPECT_TRUE(read_ask("How many orders were refunded?").counts);
  EXPECT_TRUE(read_ask("How many of them were refunded?").counts);
  EXPECT_TRUE(read_ask("Bob complains. How many of his orders were refunded?").counts);
  EXPECT_FALSE(read_ask("Which file is covered least, and how many of its lines are?").counts);
  EXPECT_TRUE(read_ask("average latency per region").sums);
  EXPECT_TRUE(read_ask("average latency per region").groups);
  EXPECT_TRUE(read_ask("pods that are not running").negates);
  EXPECT_EQ(read_ask("the top 5 by size").top, 5U);
  EXPECT_EQ(read_ask("What are the three largest tables?").top, 3U);
  EXPECT_TRUE(read_ask("three smallest").low);
  EXPECT_FALSE(read_ask("three smallest").high);
  EXPECT_TRUE(read_ask("three oldest").low && read_ask("three oldest").high);
  EXPECT_EQ(read_ask("").top, 0U);
}

TEST(TimeRange, WhatQuestionsName) {
  const auto between = read_time_range("between 10:00 and 10:15");
  ASSERT_TRUE(between.has_value());
  EXPECT_TRUE(between->clock);
  EXPECT_EQ(between->begin, 100000000);
  EXPECT_EQ(between->end, 101559999);
  const auto day = read_time_range("on 2026-03-01?");
  ASSERT_TRUE(day.has_value());
  EXPECT_FALSE(day->clock);
  EXPECT_EQ(day->begin, 20260301e9);
  EXPECT_LT(day->end, 20260302e9);
  const auto after = read_time_range("anything after 2026-03-01 12:30");
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(after->begin, 20260301123000000.0);
  EXPECT_GT(after->end, 1e18);
  const auto same_day = read_time_range("from 2026-03-01 10:00 to 11:30");
  ASSERT_TRUE(same_day.has_value());
  EXPECT_EQ(same_day->end, 20260301113059999.0);
  const auto near = read_time_range("what happened at 14:02?");
  ASSERT_TRUE(near.has_value());
  EXPECT_LE(near->begin, 135800000);
  EXPECT_GE(near->end, 140700000);
  EXPECT_FALSE(read_time_range("which of the 12 hosts?").has_value());
  EXPECT_FALSE(read_time_range("address 10.0.0.1:8080").has_value());
}

}  // namespace
}  // namespace headroom::compress::table
