#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "money/cache_rules.h"
#include "money/prices.h"
#include "money/rewrite.h"

namespace headroom::money {
namespace {

using ::testing::HasSubstr;

/// A line "MODEL: words -> words" of a .case file.
struct Line {
  std::string where, model;
  std::vector<std::string> given, expected;
};

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::vector<Line> read_lines(const std::string& name) {
  const std::string path = std::string(HEADROOM_SOURCE_DIR) + "/src/money/cases/" + name;
  std::ifstream in(path);
  EXPECT_TRUE(in) << path;
  std::vector<Line> lines;
  std::string text;
  for (int number = 1; std::getline(in, text); ++number) {
    if (text.empty() || text[0] == '#') continue;
    const std::size_t colon = text.find(": ");
    const std::size_t arrow = text.find(" -> ");
    Line line{name + ":" + std::to_string(number), text.substr(0, colon), {}, {}};
    line.given = words_of(text.substr(colon + 2, arrow == std::string::npos ? arrow : arrow - colon - 2));
    if (arrow != std::string::npos) line.expected = words_of(text.substr(arrow + 4));
    lines.push_back(line);
  }
  EXPECT_GT(lines.size(), 5U);
  return lines;
}

TEST(Money, RulesOfModels) {
  static const char* const kKinds[] = {"none", "marks", "automatic"};
  for (const Line& line : read_lines("rules.case")) {
    const CacheRules& rules = cache_rules(line.model);
    const std::vector<std::string> found = {kKinds[static_cast<int>(rules.kind)], std::to_string(rules.minimum_tokens),
                                            std::to_string(rules.step_tokens),    std::to_string(rules.ttl_s),
                                            std::to_string(rules.long_ttl_s),     std::to_string(rules.look_back)};
    EXPECT_EQ(found, line.given) << line.where;
  }
}

TEST(Money, Cost) {
  for (const Line& line : read_lines("cost.case")) {
    std::vector<std::uint64_t> n;
    for (const std::string& word : line.given) n.push_back(std::stoull(word));
    ASSERT_EQ(n.size(), 5U) << line.where;
    EXPECT_NEAR(cost(prices_for(line.model), {n[0], n[1], n[2], n[3], n[4]}), std::stod(line.expected.at(0)), 1e-9)
        << line.where;
  }
}

TEST(Money, PricesSayWhatIsAssumed) {
  EXPECT_FALSE(prices_for("claude-sonnet-4-5").assumed);
  EXPECT_FALSE(prices_for("claude-sonnet-4-5").assumed_cache);
  EXPECT_FALSE(prices_for("gpt-5").assumed_cache);
  EXPECT_TRUE(prices_for("gpt-5-pro").assumed_cache);
  EXPECT_FALSE(prices_for("gpt-5-pro").assumed);
  EXPECT_TRUE(prices_for("claude-something-99").assumed);
  EXPECT_TRUE(prices_for("my-own-model").assumed);
}

TEST(Money, UsageAddsUp) {
  Usage sum{1, 2, 3, 4, 5};
  sum += {10, 20, 30, 40, 50};
  EXPECT_EQ(sum, (Usage{11, 22, 33, 44, 55}));
  EXPECT_EQ(sum.input(), 110U);
}

TEST(Money, RewriteWhereItPays) {
  for (const Line& line : read_lines("rewrite.case")) {
    SCOPED_TRACE(line.where);
    RewriteQuestion question{.rules = cache_rules(line.model), .prices = prices_for(line.model)};
    question.broken_tokens = std::stoull(line.given.at(0));
    question.saved_tokens = std::stoull(line.given.at(1));
    question.expected_turns = std::stoull(line.given.at(2));
    question.idle_s = std::stoll(line.given.at(3));
    for (const std::string& word : line.given) {
      if (word == "long") question.long_ttl = true;
      if (word == "uncached") question.caching = false;
      if (word.starts_with("unused=")) question.unused_answers = std::stoll(word.substr(7));
    }
    const RewriteChoice choice = should_rewrite(question);
    EXPECT_EQ(choice.pays ? "pays" : "leave", line.expected.at(0));
    EXPECT_EQ(choice.cold ? "cold" : "warm", line.expected.at(1));
    EXPECT_NEAR(choice.keep_now, std::stod(line.expected.at(2)), 1e-9);
    EXPECT_NEAR(choice.keep_later, std::stod(line.expected.at(3)), 1e-9);
    EXPECT_NEAR(choice.rewrite_now, std::stod(line.expected.at(4)), 1e-9);
    EXPECT_NEAR(choice.rewrite_later, std::stod(line.expected.at(5)), 1e-9);
    EXPECT_NEAR(choice.break_even_turns, std::stod(line.expected.at(6)), 1e-6);
  }
}

TEST(Money, AnswersShowWhetherTheCacheIsUsed) {
  const CacheRules& claude = cache_rules("claude-sonnet-4-5");
  const CacheRules& gpt = cache_rules("gpt-4o");
  const CacheAnswer nothing{.repeated_tokens = 5000, .idle_ms = 10'000, .input = 6000, .cached = 0, .written = 0};
  const auto with = [&](auto change) {
    CacheAnswer answer = nothing;
    change(answer);
    return answer;
  };
  EXPECT_EQ(cache_sign(claude, nothing), CacheSign::kUnused);
  EXPECT_EQ(cache_sign(gpt, with([](auto& a) { a.written = -1; })), CacheSign::kUnused) << "it does not bill writing";
  EXPECT_EQ(cache_sign(claude, with([](auto& a) { a.cached = 1; })), CacheSign::kUsed);
  EXPECT_EQ(cache_sign(claude, with([](auto& a) { a.written = 1; })), CacheSign::kUsed);
  EXPECT_EQ(cache_sign(CacheRules{}, with([](auto& a) { a.cached = 1; })), CacheSign::kUsed);
  EXPECT_EQ(cache_sign(CacheRules{}, nothing), CacheSign::kNone) << "a cache that is not known";
  EXPECT_EQ(cache_sign(claude, with([](auto& a) { a.written = -1; })), CacheSign::kNone);
  EXPECT_EQ(cache_sign(gpt, with([](auto& a) { a.cached = -1; })), CacheSign::kNone) << "the answer does not say";
  EXPECT_EQ(cache_sign(claude, with([](auto& a) { a.repeated_tokens = 1024; })), CacheSign::kNone) << "too short";
  EXPECT_EQ(cache_sign(claude, with([](auto& a) { a.idle_ms = -1; })), CacheSign::kNone) << "the first request";
  EXPECT_EQ(cache_sign(claude, with([](auto& a) { a.input = 100; })), CacheSign::kNone) << "it counts something else";
  EXPECT_EQ(cache_sign(claude, with([](auto& a) { a.input = -1; })), CacheSign::kNone);
  EXPECT_EQ(cache_sign(claude, with([](auto& a) { a.idle_ms = 300'001; })), CacheSign::kNone) << "too late";
}

TEST(Money, TheChoiceIsSaidInOneLine) {
  RewriteQuestion question{.rules = cache_rules("claude-sonnet-4-5"), .prices = prices_for("claude-sonnet-4-5")};
  question.broken_tokens = 50000;
  question.saved_tokens = 40000;
  question.expected_turns = 20;
  question.idle_s = 30;
  const std::string line = should_rewrite(question).line();
  EXPECT_EQ(line,
            "rewriting pays: $0.0975 (now 0.0375, later 0.0600) against $0.3150 (now 0.0150, later 0.3000) as it is; "
            "cache warm, 20 more turns expected, pays from 1.9");
  question.unused_answers = kEnoughUnused;
  EXPECT_THAT(should_rewrite(question).line(), HasSubstr("cache unused"));
  question.saved_tokens = 0;
  EXPECT_THAT(should_rewrite(question).line(), HasSubstr("does not pay"));
}

TEST(Money, AsManyTurnsAgainAreExpected) {
  EXPECT_EQ(expected_remaining_turns(0), 1U);
  EXPECT_EQ(expected_remaining_turns(1), 1U);
  EXPECT_EQ(expected_remaining_turns(30), 30U);
  EXPECT_EQ(expected_remaining_turns(5000), kMostExpectedTurns);
}

}  // namespace
}  // namespace headroom::money
