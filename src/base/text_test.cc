#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bm25.h"
#include "base/hash.h"

namespace headroom::base {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Text, SplitLines) {
  EXPECT_THAT(split_lines(""), IsEmpty());
  EXPECT_THAT(split_lines("a"), ElementsAre("a"));
  EXPECT_THAT(split_lines("a\n"), ElementsAre("a"));
  EXPECT_THAT(split_lines("\n\na\r\nb"), ElementsAre("", "", "a\r", "b"));
}

TEST(Text, WordsSplitIdentifiersAndKeepThem) {
  EXPECT_THAT(words("JwtGuard"), ElementsAre("jwt", "guard", "jwtguard"));
  EXPECT_THAT(words("src/jwt_guard.py"), ElementsAre("src", "jwt", "guard", "jwt_guard", "py"));
  EXPECT_THAT(words("HTTPServer2"), ElementsAre("http", "server", "2", "httpserver2"));
  EXPECT_THAT(words("  --  "), IsEmpty());
}

TEST(Text, StemsMeet) {
  EXPECT_EQ(stem("failed"), stem("failures"));
  EXPECT_EQ(stem("connections"), stem("connected"));
  EXPECT_EQ(stem("deployment"), stem("deploys"));
  EXPECT_EQ(stem("policies"), stem("policy"));
  EXPECT_EQ(stem("statuses"), stem("status"));
  EXPECT_EQ(stem("bus"), "bus");
}

TEST(Text, StopWords) {
  for (std::string_view word : {"the", "which", "is", "there"}) EXPECT_TRUE(is_stop_word(stem(word))) << word;
  for (std::string_view word : {"error", "not", "port"}) EXPECT_FALSE(is_stop_word(word)) << word;
}

TEST(Text, TrimAndContains) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_TRUE(contains_ci("A Fatal ERROR", "error"));
  EXPECT_FALSE(contains_ci("warn", "error"));
}

TEST(Bm25, FindsTheDocumentThatTheQueryMeans) {
  Bm25Index index;
  index.add("src/auth/session.py handles the token refresh");
  index.add("src/identity/legacy_hs256_fallback.py accepts unsigned tokens");
  index.add("src/core/scope.py checks the scope");
  const std::vector<double> scores = index.score("Where is the legacy HS256 fallback?");
  EXPECT_GT(scores[1], scores[0]);
  EXPECT_GT(scores[1], scores[2]);
  EXPECT_EQ(scores[2], 0);
  EXPECT_EQ(index.document_frequency("token"), 2U);
}

TEST(Bm25, StopWordsAndEmptyIndexesScoreNothing) {
  Bm25Index index;
  EXPECT_THAT(index.score("anything"), IsEmpty());
  index.add("the which is there");
  EXPECT_EQ(index.score("which is the")[0], 0);
}

TEST(Hash, ContentIds) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(content_id("abc"), "ba7816bf8f01cfea414140de");
  EXPECT_TRUE(is_content_id_prefix("ba7816bf8f01"));
  EXPECT_FALSE(is_content_id_prefix("ba7816bf8f0"));
  EXPECT_FALSE(is_content_id_prefix("BA7816BF8F01"));
  EXPECT_NE(hash64("abc"), hash64("abc", 1));
}

TEST(Text, CountsLinesAsItSplitsThem) {
  for (std::string_view text :
       {"", "\n", "a", "a\n", "a\nb", "\n\n\n\n\n\n\n\n\n", "0123456\n\x0B\x8A\xFF\n12345678\n9"}) {
    EXPECT_EQ(count_lines(text), split_lines(text).size()) << text;
  }
}

TEST(Text, ContainsInAnyCase) {
  EXPECT_TRUE(contains_ci("an ERRor here", "error"));
  EXPECT_TRUE(contains_ci("eerror", "error"));
  EXPECT_TRUE(contains_ci("x", ""));
  EXPECT_TRUE(contains_ci("", ""));
  EXPECT_FALSE(contains_ci("erro", "error"));
  EXPECT_FALSE(contains_ci("", "e"));
  // Wherever it stands, and whatever stands around it.
  for (std::string_view needle : {"error", "[x]", "@me", "do not", "e", "zz", "\xC3\xA9t"}) {
    for (std::size_t before = 0; before < 40; ++before) {
      for (std::size_t after = 0; after < 12; ++after) {
        const std::string around = std::string(before, 'q') + "*" + std::string(after, 'q');
        std::string text = around;
        text.replace(before, 1, needle);
        EXPECT_TRUE(contains_ci(text, needle)) << text;
        text[before + needle.size() - 1] = '~';
        EXPECT_FALSE(contains_ci(text, needle)) << text;
      }
    }
  }
  EXPECT_TRUE(contains_ci(std::string(30, 'q') + "DO NOT", "do not"));
  EXPECT_FALSE(contains_ci(std::string(30, 'q') + "DO" + '\0' + "NOT", "do not"));
}

TEST(Text, TrimsAllWhiteSpace) {
  EXPECT_EQ(trim(" \t\r\n\f\vab c\v\n"), "ab c");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
}

}  // namespace
}  // namespace headroom::base
