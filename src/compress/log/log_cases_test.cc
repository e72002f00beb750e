#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compress/log/log_compressor.h"
#include "compress/repeat_fold.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

using testing::Case;

std::vector<Case> all_cases() {
  return testing::read_cases("compress/log");
}

/// Kept lines stand as they came; without an id only repeats are folded.
std::string unfold(std::string_view output) {
  const std::size_t handle = output.rfind("<<ccr:");
  return handle == std::string_view::npos ? expand_repeats(output) : std::string(output.substr(0, handle));
}

TEST(LogCases, Hold) {
  const LogCompressor compressor;
  const std::vector<Case> cases = all_cases();
  ASSERT_GE(cases.size(), 30u);
  for (const Case& c : cases) testing::check_case(compressor, c, detect::ContentType::kLog, unfold);
}

TEST(LogCases, TargetMakesTheOutputSmallerOrLarger) {
  const LogCompressor compressor;
  std::size_t smaller = 0;
  for (const Case& c : all_cases()) {
    Input input = testing::input_of(c, detect::ContentType::kLog, "0123456789abcdef01234567");
    input.target_tokens = 1;
    const auto tight = compressor.compress(input);
    input.target_tokens = 1'000'000;
    const auto loose = compressor.compress(input);
    if (!tight) continue;
    testing::expect_tiles(c.text, unfold(tight->text), c.name);
    if (loose) {
      // Gaps may tell more of what they stand for.
      EXPECT_LE(tight->text.size(), loose->text.size() + 64) << c.name;
    }
    smaller += !loose || tight->text.size() < loose->text.size();
  }
  EXPECT_GT(smaller, 20u);
}

}  // namespace
}  // namespace headroom::compress
