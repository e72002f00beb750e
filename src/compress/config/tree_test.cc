#include "compress/config/tree.h"

#include <gtest/gtest.h>

namespace headroom::compress::config {
namespace {

TEST(ConfigTree, YamlByIndentation) {
  const Tree t = read_tree("a:\n  b: 1\n  c:\n  - name: x\n    v: 2\n  - y\nd: |\n  text: no key\ne: 3\n");
  EXPECT_EQ(t.lines[1].parent, 0u);
  EXPECT_EQ(t.lines[3].parent, 2u);  // an item may stand as far left as its key
  EXPECT_EQ(t.lines[4].parent, 3u);
  EXPECT_EQ(t.lines[3].end, 5u);
  EXPECT_TRUE(t.lines[5].item);
  EXPECT_EQ(t.lines[5].value, "y");
  EXPECT_EQ(t.lines[7].kind, Kind::kScalar);
  EXPECT_EQ(t.lines[8].parent, kNone);
}

TEST(ConfigTree, DocumentsAndComments) {
  const Tree t = read_tree("# licence\n---\na: 1\n---\n# second\nb: 2\n");
  EXPECT_EQ(t.documents, (std::vector<std::uint32_t>{0, 3}));
  EXPECT_EQ(t.lines[0].kind, Kind::kComment);
  EXPECT_EQ(t.lines[5].document, 1u);
}

TEST(ConfigTree, SectionsAndBraces) {
  const Tree ini = read_tree("x=0\n[a]\nk = v\n\n[b]\nk=w\n");
  EXPECT_EQ(ini.lines[2].parent, 1u);
  EXPECT_EQ(ini.lines[1].end, 3u);
  EXPECT_EQ(ini.lines[5].value, "w");
  const Tree nginx = read_tree("http {\n  server {\n    listen 80;\n  }\n}\n");
  EXPECT_EQ(nginx.lines[2].parent, 1u);
  EXPECT_EQ(nginx.lines[2].key, "listen");
  EXPECT_EQ(nginx.lines[1].end, 4u);
  EXPECT_EQ(nginx.lines[4].kind, Kind::kClose);
}

TEST(ConfigTree, OddTextHasALineEach) {
  for (const char* text : {"", "\n\n", "---", "}", "}\n}\n", "[", "- - - a\n", ":\n", "a: |"})
    EXPECT_LE(read_tree(text).documents.size(), 2u);
}

}  // namespace
}  // namespace headroom::compress::config
