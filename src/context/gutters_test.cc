#include "context/gutters.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::context {
namespace {

std::string lines(int first, int last, std::string_view form) {
  std::string out;
  for (int i = first; i <= last; ++i) out += fmt::format(fmt::runtime(form), i) + "value = compute()\n";
  return out;
}

TEST(Gutters, OfAFileThatBeginsAtOnce) {
  const auto gutters = gutters_of(lines(7, 20, "{:6}\t"));
  ASSERT_TRUE(gutters);
  EXPECT_EQ(gutters->bytes[0], 7U);
  EXPECT_EQ(gutters->first_number, 7U);
}

TEST(Gutters, OfAFileUnderLinesOfTheViewer) {
  const std::string text =
      "<file><path>a.py</path>\n<content lines=\"90-120\">\n" + lines(90, 120, "{:3} | ") + "</content>\n";
  const auto gutters = gutters_of(text);
  ASSERT_TRUE(gutters);
  EXPECT_EQ(gutters->bytes.size(), base::split_lines(text).size());
  EXPECT_EQ(gutters->bytes[1], 0U);
  EXPECT_EQ(gutters->bytes[2], 6U);
  EXPECT_EQ(gutters->first_number + 2, 90U);
  EXPECT_EQ(gutters->bytes.back(), 0U);
}

TEST(Gutters, OfOtherTextsThereAreNone) {
  EXPECT_FALSE(gutters_of("one\ntwo\nthree\n"));
  EXPECT_FALSE(gutters_of(""));
  EXPECT_FALSE(gutters_of("a\n" + lines(1, 20, "{} | ") + "b\n" + lines(1, 20, "{} | ")));
}

}  // namespace
}  // namespace headroom::context
