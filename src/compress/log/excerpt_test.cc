#include "compress/log/excerpt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::compress::log {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// Markup of many rows, each with a name of its own.
std::string page(std::size_t rows) {
  std::string html = "<html><head><title>Orders</title></head><body>";
  for (std::size_t i = 0; i < rows; ++i) {
    html +=
        "<div class=\"row\" id=\"r" + std::to_string(i) + "\"><span>item " + std::to_string(i * 7) + "</span></div>";
    if (i == rows / 2) html += "<p class=\"total-due\">1,204.50</p>";
  }
  return html + "</body></html>";
}

std::optional<std::string> excerpt(const std::string& line, const std::string& before = "",
                                   const std::string& question = "") {
  Query query;
  query.user = question;
  const std::vector<std::string_view> lines = {before, line};
  return Excerpts(query).of(lines, 1);
}

TEST(Excerpt, BeginningAndEndOfADump) {
  const std::string html = page(60);
  const auto part = excerpt(html);
  ASSERT_TRUE(part);
  EXPECT_THAT(*part, StartsWith("<html><head><title>Orders</title>"));
  EXPECT_TRUE(part->ends_with("</body></html>"));
  EXPECT_THAT(*part, Not(HasSubstr("total-due")));
  EXPECT_LT(part->size(), 400U);
}

TEST(Excerpt, WhatTheQuestionNamesAndWhatALineBesideQuotes) {
  const std::string html = page(60);
  EXPECT_THAT(excerpt(html, "", "What is the total that is due?").value_or(""), HasSubstr("1,204.50"));
  EXPECT_THAT(excerpt(html, "expected: \"total-paid\"").value_or(""), HasSubstr("1,204.50"));
  EXPECT_THAT(excerpt(html, "no match for order_total in the page").value_or(""), HasSubstr("1,204.50"));
}

TEST(Excerpt, Errors) {
  std::string line = "POST /v1/orders headers={";
  for (int i = 0; i < 60; ++i) line += "\"x-trace-" + std::to_string(i) + "\": \"" + std::to_string(i * 7919) + "\", ";
  line += "} body={\"error\": {\"code\": \"card_declined\"}} headers={";
  for (int i = 0; i < 60; ++i) line += "\"x-other-" + std::to_string(i) + "\": \"" + std::to_string(i * 31) + "\", ";
  EXPECT_THAT(excerpt(line).value_or(""), HasSubstr("card_declined"));
}

TEST(Excerpt, ShortLinesAndSentencesStayWhole) {
  EXPECT_FALSE(excerpt(page(5)));
  std::string prose;
  for (int i = 0; i < 40; ++i) prose += "The service was restarted by hand after the second alert and came back. ";
  EXPECT_FALSE(excerpt(prose));
}

TEST(Excerpt, CharactersStayWhole) {
  std::string line;
  for (int i = 0; i < 400; ++i) line += "\"\xE2\x86\x90\",";
  const auto part = excerpt(line);
  ASSERT_TRUE(part);
  for (std::size_t at = 0; (at = part->find('\xE2', at)) != std::string::npos; ++at) {
    EXPECT_EQ(part->substr(at, 3), "\xE2\x86\x90");
  }
}

}  // namespace
}  // namespace headroom::compress::log
