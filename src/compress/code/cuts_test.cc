#include "compress/code/cuts.h"

#include <string>

#include <gtest/gtest.h>

#include "base/text.h"
#include "compress/code/syntax.h"

namespace headroom::compress::code {
namespace {

/// What is found for lines [first, last] of a text, which count from 1.
Cuts::Found check(std::string_view language, const std::string& text, std::uint32_t first, std::uint32_t last) {
  const Language* found = language_by_name(language);
  const auto tree = parse(*found, text, base::Deadline::never());
  const auto rows = base::split_lines(text);
  const NodeKinds kinds(*found);
  return Cuts(*found, kinds, *tree, rows).check(first - 1, last - 1, TSNode{});
}

TEST(Cuts, StatementsBetweenBracesCanGo) {
  const std::string text =
      "int f(int a) {\n"      // 1
      "  if (a > 1) {\n"      // 2
      "    a = 2;\n"          // 3
      "    // why\n"          // 4
      "  } else\n"            // 5
      "    a = 3;\n"          // 6
      "  return g(a,\n"       // 7
      "           \"b\");\n"  // 8
      "}\n";                  // 9
  EXPECT_EQ(check("c", text, 2, 8).cut, Cut::kClean);
  EXPECT_EQ(check("c", text, 3, 4).cut, Cut::kClean);
  EXPECT_EQ(check("c", text, 4, 4).cut, Cut::kClean);
  EXPECT_EQ(check("c", text, 2, 6).cut, Cut::kClean);
  EXPECT_EQ(check("c", text, 1, 9).cut, Cut::kClean);
  EXPECT_EQ(check("c", text, 2, 4).cut, Cut::kTears) << "the else would lose its if";
  EXPECT_EQ(check("c", text, 6, 6).cut, Cut::kTears) << "the else would take the next statement";
  EXPECT_EQ(check("c", text, 3, 7).cut, Cut::kTears);
  EXPECT_EQ(check("c", text, 8, 8).cut, Cut::kTears);
  EXPECT_EQ(check("c", text, 9, 9).cut, Cut::kTears);
}

TEST(Cuts, PythonNeedsAStatement) {
  const std::string text =
      "def f(a):\n"      // 1
      "    # why\n"      // 2
      "    if a:\n"      // 3
      "        b = 1\n"  // 4
      "        c = 2\n"  // 5
      "    else:\n"      // 6
      "        b = 3\n"  // 7
      "    return b\n"   // 8
      "\n"               // 9
      "x = [\n"          // 10
      "    1,\n"         // 11
      "]\n";             // 12
  EXPECT_EQ(check("python", text, 2, 8).cut, Cut::kEmpties);
  EXPECT_EQ(check("python", text, 2, 8).row, 2u) << "it stands where the first statement did";
  EXPECT_EQ(check("python", text, 2, 7).cut, Cut::kClean);
  EXPECT_EQ(check("python", text, 5, 5).cut, Cut::kClean);
  EXPECT_EQ(check("python", text, 4, 5).cut, Cut::kEmpties);
  EXPECT_EQ(check("python", text, 7, 8).cut, Cut::kEmpties) << "the end of the inner block and what follows it";
  EXPECT_EQ(check("python", text, 5, 7).cut, Cut::kTears);
  EXPECT_EQ(check("python", text, 3, 5).cut, Cut::kTears);
  EXPECT_EQ(check("python", text, 11, 11).cut, Cut::kClean);
  EXPECT_EQ(check("python", text, 8, 12).cut, Cut::kClean);
}

TEST(Cuts, ListsThatAreAllThereIsBetweenDelimiters) {
  EXPECT_EQ(check("ruby", "def f\n  a\n  b\nend\n", 2, 3).cut, Cut::kClean);
  EXPECT_EQ(
      check("go", "package a\n\nfunc f(a int) {\n\tswitch a {\n\tcase 1: // one\n\t\tg()\n\t\th()\n\t}\n}\n", 6, 7).cut,
      Cut::kClean);
  EXPECT_EQ(check("kotlin", "val f = { a: Int ->\n    g(a)\n    h(a)\n}\n", 2, 3).cut, Cut::kClean);
  EXPECT_EQ(check("kotlin", "fun f(a: Int) {\n    if (a > 1)\n        g()\n}\n", 3, 3).cut, Cut::kTears);
  EXPECT_EQ(check("javascript", "const f = () => (\n  g(1)\n);\n", 2, 2).cut, Cut::kTears);
}

TEST(Cuts, HereDocumentsStayWithTheirStatement) {
  const std::string text = "def f\n  a\n  b <<~END\n    text\n  END\n  c\nend\n";
  EXPECT_EQ(check("ruby", text, 3, 3).cut, Cut::kTears);
  EXPECT_EQ(check("ruby", text, 4, 5).cut, Cut::kTears);
  EXPECT_EQ(check("ruby", text, 2, 6).cut, Cut::kClean);
}

TEST(Cuts, WholeItemsOfWhatDoesNotParse) {
  const std::string text =
      "int a(int) __THROW __attr(1) x;\n"  // 1
      "#ifdef A\n"                         // 2
      "int b(int) __THROW y z;\n"          // 3
      "#else\n"                            // 4
      "int c(int) __THROW;\n"              // 5
      "#endif\n"                           // 6
      "int d(int,\n"                       // 7
      "  int) __THROW __X;\n";             // 8
  const Language* c = language_by_name("c");
  const auto tree = parse(*c, text, base::Deadline::never());
  const auto rows = base::split_lines(text);
  const NodeKinds kinds(*c);
  Cuts cuts(*c, kinds, *tree, rows);
  EXPECT_EQ(cuts.check_items(0, 5).cut, Cut::kClean);
  EXPECT_EQ(cuts.check_items(6, 7).cut, Cut::kClean);
  EXPECT_EQ(cuts.check_items(0, 2).cut, Cut::kTears);
  EXPECT_EQ(cuts.check_items(0, 6).cut, Cut::kTears);
}

}  // namespace
}  // namespace headroom::compress::code
