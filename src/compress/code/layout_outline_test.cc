#include "compress/code/layout_outline.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::compress::code {
namespace {

std::optional<Outline> read(std::string_view text) {
  return read_layout(base::split_lines(text));
}

TEST(ReadLayout, FindsWhatDefinitionsOpen) {
  const auto outline = read(
      "defmodule A do\n"                   // 0
      "  @spec add(integer) :: integer\n"  // 1
      "  def add(a) do\n"                  // 2
      "    b = a + 1\n"                    // 3
      "    b * 2\n"                        // 4
      "  end\n"                            // 5
      "\n"                                 // 6
      "  defp scale(%{\n"                  // 7
      "    by: by\n"                       // 8
      "  }) do\n"                          // 9
      "    c = by * 3\n"                   // 10
      "    c + 1\n"                        // 11
      "  end\n"                            // 12
      "end\n");
  ASSERT_TRUE(outline);
  ASSERT_EQ(outline->units.size(), 2U);
  EXPECT_EQ(outline->units[0].name, "add");
  EXPECT_EQ(outline->units[0].start, 1U);
  EXPECT_EQ(outline->units[0].body.first, 3U);
  EXPECT_EQ(outline->units[0].body.last, 4U);
  EXPECT_EQ(outline->units[0].close, 5U);
  EXPECT_EQ(outline->units[1].name, "scale");
  EXPECT_EQ(outline->units[1].header_end, 9U);
  EXPECT_EQ(outline->units[1].body.first, 10U);
}

TEST(ReadLayout, LooksIntoWhatHoldsFunctions) {
  const auto outline = read(
      "void main() {\n"
      "  test('adds', () {\n"
      "    expect(1 + 1, 2);\n"
      "    expect(2 + 2, 4);\n"
      "  });\n"
      "  test('subtracts', () {\n"
      "    expect(1 - 1, 0);\n"
      "    expect(2 - 1, 1);\n"
      "  });\n"
      "}\n");
  ASSERT_TRUE(outline);
  ASSERT_EQ(outline->units.size(), 2U);
  EXPECT_EQ(outline->units[0].name, "adds");
  EXPECT_EQ(outline->units[1].name, "subtracts");
}

TEST(ReadLayout, SignaturesOverSeveralRowsAndBracesBelow) {
  const auto outline = read(
      "Future<int> count(\n"
      "    Store store,\n"
      "    String name) async {\n"
      "  final all = await store.all();\n"
      "  return all.length;\n"
      "}\n"
      "function Get-Total\n"
      "{\n"
      "    $sum = 0\n"
      "    return $sum\n"
      "}\n");
  ASSERT_TRUE(outline);
  ASSERT_EQ(outline->units.size(), 2U);
  EXPECT_EQ(outline->units[0].name, "count");
  EXPECT_EQ(outline->units[0].header_end, 2U);
  EXPECT_EQ(outline->units[1].header_end, 7U);
}

TEST(ReadLayout, SettingsAndWordsAreNoFunctions) {
  EXPECT_FALSE(read("server {\n  listen 80;\n  root /srv;\n}\nserver {\n  listen 81;\n  root /var;\n}\n"));
  EXPECT_FALSE(read("if (a) {\n  b();\n  c();\n}\nwhile (d) {\n  e();\n  f();\n}\n"));
  EXPECT_FALSE(read("It is said\n  that a line\n  is a line.\n"));
  EXPECT_FALSE(read(""));
}

TEST(LayoutLanguage, IsToldByTheExtensionOrTheComments) {
  EXPECT_TRUE(has_layout_only("lib/a.ex"));
  EXPECT_TRUE(has_layout_only("R/slice.R"));
  EXPECT_FALSE(has_layout_only("a.py"));
  EXPECT_EQ(layout_language("a.erl", {}).comment, "%");
  EXPECT_EQ(layout_language("", {"// a", "x", "// b"}).comment, "//");
}

}  // namespace
}  // namespace headroom::compress::code
