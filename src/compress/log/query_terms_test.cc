#include "compress/log/query_terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compress/log/classifier.h"
#include "compress/log/scanner.h"

namespace headroom::compress::log {
namespace {

QueryMatch match(std::string_view text, std::string_view ask, std::string_view arguments = "") {
  Query query;
  query.user = ask;
  query.tool_arguments = arguments;
  const Document document = scan(text);
  return match_query(document, query);
}

constexpr std::string_view kLog =
    "a quiet line\nthe replica lagged behind\nb quiet line\norder ord_5518 was paid\nc quiet line\nlisten "
    "0.0.0.0:22\nd quiet line\n";

TEST(QueryTerms, RareWordsOfTheQuestionScore) {
  const QueryMatch m = match(kLog, "Why do replicas lag?");
  EXPECT_GT(m.score[1], 0.5f);
  EXPECT_EQ(m.score[0], 0.0f);
}

TEST(QueryTerms, UserWeighsMoreThanArguments) {
  EXPECT_GT(match(kLog, "replica?").score[1], match(kLog, "", "replica").score[1]);
}

TEST(QueryTerms, StringsOfTheQuestionAreExact) {
  EXPECT_THAT(match(kLog, "What about ord_5518?").exact, ::testing::ElementsAre(3u));
  EXPECT_THAT(match(kLog, "Who said \"replica lagged\"?").exact, ::testing::ElementsAre(1u));
  EXPECT_THAT(match("id 15518\nid 5518\n", "id 5518?").exact, ::testing::ElementsAre(1u));
}

TEST(QueryTerms, WordsForFigures) {
  EXPECT_THAT(match(kLog, "Which port is open to the outside?").exact, ::testing::ElementsAre(5u));
}

TEST(QueryTerms, SuperlativesAskForExtremes) {
  EXPECT_TRUE(match(kLog, "Which was the slowest?").wants.extreme);
  EXPECT_FALSE(match(kLog, "Which failed?").wants.extreme);
}

TEST(QueryTerms, LibrariesInCapitalsEnd) {
  constexpr std::string_view kLines = "Library foo is not there\na\nb c\nd e f\ng: h\ni = j\n";
  EXPECT_GT(match(kLines, "Which library is missing?").score[0], 0.0f);
}

TEST(QueryTerms, ShortNamesAreWholeWords) {
  EXPECT_THAT(match("v8_flag: 1\nv8: '11.3'\nav8\n", "Which V8 is it?").exact, ::testing::ElementsAre(1u));
}

TEST(QueryTerms, KeysThatAreAskedFor) {
  EXPECT_THAT(match("a: 1\nthreads:\t4\nmany threads\n", "How many threads?").exact, ::testing::ElementsAre(1u));
}

TEST(QueryTerms, LongWordsDifferInTheirEndings) {
  EXPECT_GT(match("a\nb\n-ftree-loop-vectorize\nc\n", "Is vectorization on?").score[2], 0.0f);
}

TEST(QueryTerms, WordsSideBySide) {
  std::string lines;
  for (int i = 0; i < 30; ++i) lines += i == 17 ? "Severity: High  Trust: Low\n" : "Severity: Low  Trust: High\n";
  EXPECT_THAT(match(lines, "Which findings have severity High?").together, ::testing::ElementsAre(17u));
  EXPECT_THAT(match(lines, "Which of them are of high severity?").together, ::testing::ElementsAre(17u));
  EXPECT_TRUE(match(lines, "High, or what severity?").together.empty());
}

TEST(QueryTerms, FoldersOfTheQuestion) {
  EXPECT_THAT(match("a\n", "The largest below src/?").folders, ::testing::ElementsAre("src/"));
  EXPECT_TRUE(match("a\n", "The largest. Or not?").folders.empty());
}

}  // namespace
}  // namespace headroom::compress::log
