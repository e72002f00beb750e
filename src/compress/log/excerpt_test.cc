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
                                   const std::string& question = "", bool asked = false) {
  Query query;
  query.user = question;
  const std::vector<std::string_view> lines = {before, line};
  return Excerpts(query).of(lines, 1, asked);
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

TEST(Excerpt, RowsThatHoldWhatTheQuestionNames) {
  std::string rows = "INSERT INTO t VALUES (0,'E-100','xy',7)";
  for (int i = 1; i < 200; ++i) {
    const std::string n = std::to_string(i), many = std::to_string(1000 + i * 7919 % 9000);
    rows += ",(" + n + ",'E-" + std::to_string(100 + i) + "','part C-" + many + "'," + (i == 150 ? "'QX'" : "'ab'") +
            "," + many + ")";
  }
  EXPECT_THAT(excerpt(rows, "", "What is the price of E-204?").value_or(""), HasSubstr("(104,'E-204',"));
  EXPECT_THAT(excerpt(rows, "", "Who made C-5199?").value_or(""), HasSubstr("'part C-5199'"));
  EXPECT_THAT(excerpt(rows, "", "Which is of sort \"QX\"?").value_or(""), HasSubstr("(150,"));
  EXPECT_THAT(excerpt(rows, "", "What is 104?").value_or(""), HasSubstr("(104,"));
  EXPECT_THAT(excerpt(rows, "", "What is there?").value_or(""), Not(HasSubstr("E-204")));
  EXPECT_EQ(excerpt(rows, "", "", true), excerpt(rows)) << "also where it asks for the line itself";
  EXPECT_EQ(excerpt(page(60), "", "", true), std::nullopt) << "which stays whole where it is no list";
}

TEST(Excerpt, RowsThatHoldWhatTheQuestionQuotes) {
  std::string rows = "INSERT INTO t VALUES (0,'disk was full 0')";
  for (int i = 1; i < 200; ++i) {
    const std::string n = std::to_string(i);
    const std::string what = i == 150 ? "a full disk" : i % 2 == 0 ? "disk was full" : "full of disk";
    rows += ",(" + n + ",'" + what + " " + n + "')";
  }
  EXPECT_THAT(excerpt(rows, "", "Which one says \"full disk\"?").value_or(""), HasSubstr("(150,"));
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
