#include "compress/search/tree.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace headroom::compress::search {
namespace {

TEST(Tree, LevelsForDrawing) {
  const std::string drawn =
      "src\n\xE2\x94\x9C\xE2\x94\x80\xE2\x94\x80 a\n\xE2\x94\x82\xC2\xA0\xC2\xA0 \xE2\x94\x94\xE2\x94\x80\xE2\x94\x80 "
      "b\n"
      "\xE2\x94\x94\xE2\x94\x80\xE2\x94\x80 c\n    \xE2\x94\x94\xE2\x94\x80\xE2\x94\x80 d\n\n2 directories, 2 files";
  const auto folded = fold_tree(scan(drawn));
  ASSERT_TRUE(folded);
  EXPECT_EQ(*folded, "[tree]\nsrc\n a\n  b\n c\n  d\n\n2 directories, 2 files");
  EXPECT_EQ(unfold_tree(*folded), drawn);
}

TEST(Tree, AnotherDrawingIsLeftAlone) {
  EXPECT_FALSE(fold_tree(scan("a\n|-- b\n`-- c\n|-- d\n")));  // a last child that is not the last
  EXPECT_EQ(fold_tree(scan("a\n|-- b\n|-- c\n")), "[tree, ascii, cut]\na\n b\n c");
  EXPECT_FALSE(unfold_tree("[tree of life]\n a\n"));
}

TEST(Tree, AnyLevelsComeBack) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string folded = "[tree, ascii]";
    std::size_t depth = 0;
    for (int i = 0; i < 30; ++i) {
      depth = 1 + random() % (depth + 1);
      folded += "\n" + std::string(depth, ' ') + "n" + std::to_string(random() % 9);
    }
    const auto drawn = unfold_tree(folded);
    ASSERT_TRUE(drawn);
    EXPECT_EQ(fold_tree(scan(*drawn)), folded);
  }
}

}  // namespace
}  // namespace headroom::compress::search
