#include "base/string_list.h"

#include <gtest/gtest.h>

#include "base/byte_set.h"

namespace headroom::base {
namespace {

constexpr StringList kList(std::to_array<std::string_view>({"error:", "error[", "ok ", " failed", ": note:"}));

TEST(StringList, FindsWhatStartsWithOne) {
  EXPECT_TRUE(kList.starts("error: x"));
  EXPECT_TRUE(kList.starts("error[E0308]"));
  EXPECT_TRUE(kList.starts("ok 1"));
  EXPECT_FALSE(kList.starts("ok"));
  EXPECT_FALSE(kList.starts("err"));
  EXPECT_FALSE(kList.starts(" ok "));
  EXPECT_FALSE(kList.starts(""));
}

TEST(StringList, FindsOneInside) {
  EXPECT_TRUE(kList.in("it  failed"));
  EXPECT_TRUE(kList.in("a.c:1: note: x"));
  EXPECT_TRUE(kList.in("ok "));
  EXPECT_FALSE(kList.in("it faile"));
  EXPECT_FALSE(kList.in(""));
}

TEST(StringList, KnowsItsOwn) {
  EXPECT_TRUE(kList.has("ok "));
  EXPECT_FALSE(kList.has("ok"));
  EXPECT_FALSE(kList.has(""));
}

TEST(ByteSet, FindsTheFirst) {
  static constexpr ByteSet kMarks("=\xFF");
  EXPECT_EQ(kMarks.first_in("ab=c=", 0), 2U);
  EXPECT_EQ(kMarks.first_in("ab=c=", 3), 4U);
  EXPECT_EQ(kMarks.first_in("ab\xFF"), 2U);
  EXPECT_EQ(kMarks.first_in("abc"), std::string_view::npos);
  EXPECT_FALSE(kMarks.any_in(""));
}

}  // namespace
}  // namespace headroom::base
