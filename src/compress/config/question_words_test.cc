#include "compress/config/question_words.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::compress::config {
namespace {

QuestionWords read(std::string_view question, std::string_view arguments = {}) {
  Query query;
  query.user = question;
  query.tool_arguments = arguments;
  return read_question(query);
}

std::vector<std::string> needed(const QuestionWords& read) {
  std::vector<std::string> out;
  for (const Word& word : read.words) {
    if (word.needed) out.push_back(word.raw);
  }
  return out;
}

using Words = std::vector<std::string>;

TEST(QuestionWords, NeededAreThoseThatNameSomething) {
  EXPECT_EQ(needed(read("What is the read timeout set to?")), (Words{"read", "timeout"}));
  EXPECT_EQ(needed(read("Which flags are used here?")), (Words{"flags"}));
  EXPECT_EQ(needed(read("Which registry does npm use?", "npm config ls")), (Words{"registry"}));
}

TEST(QuestionWords, PartsEndAtCommasAndJoiningWords) {
  const QuestionWords out = read("Where is the cache, and how many retries?");
  ASSERT_EQ(out.words.size(), 3U);
  EXPECT_EQ(out.words[0].raw, "cache");
  EXPECT_EQ(out.clauses[out.words[0].clause].answer, Answer::kPlace);
  EXPECT_EQ(out.words[2].raw, "retries");
  EXPECT_EQ(out.clauses[out.words[2].clause].answer, Answer::kNumber);
}

TEST(QuestionWords, NamesAreWrittenAsNames) {
  EXPECT_TRUE(read("What is LDFLAGS?").words[0].name);
  EXPECT_TRUE(read("What is db_host?").words[0].name);
  EXPECT_FALSE(read("What is Linux?").words[0].name);
}

TEST(QuestionWords, SwitchesAndOverviews) {
  EXPECT_EQ(read("Which options are off?").clauses[0].switches, Switches::kOff);
  EXPECT_TRUE(read("Which options are off?").clauses[0].several);
  EXPECT_TRUE(read("Give me an overview.").overview);
  EXPECT_FALSE(read("Where is it?").overview);
}

TEST(QuestionWords, WordsBesideEachOtherMayBeOne) {
  EXPECT_EQ(read("When does a fetch time out?").words.back().joined, "timeout");
}

TEST(Vocabulary, RootsMeetAcrossEndings) {
  EXPECT_EQ(root_of("retry"), root_of("retries"));
  EXPECT_EQ(root_of("tries"), "trie");
  EXPECT_EQ(root_of("vectorization"), root_of("vectoriser"));
  EXPECT_EQ(root_of("pages"), root_of("page"));
}

TEST(Vocabulary, ValuesThatAreSwitches) {
  EXPECT_TRUE(stands("[enabled]", Switches::kOn));
  EXPECT_TRUE(stands("'true';", Switches::kOn));
  EXPECT_TRUE(stands("off  # a comment", Switches::kOff));
  EXPECT_FALSE(stands("4096", Switches::kOn));
  EXPECT_FALSE(stands("on", Switches::kAny));
}

}  // namespace
}  // namespace headroom::compress::config
