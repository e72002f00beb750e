#include "compress/xml/document.h"

#include <gtest/gtest.h>

#include "compress/xml/levels.h"
#include "compress/xml/render.h"

namespace headroom::compress::xml {
namespace {

std::string_view raw(const Document& document, std::string_view text, std::size_t element) {
  const Element& e = document.elements[element];
  return text.substr(e.begin, e.end - e.begin);
}

TEST(XmlDocument, KnowsWhereElementsStand) {
  const std::string_view text =
      "<?xml version='1.0' encoding='ISO-8859-1'?>\n<!DOCTYPE a [<!ENTITY x \"y\">]>\n"
      "<a b='1 &lt; 2'><c/><d>x &amp; y<e f=\"&#65;\"></e></d>\n</a>\n";
  const Document document = read_document(text);
  EXPECT_TRUE(document.whole);
  ASSERT_EQ(document.elements.size(), 4u);
  EXPECT_EQ(raw(document, text, 1), "<c/>");
  EXPECT_EQ(raw(document, text, 2), "<d>x &amp; y<e f=\"&#65;\"></e></d>");
  EXPECT_EQ(raw(document, text, 3), "<e f=\"&#65;\"></e>");
  EXPECT_EQ(document.elements[3].parent, 2u);
  EXPECT_EQ(document.elements[0].next, 4u);
  EXPECT_EQ(document.text(document.elements[2]), "x & y");
  EXPECT_EQ(document.value(document.attributes_of(document.elements[0])[0]), "1 < 2");
  EXPECT_EQ(document.value(document.attributes_of(document.elements[3])[0]), "A");
}

TEST(XmlDocument, ReadsWhatStandsBeforeAFaultAndBeforeTheEnd) {
  const Document cut = read_document("<a><b>1</b><b>2</b><b>3");
  ASSERT_EQ(cut.elements.size(), 4u);
  EXPECT_FALSE(cut.whole);
  EXPECT_TRUE(cut.elements[2].closed);
  EXPECT_FALSE(cut.elements[3].closed);
  EXPECT_EQ(cut.elements[0].next, 4u);
  const Document wrong = read_document("<a><b>1</b><b>2</c></a>");
  EXPECT_FALSE(wrong.whole);
  EXPECT_TRUE(wrong.elements[1].closed);
  EXPECT_EQ(read_document("<a/></x></x><b/>").elements.size(), 1u);
  EXPECT_TRUE(read_document("no XML").elements.empty());
  EXPECT_TRUE(read_document("").elements.empty());
}

TEST(XmlDocument, SeveralRootsAndUnknownEntities) {
  const Document document = read_document("<a>1&nbsp;2</a>\n<b/>");
  EXPECT_TRUE(document.whole);
  ASSERT_EQ(document.elements.size(), 2u);
  EXPECT_EQ(document.text(document.elements[0]), "12");
}

TEST(XmlDocument, GivesRangesOfElements) {
  const std::string_view text = "<a><b><c/></b> <b/><d></a>";
  EXPECT_EQ(element_range(text, 1, 3), "<b><c/></b> <b/>");
  EXPECT_EQ(element_range(text, 2, 2), "<c/>");
  EXPECT_EQ(element_range(text, 4, 4), "");
  EXPECT_EQ(element_range(text, 3, 9), "");
}

TEST(XmlLevels, FramesAndRecords) {
  std::string text = "<suites>";
  for (int suite = 0; suite < 10; ++suite) {
    text += "<suite name='s" + std::to_string(suite) + "'>";
    for (int i = 0; i < 5; ++i)
      text += "<case name='c" + std::to_string(suite * 10 + i) + "' time='0.0'><p n='1'/></case>";
    text += "</suite>";
  }
  const Document document = read_document(text + "</suites>");
  const std::vector<Chain> chains = find_chains(document);
  ASSERT_EQ(chains.size(), 1u);
  ASSERT_EQ(chains[0].size(), 2u);
  EXPECT_EQ(chains[0][0].elements.size(), 10u);
  EXPECT_EQ(chains[0][1].elements.size(), 50u);
}

TEST(XmlLevels, FieldsAreNoRecords) {
  std::string text = "<list>";
  for (int i = 0; i < 30; ++i) {
    text += "<struct><member><name>ship</name><value>v" + std::to_string(i) +
            "</value></member><member><name>draught</name><value>" + std::to_string(i * 7 % 13) +
            "</value></member></struct>";
  }
  const Document document = read_document(text + "</list>");
  const std::vector<Chain> chains = find_chains(document);
  ASSERT_EQ(chains.size(), 1u);
  ASSERT_EQ(chains[0].size(), 1u);
  EXPECT_EQ(chains[0][0].elements.size(), 30u);
}

}  // namespace
}  // namespace headroom::compress::xml
