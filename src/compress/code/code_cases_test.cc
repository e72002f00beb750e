#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compress/code/code_compressor.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

/// Kept lines stand as they came; only the handle, in a comment at the end, is not the file's.
std::string unfold(std::string_view output) {
  const std::size_t handle = output.rfind("<<ccr:");
  if (handle == std::string_view::npos) return std::string(output);
  return std::string(output.substr(0, output.rfind('\n', handle) + 1));
}

TEST(CodeCases, Hold) {
  const CodeCompressor compressor;
  const std::vector<testing::Case> cases = testing::read_cases("compress/code");
  for (const testing::Case& c : cases) testing::check_case(compressor, c, detect::ContentType::kCode, unfold);
}

}  // namespace
}  // namespace headroom::compress
