#include "base/utf8.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace headroom::base {
namespace {

TEST(Utf8, TheBeginningHoldsWholeCharacters) {
  const std::string text = "a\xC3\xA9\xE3\x83\x87\xF0\x9F\x98\x80z";
  for (std::size_t most = 0; most <= text.size() + 1; ++most) {
    const std::string_view head = beginning(text, most);
    EXPECT_TRUE(is_utf8(head)) << most;
    EXPECT_LE(head.size(), most);
    EXPECT_GE(head.size() + 3, std::min(most, text.size()));
  }
  EXPECT_EQ(beginning(text, 100), text);
}

TEST(Utf8, BytesThatAreNoTextAreCutAnywhere) {
  const std::string bytes(20, '\x80');
  EXPECT_EQ(beginning(bytes, 9).size(), 9u);
  EXPECT_EQ(beginning("", 0), "");
}

}  // namespace
}  // namespace headroom::base
