#include "compress/table/grid.h"

#include <string>
#include <type_traits>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace headroom::compress::table {
namespace {

static_assert(!std::is_copy_constructible_v<Grid>, "the cells of a copy would point into the one that it was made of");

/// A table whose cells hold doubled quotes, so that they stand in the grid's own strings.
std::string quoted_table(int part) {
  std::string out = "id;owner;note\n";
  for (int i = 0; i < 30; ++i) {
    out += fmt::format("{};kim;\"part {} asks for \"\"read only\"\" access, see note {}\"\n", i, part, i);
  }
  return out;
}

TEST(Grids, KeepTheirCellsWhenThereAreSeveral) {
  std::string text;
  for (int part = 0; part < 9; ++part) text += quoted_table(part) + "\n";
  const auto parts = read_grids(text);
  ASSERT_EQ(parts.size(), 9U);
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const Grid& grid = parts[part].grid;
    for (std::size_t row = 0; row < grid.rows.size(); ++row) {
      EXPECT_EQ(grid.cell(row, 2), fmt::format("part {} asks for \"read only\" access, see note {}", part, row));
    }
  }
}

}  // namespace
}  // namespace headroom::compress::table
