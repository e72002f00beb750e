#include "mcp/passages.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::mcp {
namespace {

using Why = PassageVerdict::Why;

std::vector<Why> judge(const std::vector<std::string_view>& passages, std::string_view query, std::size_t budget = 0) {
  const std::vector<std::size_t> tokens(passages.size(), 10);
  std::vector<Why> out;
  for (const PassageVerdict& verdict : judge_passages(passages, tokens, query, budget)) out.push_back(verdict.why);
  return out;
}

TEST(PassagesTest, TheFirstOfTwoThatSayTheSameStaysUnlessTheOtherSaysMore) {
  EXPECT_EQ(judge({"the disk of the server was full at noon", "The disk of the server was full at noon!"}, "disk"),
            (std::vector{Why::kKept, Why::kDuplicate}));
  EXPECT_EQ(judge({"the disk of the server was full at noon",
                   "the disk of the server was full at noon and it took hours until somebody had cleaned it up"},
                  "disk"),
            (std::vector{Why::kDuplicate, Why::kKept}));
}

TEST(PassagesTest, AnotherNumberNameOrNegationMakesAnotherPassage) {
  const std::vector<std::string_view> passages = {"the limit of the plan is 40 requests for each user and day",
                                                  "the limit of the plan is 60 requests for each user and day",
                                                  "the limit of the plan is not 40 requests for each user and day"};
  EXPECT_EQ(judge(passages, "limit"), (std::vector{Why::kKept, Why::kKept, Why::kKept}));
}

TEST(PassagesTest, WithoutAWordOfTheQuerysNothingIsOffTopic) {
  const std::vector<std::string_view> passages = {"apples are red", "pears are green", "plums are blue",
                                                  "cherries are small", "lemons are sour"};
  EXPECT_EQ(judge(passages, "quantum"), std::vector(5, Why::kKept));
  EXPECT_EQ(judge(passages, "the"), std::vector(5, Why::kKept));
  EXPECT_EQ(judge(passages, "lemons"),
            (std::vector{Why::kKept, Why::kKept, Why::kOffTopic, Why::kOffTopic, Why::kKept}))
      << "the best three stay";
}

TEST(PassagesTest, OfManyTheEqualOnesAreFoundWhateverElseIsLeftUncompared) {
  std::vector<std::string> texts;
  for (int i = 0; i < 6000; ++i) {
    std::string text = "note number " + std::to_string(i % 3000);
    for (int word = 0; word < 40; ++word) text += " word" + std::string(1, static_cast<char>('a' + word % 26)) + "x";
    texts.push_back(std::move(text));
  }
  const std::vector<Why> verdicts = judge({texts.begin(), texts.end()}, "");
  EXPECT_EQ(verdicts[0], Why::kKept);
  for (std::size_t at = 3000; at < 6000; ++at) ASSERT_EQ(verdicts[at], Why::kDuplicate) << at;
}

TEST(PassagesTest, TheBudgetTakesTheBestAndAlwaysOne) {
  const std::vector<std::string_view> passages = {"pears are green", "lemons are sour", "a lemon a day"};
  EXPECT_EQ(judge(passages, "lemons sour", 10), (std::vector{Why::kOverBudget, Why::kKept, Why::kOverBudget}));
  EXPECT_EQ(judge(passages, "lemons sour", 1), (std::vector{Why::kOverBudget, Why::kKept, Why::kOverBudget}));
  EXPECT_TRUE(judge({}, "x", 5).empty());
}

}  // namespace
}  // namespace headroom::mcp
