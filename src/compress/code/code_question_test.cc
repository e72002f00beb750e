#include "compress/code/code_question.h"

#include <algorithm>
#include <bit>

#include <gtest/gtest.h>

namespace headroom::compress::code {
namespace {

CodeQuestion asked(std::string user) {
  Query query;
  query.user = std::move(user);
  return CodeQuestion(query);
}

bool has_literal(const CodeQuestion& question, std::string_view text) {
  return std::ranges::any_of(question.literals(), [&](const auto& literal) { return literal.text == text; });
}

TEST(CodeQuestion, WordsMeetIdentifiersAndMessages) {
  const CodeQuestion question = asked("When is an idle connection closed?");
  EXPECT_EQ(std::popcount(question.match("log.info(\"server closed idle connection\")")), 3);
  EXPECT_EQ(std::popcount(question.match("void closeIdleConns()")), 3);
  EXPECT_EQ(question.match("int total = sum(values);"), 0u);
}

TEST(CodeQuestion, ExactThings) {
  const CodeQuestion question =
      asked("Why does parse_args() fail with \"no such option\" and ArgumentError after 30 tries in cli.py?");
  for (std::string_view text : {"parse_args", "no such option", "ArgumentError", "30"})
    EXPECT_TRUE(has_literal(question, text)) << text;
  EXPECT_FALSE(has_literal(question, "cli"));
  EXPECT_TRUE(question.says("parse_args"));
}

TEST(CodeQuestion, MembersAreNamedByTheirOwners) {
  EXPECT_TRUE(has_literal(asked("What does Mux.Use do when a route is there?"), "Use"));
  EXPECT_TRUE(has_literal(asked("Why does Server::poll block?"), "poll"));
  EXPECT_TRUE(has_literal(asked("Where is queue.drain called from"), "drain"));
  EXPECT_FALSE(has_literal(asked("What is in server.py?"), "py"));
  EXPECT_FALSE(has_literal(asked("What is in app.config?"), "config"));
  EXPECT_FALSE(has_literal(asked("See example.com. Then go on, e.g. here"), "com"));
  EXPECT_FALSE(has_literal(asked("It fails in 3.Then what?"), "Then"));
}

TEST(CodeQuestion, Names) {
  const CodeQuestion question = asked("How are the arguments parsed?");
  EXPECT_TRUE(question.covers_name("parse_args"));
  EXPECT_FALSE(question.covers_name("parse_file_args"));
  EXPECT_TRUE(asked("How does the queue listener stop?").covers_joined_name("QueueListener"));
  EXPECT_FALSE(asked("How does the queue stop?").covers_joined_name("Queue"));
}

TEST(CodeQuestion, PlainWordsThatAreNames) {
  EXPECT_TRUE(has_literal(asked("Where is read called?"), "read"));
  EXPECT_TRUE(has_literal(asked("Who calls next?"), "next"));
  EXPECT_FALSE(has_literal(asked("Where is it called?"), "it"));
  EXPECT_FALSE(has_literal(asked("What is read first?"), "read"));
  EXPECT_TRUE(has_literal(asked("What does --no-color do?"), "--no-color"));
}

TEST(CodeQuestion, WhatNeedsEverything) {
  EXPECT_TRUE(asked("Review this file").everything());
  EXPECT_TRUE(asked("Go through it line by line").everything());
  EXPECT_FALSE(asked("How is the cache filled?").everything());
  EXPECT_TRUE(asked("").empty());
}

TEST(CodeQuestion, WordsThatSignsJoinAreExact) {
  EXPECT_TRUE(has_literal(asked("What does ctrl+w do?"), "ctrl+w"));
  EXPECT_TRUE(has_literal(asked("Which of them is doc:join-lines?"), "doc:join-lines"));
  EXPECT_FALSE(has_literal(asked("Note: is it read-only?"), "read-only"));
}

TEST(CodeQuestion, ThisFileIsNoWordOfTheQuestion) {
  EXPECT_TRUE(asked("What does this file do?").empty());
  EXPECT_FALSE(asked("When is the file closed?").empty());
}

TEST(CodeQuestion, PartsOfWhatIsAsked) {
  const auto parts = [](std::string user) {
    std::string text;
    const CodeQuestion question = asked(std::move(user));
    for (const auto& part : question.parts()) {
      text += part.text + (part.for_thing ? " (thing)" : "") + (part.goes_on ? " (goes on)" : "") + "|";
    }
    return text;
  };
  EXPECT_EQ(parts("What does f return, and where does the limit come from?"),
            "What does f return|where does the limit come from?|");
  EXPECT_EQ(parts("I use it daily. Which flag makes f wait?"), "Which flag makes f wait? (thing)|");
  EXPECT_EQ(parts("Is f deprecated and what is its type?"), "Is f deprecated|what is its type? (goes on)|");
  EXPECT_EQ(parts("The pump stalls"), "The pump stalls|");
  EXPECT_EQ(parts("Under which condition is f called?"), "Under which condition is f called?|");
}

}  // namespace
}  // namespace headroom::compress::code
