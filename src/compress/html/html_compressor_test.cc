#include "compress/html/html_compressor.h"

#include <string>

#include <gtest/gtest.h>

#include "compress/marker.h"

namespace headroom::compress {
namespace {

std::string filler(int paragraphs) {
  std::string text;
  for (int i = 0; i < paragraphs; ++i) {
    text += "<p>Paragraph " + std::to_string(i) +
            " tells at some length how the sluice gates of the lower basin are kept, and by whom.</p>\n";
  }
  return text;
}

std::string links(int n, const std::string& name) {
  std::string text = "<ul>";
  for (int i = 0; i < n; ++i)
    text += "<li><a href=\"/" + name + std::to_string(i) + "\">" + name + " " + std::to_string(i) + "</a></li>\n";
  return text + "</ul>";
}

std::string markdown(const std::string& page, const std::string& question = {}, const std::string& tool = "WebFetch",
                     const std::string& arguments = {}) {
  Query query{.user = question, .tool_name = tool, .tool_arguments = arguments};
  query.call = detect::read_tool_call(tool, arguments);
  const auto out = HtmlCompressor().compress({.text = page,
                                              .type = detect::ContentType::kHtml,
                                              .query = query,
                                              .tokenizer = tokens::o200k_base(),
                                              .id = "0123456789abcdef01234567"});
  return out ? out->text : std::string{};
}

bool has(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

const std::string kPage = "<html><head><title>Basin</title><script>track()</script></head><body><nav>" +
                          links(30, "menu") + "</nav><main><h1>Gates</h1>" + filler(8) +
                          "</main><footer><p>Operated by Delta Works, licence 88-C.</p>" + links(12, "legal") +
                          "</footer></body></html>";

TEST(Html, WhatStandsAroundTheContentGoes) {
  const std::string text = markdown(kPage, "who keeps the gates?");
  EXPECT_TRUE(has(text, "# Gates"));
  EXPECT_TRUE(has(text, "Paragraph 7 tells"));
  EXPECT_FALSE(has(text, "menu 3"));
  EXPECT_FALSE(has(text, "track()"));
  EXPECT_TRUE(has(text, "1 navigation part (30 links), 1 footer (12 links)"));
}

TEST(Html, WhatTheQuestionNamesStays) {
  EXPECT_TRUE(has(markdown(kPage, "what does the footer say?"), "legal 11"));
  EXPECT_TRUE(has(markdown(kPage, "which entries has the menu?"), "menu 29"));
  EXPECT_TRUE(has(markdown(kPage, "who is behind licence 88-C?"), "Operated by Delta Works"));
  EXPECT_FALSE(has(markdown(kPage, "who keeps the gates?"), "Operated by Delta Works"));
  EXPECT_TRUE(has(markdown(kPage, "which scripts does it run?"), "track()"));
  EXPECT_EQ(markdown(kPage, "which doctype and charset has the markup?"), "");
}

TEST(Html, APageOfLinksKeepsThem) {
  const std::string text =
      markdown("<html><body><h1>Index</h1>" + links(80, "chapter") + "</body></html>", "is there a chapter 71?");
  EXPECT_TRUE(has(text, "[chapter 71](/chapter71)"));
  EXPECT_TRUE(has(text, "[chapter 0](/chapter0)"));
}

TEST(Html, AThreadIsNoCommentSection) {
  std::string page = "<html><body><main><h1>Gate 4 jams</h1><p>It jams in frost.</p><div class=\"comments\">";
  for (int i = 0; i < 9; ++i)
    page += "<div class=\"comment-body\"><p>Answer " + std::to_string(i) +
            ": have you tried to grease the hinge of the gate?</p></div>";
  page += "</div></main></body></html>";
  EXPECT_TRUE(has(markdown(page, "what was advised?"), "Answer 8:"));
}

TEST(Html, ReadersCommentsBelowAnArticleGo) {
  const std::string page =
      "<html><body><article><h1>Gates</h1>" + filler(12) +
      "<div id=\"comments\"><p>First!</p><p>Nice text, thank you all.</p></div></article></body></html>";
  EXPECT_FALSE(has(markdown(page, "who keeps the gates?"), "Nice text"));
  EXPECT_TRUE(has(markdown(page, "what do commenters think?"), "Nice text"));
}

TEST(Html, APageThatAScriptFillsKeepsItsData) {
  std::string rows;
  for (int i = 0; i < 40; ++i) rows += "{\"gate\": " + std::to_string(i) + ", \"state\": \"open\"},";
  const std::string page =
      "<html><head><script>" + std::string(3000, 'x') + "</script></head><body><div id=\"root\"></div>" +
      "<script id=\"__NEXT_DATA__\" type=\"application/json\">[" + rows + "{}]</script></body></html>";
  EXPECT_TRUE(has(markdown(page, "which gates are open?"), "{\"gate\": 39, \"state\": \"open\"}"));
  const std::string code = "<html><body><div id=\"root\"></div><script>window.state = [" + rows + "]" +
                           std::string(4000, ' ') + "</script></body></html>";
  EXPECT_EQ(markdown(code, "which gates are open?"), "");
}

TEST(Html, APageThatSomebodyWritesStays) {
  const std::string arguments = "{\"file_path\": \"/app/templates/base.html\"}";
  EXPECT_EQ(markdown(kPage, "what is in there?", "Read", arguments), "");
  EXPECT_FALSE(markdown(kPage, "what is in there?", "Read", "{\"file_path\": \"/tmp/saved.html\"}").empty());
}

TEST(Html, ABudgetKeepsWhatIsAsked) {
  std::string page = "<html><body><main>\n<h1>Gates</h1>\n" + filler(40) +
                     "<h2>Frost</h2>\n<p>In frost the ratchet of gate 4 is heated to 12 degrees.</p>\n" + filler(40) +
                     "</main></body></html>";
  const Query query{.user = "how warm is the ratchet kept in frost?"};
  Input input{.text = page,
              .type = detect::ContentType::kHtml,
              .query = query,
              .tokenizer = tokens::o200k_base(),
              .id = "0123456789abcdef01234567"};
  input.target_tokens = 300;
  const auto tight = HtmlCompressor().compress(input);
  ASSERT_TRUE(tight);
  EXPECT_TRUE(has(tight->text, "heated to 12 degrees"));
  EXPECT_LT(tight->text.size(), 2000U);
  EXPECT_EQ(find_gaps(tight->text).size(), 2U);
  input.target_tokens = 0;
  input.profile = Profile::kAggressive;
  const auto aggressive = HtmlCompressor().compress(input);
  ASSERT_TRUE(aggressive);
  EXPECT_TRUE(has(aggressive->text, "heated to 12 degrees"));
  EXPECT_GT(aggressive->text.size(), tight->text.size());
}

TEST(Html, Markdown) {
  const std::string body =
      "<main>" + filler(3) +
      "<h2>Sizes<a class=\"headerlink\" "
      "href=\"#s\">\xC2\xB6</a></h2><table><tr><th>Gate</th><th>Width</th></tr><tr><td>4</td><td>10<sup>3</sup> "
      "mm</td></tr></table>"
      "<ol start=3><li>open<ul><li>slowly</li></ul></li><li>close</li></ol><pre><code class=\"language-c\">if (a &lt; "
      "b)\n    stop();\n</code></pre>"
      "<p>See <a href=\"https://gates.example.org/a?b=1&amp;c=2\">the plan</a>, <a href=\"local.html\">more</a> and "
      "<code>gate.open()</code>.<br>End</p>"
      "<dl><dt>width</dt><dd>of a gate</dd></dl><blockquote><p>Quiet.</p></blockquote><p><s>12</s> 14 euros</p></main>";
  const std::string text = markdown("<html><body>" + body + "</body></html>");
  EXPECT_TRUE(has(text,
                  "\n\n## Sizes\n\n| Gate | Width |\n|---|---|\n| 4 | 10^3 mm |\n\n3. open\n  - slowly\n4. "
                  "close\n\n```c\nif (a < b)\n    stop();\n```\n\n"))
      << text;
  EXPECT_TRUE(has(text, "See [the plan](https://gates.example.org/a?b=1&c=2), more and `gate.open()`.\nEnd")) << text;
  EXPECT_TRUE(has(text, "width\n: of a gate\n\n> Quiet.\n\n~~12~~ 14 euros")) << text;
}

}  // namespace
}  // namespace headroom::compress
