#include <string>

#include <gtest/gtest.h>

#include "compress/search/render.h"
#include "compress/search/search_compressor.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

std::string unfold(std::string_view output) {
  const std::size_t handle = output.rfind("<<ccr:");
  return search::expand(output.substr(0, handle));
}

TEST(SearchCases, Hold) {
  const SearchCompressor compressor;
  for (const testing::Case& c : testing::read_cases("compress/search"))
    testing::check_case(compressor, c, detect::ContentType::kSearch, unfold);
}

TEST(SearchCases, TargetMakesTheOutputSmaller) {
  const SearchCompressor compressor;
  for (const testing::Case& c : testing::read_cases("compress/search")) {
    Input input = testing::input_of(c, detect::ContentType::kSearch, "0123456789abcdef01234567");
    input.target_tokens = 1;
    const auto tight = compressor.compress(input);
    if (!tight || !tight->lossy) continue;
    testing::expect_tiles(c.text, unfold(tight->text), c.name);
    input.target_tokens = 0;
    const auto usual = compressor.compress(input);
    if (usual) {
      EXPECT_LE(tight->text.size(), usual->text.size() * 11 / 10) << c.name;
    }
  }
}

}  // namespace
}  // namespace headroom::compress
