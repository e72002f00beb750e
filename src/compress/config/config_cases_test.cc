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

}  // namespace
}  // namespace headroom::compress
