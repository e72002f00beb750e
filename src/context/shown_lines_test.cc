#include "context/shown_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::context {
namespace {

using ::testing::ElementsAre;

TEST(ShownLines, GapsSayWhichOfEqualLinesIsMeant) {
  const std::string text = "{\n  a\n}\n{\n  b\n}\n{\n  c\n}\n";
  const auto lines = base::split_lines(text);
  EXPECT_THAT(shown_lines(lines, "{\n  a\n}\n<<4-8>>\n}\n"), ElementsAre(1, 1, 1, 0, 0, 0, 0, 0, 1));
  EXPECT_THAT(shown_lines(lines, "<<1-6>>\n{\n  c\n<<9>>\n"), ElementsAre(0, 0, 0, 0, 0, 0, 1, 1, 0));
  EXPECT_THAT(shown_lines(lines, "  b\n"), ElementsAre(0, 0, 0, 0, 1, 0, 0, 0, 0));
  EXPECT_THAT(shown_lines(lines, "<<1-99999>>\n}\n"), ElementsAre(0, 0, 1, 0, 0, 0, 0, 0, 0));
}

}  // namespace
}  // namespace headroom::context
