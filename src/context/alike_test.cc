#include "context/alike.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace headroom::context {
namespace {

std::string tests(int first, int last) {
  std::string out;
  for (int i = first; i <= last; ++i) out += fmt::format("--- PASS: TestNumber{} (0.00s)\n", 1000 + i);
  return out;
}

TEST(Alike, CountsTheBytesOfLinesThatStandInBoth) {
  const std::string text = tests(1, 100);
  const AlikeText alike(text);
  EXPECT_EQ(alike.percent_in(text), 100U);
  EXPECT_EQ(alike.percent_in("go vet\n" + text + "ok\n"), 100U);
  EXPECT_EQ(alike.percent_in(tests(51, 150)), 50U);
  EXPECT_EQ(alike.percent_in(tests(101, 200)), 0U);
}

TEST(Alike, TextsOfOtherSizesAreNotAlike) {
  const std::string text = tests(1, 20);
  EXPECT_EQ(AlikeText(text).percent_in(tests(1, 200)), 0U);
  EXPECT_EQ(AlikeText(text).percent_in(tests(1, 2)), 0U);
  EXPECT_EQ(AlikeText("").percent_in(""), 0U);
  EXPECT_EQ(AlikeText("a\nb\n").percent_in("a\nb\n"), 0U);
}

}  // namespace
}  // namespace headroom::context
