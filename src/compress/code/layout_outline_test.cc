#include "compress/code/layout_outline.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::compress::code {
namespace {

std::optional<Outline> read(std::string_view text, std::string_view path = "a.ex") {
  const std::vector<std::string_view> rows = base::split_lines(text);
  return read_layout(rows, layout_language(path, rows));
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

/// Rows of the items, counted from 1: "1-3 4".
std::string items(const Outline& outline) {
  std::string text;
  for (const Item& item : outline.items) {
    text += (text.empty() ? "" : " ") + std::to_string(item.rows.first + 1);
    if (item.rows.last != item.rows.first) text += "-" + std::to_string(item.rows.last + 1);
    if (item.parent != kNone) text += "^";
  }
  return text;
}

TEST(ReadLayout, ItemsOfAMakefile) {
  const auto outline = read(
      "OUT = build\n"           // 1
      "SOURCES = a.c \\\n"      // 2
      "b.c\n"                   // 3
      "# all of it\n"           // 4
      "all: $(OUT)/a\n"         // 5
      "\tcc -o a\n"             // 6
      "\n"                      // 7
      "\tstrip a\n"             // 8
      "ifeq ($(A),y)\n"         // 9
      "B = 1\n"                 // 10
      "ifdef C\n"               // 11
      "  D = 2\n"               // 12
      "endif\n"                 // 13
      "else\n"                  // 14
      "B = 2\n"                 // 15
      "endif\n"                 // 16
      "E = 1\nF = 1\nG = 1\n",  // 17
      "Makefile");
  ASSERT_TRUE(outline);
  EXPECT_EQ(items(*outline), "1 2-3 5-8 9-16 10^ 11-13^ 12^ 15^ 17 18 19");
}

TEST(ReadLayout, ItemsOfSqlEndWithASemicolon) {
  const auto outline = read(
      "CREATE TABLE a (\n"                // 1
      "  b int\n"                         // 2
      ");\n"                              // 3
      "CREATE FUNCTION f(int) RETURNS\n"  // 4
      "int LANGUAGE plpgsql AS $$\n"      // 5
      "BEGIN\n"                           // 6
      "RETURN $1;\n"                      // 7
      "END;\n"                            // 8
      "$$;\n"                             // 9
      "GRANT SELECT ON a\n"               // 10
      "TO PUBLIC;\n"                      // 11
      "-- views\n"                        // 12
      "CREATE VIEW c AS SELECT 1;\n"      // 13
      "CREATE VIEW d AS SELECT 1;\n"      // 14
      "CREATE VIEW e AS SELECT 1;\n"      // 15
      "CREATE VIEW f AS SELECT 1;\n"      // 16
      "CREATE VIEW g AS SELECT 1;\n",     // 17
      "a.sql");
  ASSERT_TRUE(outline);
  EXPECT_EQ(items(*outline), "1-3 4-9 10-11 13 14 15 16 17");
}

TEST(ReadLayout, FunctionsThatAreValuesOfLua) {
  const auto outline = read(
      "local commands = {\n"
      "  [\"doc:cut\"] = function()\n    local a = 1\n    copy(a)\n  end,\n"
      "  paste = function(x)\n    local a = 1\n    insert(a)\n  end,\n"
      "}\n",
      "a.lua");
  ASSERT_TRUE(outline);
  ASSERT_EQ(outline->units.size(), 2U);
  EXPECT_EQ(outline->units[0].name, "doc:cut");
  EXPECT_EQ(outline->units[1].name, "paste");
}

TEST(ReadLayout, LongTablesOfValues) {
  std::string text = "{\n  list: {\n    few: 1\n  },\n  variables: {\n";  // 1-5
  for (int i = 0; i < 40; ++i) text += "    value_" + std::to_string(i) + ": " + std::to_string(i) + ",\n";
  text += "    last: [\n      'a'\n    ]\n  }\n}\n";
  const auto outline = read(text, "");
  ASSERT_TRUE(outline);
  ASSERT_EQ(outline->tables.size(), 1U);
  EXPECT_EQ(outline->tables[0].head, 4U);
  EXPECT_EQ(outline->tables[0].items.size(), 40U);
  EXPECT_EQ(outline->tables[0].items[0].first, 5U);
}

}  // namespace
}  // namespace headroom::compress::code
