#include "compress/log/timestamp.h"

#include <gtest/gtest.h>

namespace headroom::compress::log {
namespace {

std::string_view stamp_of(std::string_view line) {
  const auto stamp = find_timestamp(line);
  return stamp ? line.substr(stamp->begin, stamp->end - stamp->begin) : std::string_view();
}

TEST(Timestamp, KnowsTheUsualForms) {
  EXPECT_EQ(stamp_of("2026-03-12T10:00:02.243Z INFO x"), "2026-03-12T10:00:02.243Z");
  EXPECT_EQ(stamp_of("2026/04/02 11:00:01 x"), "2026/04/02 11:00:01");
  EXPECT_EQ(stamp_of("10.4.0.1 - - [02/Apr/2026:09:00:02 +0000] \"GET\""), "02/Apr/2026:09:00:02 +0000");
  EXPECT_EQ(stamp_of("Apr  2 09:00:25 host x"), "Apr  2 09:00:25");
  EXPECT_EQ(stamp_of("E0312 10:00:00.123456    1 x.go:1]"), "0312 10:00:00.123456");
  EXPECT_EQ(stamp_of("[   12.345678] usb 1-1: new device"), "[   12.345678]");
  EXPECT_EQ(stamp_of("1700000000.123456 openat(3)"), "1700000000.123456");
  EXPECT_EQ(stamp_of("web-1 | 09:00:01 GET"), "09:00:01");
  EXPECT_EQ(stamp_of("[2026-04-02 09:01:53,212: INFO/Main] x"), "2026-04-02 09:01:53,212");
}

TEST(Timestamp, TakesNothingElseForOne) {
  EXPECT_EQ(stamp_of("src/a.rs:219:13 error"), "");
  EXPECT_EQ(stamp_of("00:1a:2b:3c mac"), "");
  EXPECT_EQ(stamp_of("   12 | let x = 1;"), "");
  EXPECT_EQ(stamp_of("3.14 is pi"), "");
  EXPECT_EQ(stamp_of(""), "");
}

TEST(Timestamp, CountsAcrossDays) {
  const auto a = find_timestamp("2026-02-28 23:59:59.500 x");
  const auto b = find_timestamp("2026-03-01 00:00:00.500 x");
  ASSERT_TRUE(a && b);
  EXPECT_EQ(b->time_ms - a->time_ms, 1000);
  EXPECT_EQ(find_timestamp("1970-01-02 00:00:00 x")->time_ms, 86'400'000);
}

}  // namespace
}  // namespace headroom::compress::log
