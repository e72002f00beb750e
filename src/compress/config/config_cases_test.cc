#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compress/config/config_compressor.h"
#include "compress/focus/repeat_lines.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

/// Kept lines stand as they came; without a handle only repeats were folded.
std::string unfold(std::string_view output) {
  const std::size_t handle = output.rfind("<<ccr:");
  return handle == std::string_view::npos ? focus::expand_lines(output) : std::string(output.substr(0, handle));
}

TEST(ConfigCases, Hold) {
  const ConfigCompressor compressor;
  for (const testing::Case& c : testing::read_cases("compress/config"))
    testing::check_case(compressor, c, detect::ContentType::kConfig, unfold);
}

TEST(ConfigCases, AggressiveLeavesOutMoreButNotWhatIsAskedFor) {
  const ConfigCompressor compressor;
  std::size_t usual = 0, less = 0;
  for (const testing::Case& c : testing::read_cases("compress/config")) {
    Input input = testing::input_of(c, detect::ContentType::kConfig, "0123456789abcdef01234567");
    const auto balanced = compressor.compress(input);
    input.profile = Profile::kAggressive;
    const auto out = compressor.compress(input);
    if (!balanced || !out) continue;
    usual += tokens::o200k_base().count(balanced->text);
    less += tokens::o200k_base().count(out->text);
    if (out->lossy) testing::expect_tiles(c.text, unfold(out->text), c.name);
  }
  EXPECT_LT(less * 10, usual * 9);
}

TEST(ConfigCases, ABudgetIsMetUnlessTheQuestionNeedsMore) {
  const ConfigCompressor compressor;
  for (const testing::Case& c : testing::read_cases("compress/config")) {
    Input input = testing::input_of(c, detect::ContentType::kConfig, "0123456789abcdef01234567");
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
                                           .type = detect::ContentType::kConfig,
                                           .query = none,
                                           .tokenizer = tokens::o200k_base(),
                                           .id = "0123456789abcdef01234567",
                                           .target_tokens = 300});
    if (bare && bare->lossy) {
      testing::expect_tiles(c.text, unfold(bare->text), c.name + " bare");
      EXPECT_LE(tokens::o200k_base().count(bare->text), 400U) << c.name;
    }
  }
}

}  // namespace
}  // namespace headroom::compress
