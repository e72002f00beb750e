#include "detect/gutter.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::detect {
namespace {

TEST(Gutter, NumbersThatRiseByOneAreAGutter) {
  const auto read = read_numbered("     7\talpha\n     8\t\n     9\tbeta\n");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->text, "alpha\n\nbeta\n");
  EXPECT_EQ(read->first_number, 7U);
  EXPECT_FALSE(read_numbered("7\ta\n9\tb\n10\tc\n").has_value());
  EXPECT_FALSE(read_numbered("1\ta\n2\tb\n").has_value()) << "too few to tell";
}

TEST(Gutter, AMinifiedFileHasOneLine) {
  const std::string json = R"({"results": [)" + std::string(400, ' ') + "]}";
  const auto read = read_numbered("     1\t" + json);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->text, json);
  EXPECT_FALSE(read_numbered("     2\t" + json).has_value());
  EXPECT_FALSE(read_numbered("     1\t" + std::string(400, 'x')).has_value());
}

TEST(Gutter, AColonMayStandTightAtTheText) {
  const auto tight = read_numbered("11:def f():\n12:  return 1\n13:\n14:x = f()\n");
  ASSERT_TRUE(tight.has_value());
  EXPECT_EQ(tight->text, "def f():\n  return 1\n\nx = f()\n");
  const auto wide = read_numbered("1: def f():\n2:   return 1\n3: \n4: x = f()\n");
  ASSERT_TRUE(wide.has_value());
  EXPECT_EQ(wide->text, "def f():\n  return 1\n\nx = f()\n");
  EXPECT_FALSE(read_numbered("12:30 open\n13:30 noon\n14:30 tea\n15:30 late\n").has_value()) << "times";
}

TEST(Gutter, FilesAreFoundAmongOtherLines) {
  std::string file;
  for (int i = 41; i < 60; ++i) file += std::to_string(i) + "|  some line of code();\n";
  const std::string text = "[File: a.py (90 lines)]\n(40 more lines above)\n" + file + "(31 more lines below)\n";
  const auto runs = numbered_runs(text);
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(text.substr(runs[0].begin, runs[0].end - runs[0].begin), file);
  EXPECT_EQ(numbered_runs("a.py\n" + file + "b.py\n" + file).size(), 2U);
  EXPECT_TRUE(numbered_runs(file).empty()) << "numbered from the first line on";
  EXPECT_TRUE(numbered_runs("a note\n" + file + std::string(600, 'x')).empty()) << "the least of the text";
  EXPECT_TRUE(numbered_runs("src/a.c\n12:one\n14:two\n15:three\n90:four\n").empty()) << "finds, not a file";
  EXPECT_TRUE(numbered_runs("").empty());
  EXPECT_TRUE(numbered_runs("\n\n\n").empty());
}

}  // namespace
}  // namespace headroom::detect
