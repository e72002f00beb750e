#include "context/cells.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::context {
namespace {

std::string empty(std::string_view table, std::size_t row) {
  const auto lines = base::split_lines(table);
  std::string out;
  Cells(lines).append_empty(lines[row], out);
  return out;
}

TEST(Cells, AreEmptyUnderTheirHeader) {
  constexpr std::string_view kTable =
      "ID   OWNER   REVIEWER\n"
      "T-1  alice           \n"
      "T-2          alice\n"
      "T-3  alice   bob\n";
  EXPECT_EQ(empty(kTable, 1), "\n2");
  EXPECT_EQ(empty(kTable, 2), "\n1");
  EXPECT_EQ(empty(kTable, 3), "");
}

TEST(Cells, WiderColumnsAreTheSameColumns) {
  constexpr std::string_view kWider =
      "ID       OWNER        REVIEWER\n"
      "T-1000                alice\n";
  EXPECT_EQ(empty(kWider, 1), "\n1");
}

TEST(Cells, NumbersMayEndUnderTheirHeader) {
  constexpr std::string_view kSizes =
      "          total   free\n"
      "Mem:   16308644     12\n";
  EXPECT_EQ(empty(kSizes, 1), "");
}

TEST(Cells, BarsTellThemApart) {
  EXPECT_EQ(empty("  id  |      query      \n  7   | COMMIT\n", 1), "");
}

TEST(Cells, WithoutAHeaderNothingIsSaid) {
  EXPECT_EQ(empty("a b c\nd e f\ng h i\n", 1), "");
}

}  // namespace
}  // namespace headroom::context
