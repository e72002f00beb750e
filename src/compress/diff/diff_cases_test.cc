#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compress/diff/diff_compressor.h"
#include "compress/diff/exact.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

/// Kept lines stand as they came; without a handle only headers were folded.
std::string unfold(std::string_view output) {
  const std::size_t handle = output.rfind("<<ccr:");
  return handle == std::string_view::npos ? diff::expand_exact(output) : std::string(output.substr(0, handle));
}

TEST(DiffCases, Hold) {
  const DiffCompressor compressor;
  for (const testing::Case& c : testing::read_cases("compress/diff"))
    testing::check_case(compressor, c, detect::ContentType::kDiff, unfold);
}

TEST(DiffCases, ABudgetIsMetUnlessTheQuestionNeedsMore) {
  const DiffCompressor compressor;
  for (const testing::Case& c : testing::read_cases("compress/diff")) {
    Input input = testing::input_of(c, detect::ContentType::kDiff, "0123456789abcdef01234567");
    const auto usual = compressor.compress(input);
    if (!usual) continue;
    const std::size_t tokens = tokens::o200k_base().count(usual->text);
    input.target_tokens = tokens * 2 / 3;
    const auto tight = compressor.compress(input);
    ASSERT_TRUE(tight.has_value()) << c.name;
    if (tight->lossy) testing::expect_tiles(c.text, unfold(tight->text), c.name);
    EXPECT_LE(tokens::o200k_base().count(tight->text), tokens * 11 / 10) << c.name;
    // Nothing asked for: nothing stands in the way.
    const Query none;
    const auto bare = compressor.compress({.text = c.text,
                                           .type = detect::ContentType::kDiff,
                                           .query = none,
                                           .tokenizer = tokens::o200k_base(),
                                           .id = "0123456789abcdef01234567",
                                           .target_tokens = 600});
    if (bare && bare->lossy) {
      testing::expect_tiles(c.text, unfold(bare->text), c.name + " bare");
      EXPECT_LE(tokens::o200k_base().count(bare->text), 900U) << c.name;
    }
  }
}

}  // namespace
}  // namespace headroom::compress
