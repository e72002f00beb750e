#include "context/same_result.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::context {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Forty functions of three lines, each behind its number.
std::string file(int changed = 0, int first_number = 1) {
  std::string out;
  int number = first_number;
  for (int i = 1; i <= 40; ++i) {
    out += fmt::format("{:6}\tdef f{}(x):\n", number++, i);
    out += fmt::format("{:6}\t    y = x + {}\n", number++, i == changed ? 999 : i);
    out += fmt::format("{:6}\t    return y\n", number++);
  }
  return out;
}

/// The same with the bodies left out, but that of one function.
std::string outline(int shown = 0, int changed = 0) {
  std::string out;
  for (int i = 1; i <= 40; ++i) {
    const int line = (i - 1) * 3 + 1;
    out += fmt::format("{:6}\tdef f{}(x):\n", line, i);
    if (i == shown) {
      out += fmt::format("{:6}\t    y = x + {}\n{:6}\t    return y\n", line + 1, i == changed ? 999 : i, line + 2);
    } else {
      out += fmt::format("    ...  # <<{}-{}>>\n", line + 1, line + 2);
    }
  }
  return out + "# <<ccr:0123456789abcdef01234567 80 of 120 lines left out>>\n";
}

TEST(SameResult, AnOutlineIsNotSentTwice) {
  const auto same = same_result({file(), outline(), file(), outline(), 2});
  ASSERT_TRUE(same);
  ASSERT_EQ(same->repeats.size(), 1U);
  EXPECT_EQ(same->repeats[0].first, 1U);
  EXPECT_EQ(same->repeats[0].last, 120U);
  EXPECT_EQ(same->kept, 0U);
  EXPECT_EQ(with_references(*same, "Read a.py above", "<<ccr:id>>"),
            "<<1-120: as lines 1-120 of Read a.py above, gaps included>>\n<<ccr:id>>");
}

TEST(SameResult, WhatTheEarlierDoesNotShowIsSent) {
  const auto same = same_result({file(), outline(20), file(), outline(), 2});
  ASSERT_TRUE(same);
  const std::string text = with_references(*same, "Read a.py above", "<<ccr:id>>");
  EXPECT_THAT(text, HasSubstr("    59\t    y = x + 20\n"));
  EXPECT_THAT(text, Not(HasSubstr("y = x + 21")));
  EXPECT_EQ(same->repeats.size(), 2U);
}

TEST(SameResult, WhatTheEarlierShowsBesidesDoesNoHarm) {
  const auto same = same_result({file(), outline(), file(), outline(20), 2});
  ASSERT_TRUE(same);
  EXPECT_EQ(same->kept, 0U);
}

TEST(SameResult, AChangeStaysInItsPlace) {
  const auto same = same_result({file(20), outline(20, 20), file(), outline(20), 2});
  ASSERT_TRUE(same);
  const std::string text = with_references(*same, "Read a.py above", "<<ccr:id>>");
  EXPECT_THAT(text, HasSubstr("    58\tdef f20(x):\n    59\t    y = x + 999\n    60\t    return y\n"));
}

TEST(SameResult, LinesThatMovedAreFound) {
  const std::string added = "     1\timport os\n" + file(0, 2);
  std::string sent = "     1\timport os\n";
  for (int i = 1; i <= 40; ++i) {
    const int line = (i - 1) * 3 + 2;
    sent += fmt::format("{:6}\tdef f{}(x):\n    ...  # <<{}-{}>>\n", line, i, line + 1, line + 2);
  }
  const auto same = same_result({added, sent, file(), outline(), 2});
  ASSERT_TRUE(same);
  const std::string text = with_references(*same, "Read a.py above", "<<ccr:id>>");
  EXPECT_THAT(text, HasSubstr("of Read a.py above, now "));
  EXPECT_THAT(text, HasSubstr("import os"));
}

TEST(SameResult, AReferenceStandsForNothing) {
  EXPECT_FALSE(same_result({file(), outline(), file(), "<<1-120: as lines 1-120 of Read a.py above>>\n", 2}));
}

TEST(SameResult, WhatIsNotMadeOfLinesIsLeft) {
  EXPECT_FALSE(same_result({file(), "a summary\n" + outline(), file(), outline(), 2}));
  EXPECT_FALSE(same_result({file(), outline(), file(), "a summary\n" + outline(), 2}));
  EXPECT_FALSE(same_result({"", "", "", "", 2}));
}

}  // namespace
}  // namespace headroom::context
