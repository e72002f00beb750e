#include "detect/table_shape.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"
#include "detect/aligned.h"
#include "detect/barred.h"
#include "detect/delimited.h"

namespace headroom::detect {
namespace {

using Cells = std::vector<std::string_view>;

TEST(Delimited, QuotesLineBreaksAndWhatIsNeverClosed) {
  const DelimitedText table = read_delimited("a,\"b, \"\"c\"\"\",d\r\n\"x\ny\",z\n\n\"open,1\n2,3", ',');
  ASSERT_EQ(table.records.size(), 4U);
  EXPECT_EQ(table.cells, (Cells{"a", "\"b, \"\"c\"\"\"", "d", "\"x\ny\"", "z", "\"open", "1", "2", "3"}));
  EXPECT_TRUE(read_delimited("", ',').records.empty());
}

TEST(Delimited, FindsTheCharacterThatParts) {
  EXPECT_EQ(find_delimiter("id;name;price\n1;a;1,5\n2;b;2,5\n3;c;3,5\n")->character, ';');
  EXPECT_EQ(find_delimiter("id\tname\tx\n1\ta\t\n2\tb\t3\n3\tc\t4\n")->columns, 3U);
  EXPECT_EQ(find_delimiter("# note\na\tb\tc\nd\te\nf\tg\th\ni\tj\nk\tl\tm\nn\to\tp\n")->least, 2U);
  EXPECT_EQ(find_delimiter("at place level\n1 a 2.5\n2 b 3\n3 a 1\n4 b 2\n5 a 3\n6 b 4\n7 a 5\n8 b 6\n")->character,
            ' ');
  EXPECT_FALSE(
      find_delimiter("a job ran 1\na job ran 2\na job ran 3\na job ran 4\na job ran 5\na job ran 6\na job ran 7\n"
                     "a job ran 8\na job ran 9\n")
          .has_value());
  EXPECT_FALSE(find_delimiter("int a, b, c;\nint d, e, f;\nint g, h, i;\nint j, k, l;\n").has_value());
  EXPECT_FALSE(find_delimiter("One, two and three.\nFour, five, and six.\nSeven.\nEight, nine.\n").has_value());
}

TEST(Aligned, CellsWithSpacesAndEmptyOnes) {
  const std::vector<std::string_view> lines = base::split_lines(
      "CONTAINER ID   IMAGE     CREATED        PORTS     NAMES\n"
      "0a1b2c3d4e5f   nginx:1   2 hours ago    80/tcp    web\n"
      "1a1b2c3d4e5f   redis     3 weeks ago              cache\n"
      "2a1b2c3d4e5f   api       5 days ago     9000/tcp  api\n");
  const auto table = find_aligned(lines);
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(aligned_titles(*table, lines[0]), (Cells{"CONTAINER ID", "IMAGE", "CREATED", "PORTS", "NAMES"}));
  Cells cells;
  ASSERT_TRUE(split_aligned(*table, lines[2], cells));
  EXPECT_EQ(cells, (Cells{"1a1b2c3d4e5f", "redis", "3 weeks ago", "", "cache"}));
}

TEST(Aligned, ProseCodeAndHelpAreNone) {
  for (const char* text :
       {"The quick brown fox\njumps over the dog\nand runs away from\nall of the others\n",
        "usage: tool [options]\n  -a, --all     show all\n  -b, --bytes   in bytes\n  -c, --count   count\n",
        "int main() {\n  int x  = 1;\n  int yy = 2;\n  return x + yy;\n}\n"})
    EXPECT_FALSE(find_aligned(base::split_lines(text)).has_value()) << text;
}

TEST(Barred, CellsBetweenBars) {
  const std::vector<std::string_view> lines =
      base::split_lines(" id | note \n----+------\n  1 | a \\| b\n  2 | \n(2 rows)\n");
  const auto table = find_barred(lines);
  ASSERT_TRUE(table.has_value());
  EXPECT_FALSE(table->outer);
  Cells cells;
  ASSERT_TRUE(split_barred(*table, lines[2], cells));
  EXPECT_EQ(cells, (Cells{"1", "a \\| b"}));
  ASSERT_TRUE(split_barred(*table, lines[3], cells));
  EXPECT_EQ(cells, (Cells{"2", ""}));
  EXPECT_FALSE(split_barred(*table, "(2 rows)", cells));
}

TEST(Barred, Rules) {
  for (const char* rule :
       {"+---+---+", "----+----", "|---|:-:|", "\xE2\x94\x9C\xE2\x94\x80\xE2\x94\xBC\xE2\x94\x80\xE2\x94\xA4", "+===+"})
    EXPECT_TRUE(is_drawn_rule(rule)) << rule;
  for (const char* other : {"", "---", "a + b", "| a | b |", "-", "1 + 1"}) EXPECT_FALSE(is_drawn_rule(other)) << other;
}

TEST(TableShape, SeveralTablesPartedByBlankLines) {
  const std::string text = "id,name,x\n1,a,2\n2,b,3\n3,c,4\n\nkey,value,unit,note\na,1,s,\nb,2,s,\nc,3,s,\nd,4,s,\n";
  const auto found = table_shape(text, base::split_lines(text));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->type, ContentType::kTable);
}

}  // namespace
}  // namespace headroom::detect
