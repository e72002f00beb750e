#include "compress/focus/repeat_lines.h"

#include <array>

#include <gtest/gtest.h>

namespace headroom::compress::focus {
namespace {

constexpr std::string_view kText =
    "one:\n  image: registry/one\n  restart: unless-stopped\n  healthcheck: curl -f http://localhost\n  interval: "
    "30s\n  retries: 3\n"
    "two:\n  image: registry/two\n  restart: unless-stopped\n  healthcheck: curl -f http://localhost\n  interval: "
    "30s\n  retries: 3\n";

TEST(RepeatLines, LinesThatStandAboveAreReferredTo) {
  const auto folded = fold_lines(kText);
  ASSERT_TRUE(folded.has_value());
  EXPECT_NE(folded->find("two:\n  image: registry/two\n<<9-12: as 3-6>>\n"), std::string::npos);
  EXPECT_EQ(expand_lines(*folded), kText);
}

TEST(RepeatLines, WhatIsAskedForStays) {
  std::array<std::uint8_t, 12> asked{};
  asked[9] = 1;
  const auto folded = fold_lines(kText, asked);
  EXPECT_FALSE(folded.has_value() && folded->rfind("curl") < 150);
}

TEST(RepeatLines, NothingToFold) {
  EXPECT_FALSE(fold_lines("").has_value());
  EXPECT_FALSE(fold_lines("a: 1\nb: 2\nc: 3\n").has_value());
  EXPECT_FALSE(fold_lines("<<1-2: as 3-4>>\n" + std::string(kText)).has_value());
}

}  // namespace
}  // namespace headroom::compress::focus
