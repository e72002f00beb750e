#include "context/asked_terms.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::context {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(std::string_view question) {
  std::vector<std::string> out;
  for (const AskedTerm& term : asked_terms(question)) {
    if (term.name) out.push_back(term.text);
  }
  return out;
}

std::vector<std::string> plain(std::string_view question) {
  std::vector<std::string> out;
  for (const AskedTerm& term : asked_terms(question)) {
    if (!term.name && !term.phrase) out.push_back(term.written);
  }
  return out;
}

TEST(AskedTerms, NamesAndWords) {
  EXPECT_THAT(names("what does --dry-run do, and `why`?"), ElementsAre("--dry-run", "why"));
  EXPECT_THAT(names("Is setLogger (in src/log.js) used by a::b's e2e test?"),
              ElementsAre("setlogger", "src/log.js", "log.js", "a::b", "e2e"));
  EXPECT_THAT(names("does table.concat use ctrl+w?"), ElementsAre("table.concat", "concat", "ctrl+w"));
  EXPECT_THAT(plain("explain the retries to me, please"), ElementsAre("retries"));
  EXPECT_THAT(names("It is - as said - fine. OK?"), IsEmpty());
  EXPECT_THAT(asked_terms(std::string(100'000, 'a')), IsEmpty());
  EXPECT_LE(asked_terms(std::string(100'000, ' ') + "a b c").size(), 3U);
}

TEST(FindTerms, WhatIsDefinedIsMeantAndNotItsUses) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += fmt::format("call(merge, {})\n", i);
  text += "def merge(a, b):\n    return a\n";
  const auto terms = asked_terms("merge?");
  const FoundTerms found = find_terms(OutlinedText(text), terms);
  ASSERT_EQ(terms.size(), 1U);
  EXPECT_THAT(found.at[0], ElementsAre(40U));
  EXPECT_GT(found.weight, 0);
}

TEST(FindTerms, WhatManyLinesHaveWeighsNothing) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += fmt::format("call(merge, {})\n", i);
  EXPECT_EQ(find_terms(OutlinedText(text), asked_terms("how does merge work?")).weight, 0);
}

TEST(FindTerms, WhatEachOfVeryManyLinesHasWeighsNothing) {
  std::string text;
  for (int i = 0; i < 10000; ++i) text += fmt::format("request {} was answered\n", i);
  text += "the shutter stuck\n";
  EXPECT_EQ(find_terms(OutlinedText(text), asked_terms("which request?")).weight, 0);
  EXPECT_GT(find_terms(OutlinedText(text), asked_terms("which shutter?")).weight, 0);
}

TEST(FindTerms, ByStems) {
  const auto terms = asked_terms("what about retries?");
  EXPECT_THAT(find_terms(OutlinedText("one\nretry: 3\nRetries are rare.\nre-try\nbureaucracy"), terms).at[0],
              ElementsAre(1U, 2U));
}

TEST(FindTerms, WordsOfNames) {
  const auto terms = asked_terms("swap?");
  EXPECT_THAT(find_terms(OutlinedText("MemTotal: 1\nSwapTotal: 2\nswap_free: 3\nswapped\nswappiness"), terms).at[0],
              ElementsAre(1U, 2U, 3U));
}

TEST(FindTerms, NamesStandAlone) {
  const auto terms = asked_terms("set_x?");
  EXPECT_THAT(find_terms(OutlinedText("set_xy\nreset_x\n(SET_X)\nset_x\n"), terms).at[0], ElementsAre(2U, 3U));
}

TEST(NameOthers, WhereNoneOfTheNamesStands) {
  EXPECT_TRUE(name_others(asked_terms("why does set_x fail?"), "Read a.py"));
  EXPECT_FALSE(name_others(asked_terms("why does set_x of a.py fail?"), "Read a.py"));
  EXPECT_FALSE(name_others(asked_terms("why does it fail?"), "Read a.py"));
}

}  // namespace
}  // namespace headroom::context
