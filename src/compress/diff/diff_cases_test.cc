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

}  // namespace
}  // namespace headroom::compress
