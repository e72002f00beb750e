#include "compress/prose/document.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compress/prose/line_form.h"

namespace headroom::compress::prose {
namespace {

using ::testing::ElementsAre;

std::vector<BlockKind> kinds(const Document& d) {
  std::vector<BlockKind> out;
  for (const Block& block : d.blocks) out.push_back(block.kind);
  return out;
}

TEST(Document, ReadsMarkdown) {
  const Document d = read_document(
      "# Title\n\nSome text\nover lines.\n\n- one\n- two\n  goes on\n\n```sh\n# not a heading\n```\n\n> said\n\n"
      "| a | b |\n|---|---|\n| 1 | 2 |\n\nSub\n---\nMore.\n");
  EXPECT_THAT(kinds(d), ElementsAre(BlockKind::kHeading, BlockKind::kParagraph, BlockKind::kItem, BlockKind::kItem,
                                    BlockKind::kCode, BlockKind::kQuote, BlockKind::kTable, BlockKind::kRow,
                                    BlockKind::kHeading, BlockKind::kParagraph));
  ASSERT_EQ(d.sections.size(), 2u);
  EXPECT_EQ(d.blocks[7].head, 6u);
}

TEST(Document, AFenceThatIsCutOffEndsBeforeTheNextHeading) {
  const Document d = read_document("# Title\n\n```sh\nmake\n# not a heading\n\n## Comments\n\nSome text.\n");
  EXPECT_THAT(kinds(d), ElementsAre(BlockKind::kHeading, BlockKind::kCode, BlockKind::kHeading, BlockKind::kParagraph));
  EXPECT_THAT(kinds(read_document("Text.\n\n```sh\nmake\n\nall\n")),
              ElementsAre(BlockKind::kParagraph, BlockKind::kCode));
  std::string many;
  for (int i = 0; i < 20000; ++i) many += "```x\n\n## h\n";
  EXPECT_GT(read_document(many).blocks.size(), 20000u) << "and in linear time";
}

TEST(Document, ReadsManualPages) {
  const Document d = read_document(
      "LS(1)      User Commands      LS(1)\n\nNAME\n       ls - list directory contents\n\nDESCRIPTION\n"
      "       List information about the FILEs.\n\n       -a, --all\n              do not ignore entries\n\n"
      "       -b     print octal escapes\n\nAUTHOR\n       Written by Someone.\n");
  ASSERT_EQ(d.sections.size(), 4u);
  bool introduced = false;
  for (const Block& block : d.blocks) {
    if (block.head == kNone || d.lines[block.first].content != "do not ignore entries") continue;
    introduced = d.lines[d.blocks[block.head].first].content == "-a, --all";
  }
  // The option and what explains it are one item.
  for (const Block& block : d.blocks) {
    if (d.lines[block.first].content == "-a, --all") introduced = introduced || block.last == block.first + 1;
  }
  EXPECT_TRUE(introduced);
}

TEST(Document, NamesWithWhatTheyAreBesideThemAreItems) {
  const Document d = read_document(
      "Everyday commands\n   add      Take hosts into the fleet\n   bisect   Search for the release\n"
      "            that brought in a fault\n   gc       Clean up the store\n\nTwo are none\n   a   one thing\n   b   "
      "two "
      "things\n\nNor is a table\n   a   b c   1\n   d   e f   2\n   g   h i   3\n");
  std::vector<std::uint32_t> firsts;
  for (const Block& block : d.blocks) {
    if (block.kind == BlockKind::kItem) firsts.push_back(block.first);
  }
  EXPECT_THAT(firsts, ElementsAre(1, 2, 4));
}

TEST(Document, OptionsWithALongNameOnlyAreItemsOfTheirOwn) {
  const Document d = read_document(
      "Options:\n  -m, --memory bytes     Memory limit\n      --mount mount      Attach a mount\n"
      "                         to the container\n      --name string      Assign a name\n  -q, --quiet            Say "
      "less\n");
  std::vector<std::uint32_t> firsts;
  for (const Block& block : d.blocks) {
    if (block.kind != BlockKind::kItem) continue;
    firsts.push_back(block.first);
    EXPECT_EQ(block.indent, 2u);
  }
  EXPECT_THAT(firsts, ElementsAre(1, 2, 4, 5));
}

TEST(Document, RunsOfLinksSayNothingAboutTheMatter) {
  const std::string links =
      "- [Home](https://x.test/)\n- [Guides](https://x.test/guides)\n- Product: [API](https://x.test/api) · "
      "[CLI](/cli)\n";
  const std::string said = "Every request is tried five times. See [the guide](https://x.test/g), which says more.\n";
  const Document page = read_document(links + "\n" + said + "\nA second paragraph.\n");
  ASSERT_FALSE(page.blocks.empty());
  EXPECT_EQ(page.blocks.front().kind, BlockKind::kMeta);
  EXPECT_EQ(page.blocks.front().last, 2U);
  EXPECT_EQ(page.blocks[1].kind, BlockKind::kParagraph);
  EXPECT_EQ(read_document(links + "\nLinks.\n").blocks.front().kind, BlockKind::kItem) << "a list of links";
  EXPECT_TRUE(is_only_links("[← Back](/a)  [Next →](/b)"));
  EXPECT_FALSE(is_only_links("See [the guide](/g), which says more."));
  EXPECT_FALSE(is_only_links("- an item [not a link]"));
}

TEST(Document, ReadsUnderlinedHeadings) {
  const Document d =
      read_document("=====\nTitle\n=====\n\nText here.\n\nPart\n----\n\nMore::\n\n    code()\n\nEnd of it.\n");
  EXPECT_THAT(kinds(d), ElementsAre(BlockKind::kHeading, BlockKind::kParagraph, BlockKind::kHeading,
                                    BlockKind::kParagraph, BlockKind::kCode, BlockKind::kParagraph));
  EXPECT_EQ(d.sections[1].parent, 0u);
}

TEST(Document, EveryLineThatIsNotBlankIsInOneBlock) {
  const Document d = read_document("a\n\n\n  b\nc\n * d\n e\n\n\tf\n\n---\n~~~\nopen\n");
  std::vector<int> seen(d.lines.size(), 0);
  for (const Block& block : d.blocks) {
    for (std::uint32_t i = block.first; i <= block.last; ++i) ++seen[i];
  }
  for (std::size_t i = 0; i < d.lines.size(); ++i) EXPECT_EQ(seen[i], d.lines[i].blank() ? 0 : 1) << i;
}

}  // namespace
}  // namespace headroom::compress::prose
