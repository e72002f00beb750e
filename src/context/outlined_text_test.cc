#include "context/outlined_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::context {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

TEST(OutlinedText, WhatDefinesAName) {
  const OutlinedText text(
      "def load(path):\n    return path\nfunc (s *Set) Load() {\n\tx := 1\n}\n  load: function() {\n    y\n"
      "if load(x) {\n  y\n}\nload(x)\nreload(x) {\n  y\n");
  EXPECT_TRUE(text.defines(0, "load"));
  EXPECT_TRUE(text.defines(2, "load"));
  EXPECT_TRUE(text.defines(5, "load"));
  EXPECT_FALSE(text.defines(1, "path"));
  EXPECT_FALSE(text.defines(7, "load")) << "a condition";
  EXPECT_FALSE(OutlinedText("fs::load(x)\n    .map(y)\n").defines(0, "load")) << "a call";
  EXPECT_TRUE(OutlinedText("def load(x)\n  y\nend\n").defines(0, "load"));
  EXPECT_FALSE(text.defines(10, "load")) << "nothing is below it";
  EXPECT_FALSE(text.defines(11, "load")) << "part of another name";
}

TEST(OutlinedText, NumbersOfAViewerAreNoText) {
  const OutlinedText text("     1\tclass A:\n     2\t    def f(self):\n     3\t        pass\n     4\tb = 1\n");
  EXPECT_TRUE(text.defines(1, "f"));
  EXPECT_EQ(text.end_of(0, 4), 3U);
  EXPECT_THAT(text.above(2), Contains(0U));
}

TEST(OutlinedText, SectionsOfMarkdown) {
  const OutlinedText text("# A\n\n## B\nb\n### C\nc\n## D\nd\ne\nf\n");
  EXPECT_EQ(text.end_of(2, 10), 6U);
  EXPECT_EQ(text.end_of(4, 10), 7U) << "some lines at least";
  EXPECT_THAT(text.above(9), ElementsAre(7U, 8U, 6U));
}

TEST(OutlinedText, MembersOfJson) {
  const OutlinedText text("{\n  \"deps\": {\n    \"lib/jose\": {\n      \"version\": \"6.2\"\n    }\n  }\n}\n");
  EXPECT_TRUE(text.defines(2, "jose"));
  EXPECT_FALSE(text.defines(3, "version"));
  EXPECT_EQ(text.end_of(2, 7), 5U);
}

TEST(OutlinedText, FieldsBetweenBlankLines) {
  const OutlinedText text("Name: a\nCost: 1\n\nName: b\nTeam: x\nCost: 2\n\nName: c\n");
  EXPECT_EQ(text.item_of(4), 3U);
  EXPECT_EQ(text.end_of(3, 8), 6U);
  EXPECT_EQ(text.item_of(1), 0U);
  EXPECT_EQ(text.item_of(7), 7U) << "one alone is none";
  std::string many;
  for (int i = 0; i < 100; ++i) many += "key = value\n";
  EXPECT_EQ(OutlinedText(many).item_of(50), 50U);
}

TEST(OutlinedText, AHeadOfSeveralLines) {
  const OutlinedText text("function f({\n  a,\n}: {\n  b: string;\n}): string {\n  const x = 1;\n  return x;\n}\n");
  EXPECT_THAT(text.above(6), Contains(0U));
}

TEST(OutlinedText, ItemsOfLists) {
  const OutlinedText text("assets:\n  - id: 1\n    name: a\n    cost: 3\n  - id: 2\n    name: b\nother: x\n\ny\n");
  EXPECT_EQ(text.item_of(2), 1U);
  EXPECT_EQ(text.item_of(3), 1U);
  EXPECT_EQ(text.end_of(1, 9), 4U);
  EXPECT_EQ(text.item_of(5), 4U);
  EXPECT_EQ(text.item_of(4), 4U);
  EXPECT_EQ(text.item_of(6), 6U);
  EXPECT_EQ(text.item_of(8), 8U);
}

TEST(OutlinedText, ACommentIsNoSection) {
  const OutlinedText text("# first\na = 1\n# second\nb = 2\nc = 3\nd = 4\n");
  EXPECT_FALSE(text.defines(0, "first"));
  EXPECT_THAT(text.above(5), Not(Contains(2U)));
}

}  // namespace
}  // namespace headroom::context
