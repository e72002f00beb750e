#include "compress/log/named_day.h"

#include <gtest/gtest.h>

namespace headroom::compress::log {
namespace {

TEST(NamedDay, IsReadFromAQuestion) {
  EXPECT_FALSE(named_day("What changed in 26 files?"));
  EXPECT_FALSE(named_day("Who may read it?"));
  EXPECT_EQ(named_day("Which lines are of the 26th?")->day, 26u);
  EXPECT_EQ(named_day("Which lines are of the 26th?")->month, 0u);
  EXPECT_EQ(named_day("What broke on Nov 3?")->day, 3u);
  EXPECT_EQ(named_day("What broke on 3 November?")->month, 11u);
  EXPECT_EQ(named_day("What broke on November 3rd?")->month, 11u);
}

TEST(NamedDay, StandsInALineAsDatesDo) {
  EXPECT_TRUE(holds_day("ab12 (Ana 2026-11-26 17:53:08 +0000 10) x", {26, 0}));
  EXPECT_TRUE(holds_day("10.0.0.1 - - [26/Nov/2026:10:00:01] \"GET /\"", {26, 11}));
  EXPECT_TRUE(holds_day("Nov  3 10:00:01 host sshd[26]: ok", {3, 0}));
  EXPECT_FALSE(holds_day("Nov  3 10:00:01 host sshd[26]: ok", {26, 0}));
  EXPECT_FALSE(holds_day("2026-11-25 17:26:26 took 26 ms", {26, 0}));
  EXPECT_FALSE(holds_day("2026-10-26 17:26:26", {26, 11}));
}

}  // namespace
}  // namespace headroom::compress::log
