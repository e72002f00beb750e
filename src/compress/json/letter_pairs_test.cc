#include "compress/json/letter_pairs.h"

#include <gtest/gtest.h>

namespace headroom::compress::json {
namespace {

LetterPairs pairs(std::initializer_list<std::string_view> starts) {
  LetterPairs out;
  for (const std::string_view start : starts) out.add(start[0], start[1]);
  return out;
}

TEST(LetterPairs, FindsThemAnywhereWhateverTheirCase) {
  const LetterPairs some = pairs({"error", "x1"});
  EXPECT_TRUE(some.any_in("lastERror"));
  EXPECT_TRUE(some.any_in("er"));
  EXPECT_TRUE(some.any_in("max7"));  // digits are one to it
  EXPECT_FALSE(some.any_in("e r"));
  EXPECT_FALSE(some.any_in("e"));
  EXPECT_FALSE(some.any_in(""));
  EXPECT_FALSE(some.any_in("all is well"));
  EXPECT_TRUE(some.has('E', 'r'));
  EXPECT_FALSE(some.has('r', 'e'));
}

TEST(LetterPairs, TakesBytesOutsideAsciiForOne) {
  EXPECT_TRUE(pairs({"\xc3\xbc"}).any_in("f\xc3\xa4hig"));
  EXPECT_FALSE(pairs({"\xc3\xbc"}).any_in("fahig"));
}

}  // namespace
}  // namespace headroom::compress::json
