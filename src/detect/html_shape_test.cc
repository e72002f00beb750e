#include "detect/html_shape.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::detect {
namespace {

bool is_html(std::string_view text) {
  return html_shape(text).type == ContentType::kHtml;
}

TEST(HtmlShape, PagesAndPiecesOfThem) {
  EXPECT_TRUE(is_html("\xEF\xBB\xBF<!DOCTYPE html>\n<html><body>x</body></html>"));
  EXPECT_TRUE(is_html("<!-- saved -->\n<?xml version=\"1.0\"?>\n<html xmlns=\"x\"><body></body></html>"));
  EXPECT_TRUE(is_html("HTTP/1.1 301 Moved\r\nLocation: /x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<html><p>x</p></html>"));
  EXPECT_TRUE(is_html("<div class=\"a\"><p>one</p><p>two</p><ul><li>x</li></ul></div>"));
  EXPECT_TRUE(is_html("<table><tr><td>1</td></tr></table>"));
}

TEST(HtmlShape, OtherMarkupIsNone) {
  EXPECT_FALSE(is_html("<?xml version=\"1.0\"?>\n<project><dependencies><dependency/></dependencies></project>"));
  EXPECT_FALSE(is_html("<testsuites><testsuite name=\"a\"><testcase/></testsuite></testsuites>"));
  EXPECT_FALSE(is_html("<rss version=\"2.0\"><channel><title>x</title><item><link>y</link></item></channel></rss>"));
  EXPECT_FALSE(is_html("<svg xmlns=\"x\"><g><path d=\"M0\"/><a><text>t</text></a></g></svg>"));
  EXPECT_FALSE(is_html("<?php echo 1; ?><html></html>"));
  EXPECT_FALSE(
      is_html("<script setup>\nimport { ref } from 'vue'\nconst a = ref(1)\n</script>\n<template><div/></template>"));
  EXPECT_FALSE(is_html("<div>{a < b}"));
  EXPECT_FALSE(is_html("<jdoe> hello there, this is a chat line about nothing at all"));
  EXPECT_FALSE(is_html(""));
}

}  // namespace
}  // namespace headroom::detect
