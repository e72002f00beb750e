#include "compress/json/question.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::compress::json {
namespace {

Question ask(const char* user) {
  return Question(Query{.user = user, .intent = {}, .tool_name = {}, .tool_arguments = {}});
}

TEST(Question, meets_words_in_identifiers_and_up_to_their_endings) {
  const Question question = ask("How does JwtGuard do authentication of failing requests?");
  EXPECT_NE(question.match("src/middleware/jwt_guard.py"), 0u);
  EXPECT_NE(question.match("authTimeout"), 0u);
  EXPECT_NE(question.match("requested"), 0u);
  EXPECT_EQ(question.match("how does it do"), 0u);
}

TEST(Question, takes_ids_paths_and_quoted_strings_literally) {
  const Question question = ask("Why did build-7741 write 'no space' to /var/log/app.log, don't we rotate?");
  EXPECT_THAT(question.literals(), ::testing::UnorderedElementsAre("no space", "build-7741", "/var/log/app.log"));
}

TEST(Question, hears_how_it_describes_what_it_wants) {
  EXPECT_TRUE(ask("the second highest balance").superlative());
  EXPECT_TRUE(ask("which was the latest run?").wants_time());
  EXPECT_TRUE(ask("which has no owner").negation());
  EXPECT_FALSE(ask("show the orders").superlative());
}

TEST(Question, reads_bounds_with_their_direction) {
  const Question over = ask("orders above 5000");
  ASSERT_EQ(over.bounds().size(), 1u);
  EXPECT_TRUE(over.bounds()[0].above);
  const Question less = ask("less than 30 rows");
  ASSERT_EQ(less.bounds().size(), 1u);
  EXPECT_FALSE(less.bounds()[0].above);
  EXPECT_TRUE(ask("in 2026").bounds().empty());
}

TEST(Question, reads_days_with_their_direction) {
  const Question before = ask("which certificates end before 2025-10-01?");
  ASSERT_EQ(before.dates().size(), 1u);
  EXPECT_FALSE(before.dates()[0].above);
  EXPECT_FALSE(before.dates()[0].overdue);
  EXPECT_TRUE(ask("what was added since 2025-09-01").dates().at(0).above);
  EXPECT_FALSE(ask("older than 2025-09-01").dates().at(0).above);
  EXPECT_TRUE(ask("Today is 2025-09-03. What is overdue?").dates().at(0).overdue);
  EXPECT_TRUE(ask("what happened on 2025-09-03?").dates().empty());
}

}  // namespace
}  // namespace headroom::compress::json
