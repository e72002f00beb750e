#include <string>

#include <gtest/gtest.h>

#include "compress/table/table_compressor.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

std::string unfold(std::string_view output) {
  const std::size_t handle = output.rfind("<<ccr:");
  return std::string(output.substr(0, handle));
}

TEST(TableCases, Hold) {
  const TableCompressor compressor;
  for (const testing::Case& c : testing::read_cases("compress/table"))
    testing::check_case(compressor, c, detect::ContentType::kTable, unfold);
}

}  // namespace
}  // namespace headroom::compress
