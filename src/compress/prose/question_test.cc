#include "compress/prose/question.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compress/prose/traits.h"

namespace headroom::compress::prose {
namespace {

using ::testing::Contains;

Question read(std::string_view user) {
  Query query;
  query.user = user;
  return read_question(query);
}

bool has_term(const Question& q, std::string_view text) {
  return std::ranges::any_of(q.terms, [&](const QuestionTerm& t) { return t.text == text; });
}

TEST(Question, TellsHowMuchOfATextItIsAfter) {
  EXPECT_EQ(read("What is the default port?").scope, Scope::kPassage);
  EXPECT_EQ(read("Summarise this document").scope, Scope::kBroad);
  EXPECT_EQ(read("").scope, Scope::kBroad);
  EXPECT_EQ(read("List all environment variables").scope, Scope::kCollection);
  EXPECT_EQ(read("Translate this into German").scope, Scope::kWhole);
  EXPECT_EQ(read("How do I translate a template?").scope, Scope::kPassage);
}

TEST(Question, OfSeveralThingsEachIsAPart) {
  EXPECT_EQ(read("How are alerts sent, how are silent probes tested, and which deprecations hit me?").parts.size(), 3U);
  EXPECT_TRUE(read("How are alerts sent by the gateway?").parts.empty());
  EXPECT_TRUE(read("What does argparse.Action do in Python 3.12?").parts.empty());
  EXPECT_TRUE(read("a, b, c, and d").parts.empty());
  EXPECT_TRUE(read("").parts.empty());
}

TEST(Question, KeepsStringsAsTheyAre) {
  EXPECT_THAT(read("What does \"not found\" mean?").literal, Contains("not found"));
  EXPECT_THAT(read("Why is gzip -l slow since 1.12?").literal, ::testing::IsSupersetOf({"gzip -l", "1.12"}));
  EXPECT_THAT(read("Where is max_queue_size set?").literal, Contains("max_queue_size"));
  EXPECT_THAT(read("What is new in list()?").literal, Contains("`list`"));
}

TEST(Question, WordsStandForEachOther) {
  const Question q = read("How can I delete it?");
  EXPECT_TRUE(has_term(q, "delet"));
  EXPECT_TRUE(has_term(q, "uninstall"));
}

TEST(Question, KnowsWhatAnAnswerHolds) {
  EXPECT_NE(read("How long does it wait?").wanted & kTime, 0u);
  EXPECT_NE(read("Who wrote it?").wanted & kName, 0u);
  EXPECT_NE(read("Which version is needed?").wanted & kVersion, 0u);
}

TEST(Question, AllInsideAWordAsksForNothing) {
  const auto scope = [](const char* user) {
    return read_question(Query{.user = user, .intent = {}, .tool_name = {}, .tool_arguments = {}}).scope;
  };
  EXPECT_EQ(scope("How do I install only one of them?"), Scope::kPassage);
  EXPECT_EQ(scope("How do I remove all of them?"), Scope::kCollection);
}

TEST(Question, TellsAllEntriesFromAllOfSomethingElse) {
  const auto every = [](const char* user) {
    return read_question(Query{.user = user, .intent = {}, .tool_name = {}, .tool_arguments = {}}).every_entry;
  };
  EXPECT_TRUE(every("List all options"));
  EXPECT_TRUE(every("What are the flags?"));
  EXPECT_FALSE(every("Which option shows all certificates?"));
  EXPECT_FALSE(every("With which option is each line one argument?"));
}

}  // namespace
}  // namespace headroom::compress::prose
