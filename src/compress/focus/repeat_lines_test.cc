#include "compress/focus/repeat_lines.h"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "compress/focus/asked_lines.h"
#include "compress/marker.h"

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

TEST(RepeatLines, WorthIsWeighedAgainstTheMarker) {
  // Lines of one token each, enough of them that their numbers have from one to four digits.
  for (const std::size_t size : {10U, 11U, 12U, 13U, 14U, 99U, 100U, 101U, 1000U, 1200U}) {
    std::string text;
    for (int copy = 0; copy < 2; ++copy) {
      for (std::size_t i = 0; i < size; ++i) text += std::string(i % 7, '-') + "a\n";
      text += copy == 0 ? "between them\n" : "";
    }
    const std::vector<std::string_view> lines = base::split_lines(text);
    for (const Repeat& r : find_repeats(lines, {}, {})) {
      std::size_t tokens = 0;
      for (std::size_t k = r.begin; k < r.end; ++k) tokens += estimated_tokens(lines[k]);
      const std::string marker =
          gap_marker(r.begin + 1, r.end, fmt::format("as {}-{}", r.from + 1, r.from + r.end - r.begin));
      EXPECT_GE(tokens, estimated_tokens(marker) + 4) << marker;
    }
  }
}

}  // namespace
}  // namespace headroom::compress::focus
