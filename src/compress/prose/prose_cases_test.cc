#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compress/prose/prose_compressor.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

using testing::Case;

std::vector<Case> all_cases() {
  return testing::read_cases("compress/prose");
}

std::string unfold(std::string_view output) {
  return std::string(output.substr(0, output.rfind("<<ccr:")));
}

TEST(ProseCases, Hold) {
  const ProseCompressor compressor;
  const std::vector<Case> cases = all_cases();
  for (const Case& c : cases) testing::check_case(compressor, c, detect::ContentType::kProse, unfold);
}

}  // namespace
}  // namespace headroom::compress
