#include "cli/table.h"

#include <gtest/gtest.h>

namespace headroom::cli {
namespace {

TEST(Table, ColumnsAreAsWideAsTheirWidestCell) {
  Table table({{"name"}, {"count", true}});
  table.add({"a", "1"});
  table.add({"längst", "1,000"});
  EXPECT_EQ(table.text(),
            "  name    count\n"
            "  a           1\n"
            "  längst  1,000\n");
}

TEST(Table, LongCellsAreCutBetweenCharacters) {
  Table table({{.heading = "h", .max_width = 5}});
  table.add({"ääääää"});
  table.add({"12345"});
  EXPECT_EQ(table.text(), "  h\n  ää...\n  12345\n");
}

TEST(Table, Numbers) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(-1234567), "-1,234,567");
  EXPECT_EQ(with_commas(-100), "-100");
  EXPECT_EQ(saved_percent(0, 0), "-");
  EXPECT_EQ(saved_percent(200, 50), "75.0%");
  EXPECT_EQ(saved_percent(100, 110), "-10.0%");
  EXPECT_EQ(counted(1, "hour"), "1 hour");
  EXPECT_EQ(counted(2, "hour"), "2 hours");
}

}  // namespace
}  // namespace headroom::cli
