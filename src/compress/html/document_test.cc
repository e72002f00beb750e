#include "compress/html/document.h"

#include <string>

#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::compress::html {
namespace {

/// "div(p(a) b)": elements with what is in them, text trimmed.
std::string shape(const Document& document, std::uint32_t node = 0) {
  const std::vector<Node>& nodes = document.nodes();
  std::string out;
  for (std::uint32_t i = node + 1; i < nodes[node].end; i = nodes[i].end) {
    std::string one = nodes[i].tag == Tag::kText ? std::string(base::trim(nodes[i].text)) : std::string(nodes[i].text);
    if (one.empty()) continue;
    if (nodes[i].end > i + 1) one += "(" + shape(document, i) + ")";
    out += (out.empty() ? "" : " ") + one;
  }
  return out;
}

std::string shape(std::string_view page) {
  return shape(Document(page));
}

TEST(Document, EndTagsMayBeMissing) {
  EXPECT_EQ(shape("<ul><li>a<li>b</ul>c"), "ul(li(a) li(b)) c");
  EXPECT_EQ(shape("<p>a<p>b<div>c</div>"), "p(a) p(b) div(c)");
  EXPECT_EQ(shape("<table><tr><td>1<td>2<tr><td>3</table>x"), "table(tr(td(1) td(2)) tr(td(3))) x");
  EXPECT_EQ(shape("<dl><dt>a<dd>b<dt>c</dl>"), "dl(dt(a) dd(b) dt(c))");
  EXPECT_EQ(shape("<ul><li>a<ul><li>b</ul><li>c</ul>"), "ul(li(a ul(li(b))) li(c))");
}

TEST(Document, StrayEndTagsCloseNothing) {
  EXPECT_EQ(shape("<div><table><tr><td>a</div>b</table>c</div>d"), "div(table(tr(td(a b))) c) d");
  EXPECT_EQ(shape("<p>a</span>b</p>c"), "p(a b) c");
  EXPECT_EQ(shape("<body>a</body>b"), "body(a b)");
}

TEST(Document, ScriptsAndCommentsAreNoMarkup) {
  EXPECT_EQ(shape("<script>if (a<b) '</p>'</script>x"), "script(if (a<b) '</p>') x");
  EXPECT_EQ(shape("a<!-- <p> -->b<!doctype x>c"), "a b c");
  EXPECT_EQ(shape("1 < 2 <3"), "1 < 2 < 3");
}

TEST(Document, Attributes) {
  const Document document("<a href=x.html CLASS='b c' data-n=\"1 > 0\" hidden>t</a>");
  const Node& a = document.nodes()[1];
  EXPECT_EQ(document.attribute(a, "href"), "x.html");
  EXPECT_EQ(document.attribute(a, "class"), "b c");
  EXPECT_EQ(document.attribute(a, "data-n"), "1 > 0");
  EXPECT_TRUE(document.has_attribute(a, "hidden"));
  EXPECT_FALSE(document.has_attribute(a, "id"));
  EXPECT_EQ(base::trim(document.text_of(0)), "t");
}

TEST(Document, DeepNestingIsFlattened) {
  std::string page;
  for (int i = 0; i < 50'000; ++i) page += "<div>";
  page += "deep";
  for (int i = 0; i < 50'000; ++i) page += "</div>";
  page += "after";
  const Document document(page);
  EXPECT_EQ(document.nodes().back().text, "after");
  EXPECT_EQ(document.nodes().back().parent, 0U);
}

TEST(Document, ATitleInAPictureEndsWithThePicture) {
  const Document document("<svg><title><path d=\"M1\"></svg><p>text");
  EXPECT_EQ(document.nodes().back().text, "text");
}

TEST(Document, CutOffAnywhere) {
  const std::string page =
      "<!-- c --><div class=\"a\" id='b'><p>x &amp; y<script>1</script><table><tr><td>z</td></tr></table></div>";
  for (std::size_t length = 0; length <= page.size(); ++length) {
    const Document document(std::string_view(page).substr(0, length));
    EXPECT_EQ(document.nodes()[0].end, document.nodes().size());
  }
}

}  // namespace
}  // namespace headroom::compress::html
