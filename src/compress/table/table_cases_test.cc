#include <string>

#include <gtest/gtest.h>

#include "compress/table/expand.h"
#include "compress/table/table_compressor.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

std::string unfold(std::string_view output) {
  if (!table::is_rewritten(output)) return std::string(output.substr(0, output.rfind("<<ccr:")));
  const auto expanded = table::expand(output);
  return expanded ? *expanded : expanded.error().message;
}

TEST(TableCases, Hold) {
  const TableCompressor compressor;
  for (const testing::Case& c : testing::read_cases("compress/table"))
    testing::check_case(compressor, c, detect::ContentType::kTable, unfold);
}

}  // namespace
}  // namespace headroom::compress
