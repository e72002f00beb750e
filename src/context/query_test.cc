#include "context/query.h"

#include <gtest/gtest.h>

#include "wire/conversation.h"

namespace headroom::context {
namespace {

/// The query of the last block.
compress::Query last_query(std::string_view messages) {
  const std::string body = R"({"model":"claude-sonnet-4-5","messages":[)" + std::string(messages) + "]}";
  const auto conversation = wire::read_conversation(wire::Api::kAnthropicMessages, body);
  EXPECT_TRUE(conversation);
  if (!conversation) return {};
  QueryTracker tracker(*conversation);
  return tracker.query_for(conversation->blocks.size() - 1);
}

std::string said(std::string_view role, std::string_view text) {
  return R"({"role":")" + std::string(role) + R"(","content":")" + std::string(text) + R"("},)";
}

std::string called(std::string_view before, std::string_view result = "x") {
  return R"({"role":"assistant","content":[{"type":"text","text":")" + std::string(before) +
         R"("},{"type":"tool_use","id":"t","name":"Read","input":{"file_path":"a"}}]},)" +
         R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":")" + std::string(result) +
         R"("}]})";
}

TEST(Query, WhatWasAskedBeforeAMessageThatOnlyAgreesStands) {
  EXPECT_EQ(last_query(said("user", "which port?") + said("assistant", "On staging?") + said("user", "yes") +
                       said("assistant", "I will look.") + said("user", "go on") + called("Looking."))
                .user,
            "which port?\nyes\ngo on");
  EXPECT_EQ(last_query(said("user", "which port?") + said("assistant", "8080") + said("user", "Who wrote it?") +
                       called("Looking."))
                .user,
            "Who wrote it?");
}

TEST(Query, AnAnswerToTheAssistantLeavesTheQuestion) {
  EXPECT_EQ(last_query(said("user", "which port?") + said("assistant", "Where?") + said("user", "in staging") +
                       called("Looking."))
                .user,
            "which port?\nin staging");
  EXPECT_EQ(last_query(said("user", "which port?") + said("assistant", "8080.") + said("user", "the logs of staging") +
                       called("Looking."))
                .user,
            "the logs of staging");
}

TEST(Query, AQuestionInTheMiddleOfALongMessageStays) {
  std::string pasted;
  for (int i = 0; i < 400; ++i) pasted += "https://host.test/a?b=c and more. ";
  const std::string user =
      last_query(said("user", pasted + "Which port does search listen on? " + pasted) + called("Looking.")).user;
  EXPECT_NE(user.find("\nWhich port does search listen on?\n"), std::string::npos);
  EXPECT_LE(user.size(), 4100U);
  std::string own;
  for (int i = 0; i < 300; ++i) own += "门店在当天确认收货。";
  const std::string read = last_query(said("user", own + "search 监听哪个端口？" + own) + called("Looking.")).user;
  EXPECT_NE(read.find("which port search listen?"), std::string::npos);
}

TEST(Query, WhoNamesNothingWantsWhatTheAssistantLooksFor) {
  const compress::Query query = last_query(said("user", "fix it") + called("Let me see which port is set."));
  EXPECT_EQ(query.user, "fix it\nLet me see which port is set.");
  EXPECT_EQ(query.intent, "Let me see which port is set.");
  EXPECT_EQ(last_query(said("user", "fix the login") + called("Let me see.")).user, "fix the login");
}

TEST(Query, OtherLanguagesAreReadInEnglish) {
  const std::string question = said("user", "Auf welchem Port lauscht search?");
  EXPECT_EQ(last_query(question + called("Ich suche den Port.")).user, "which port listen search?");
  EXPECT_EQ(last_query(question + called("x", "search lauscht auf 9308")).user, "which port listen search?\nlauscht");
}

TEST(Query, WhatAnEditorAddsIsNoQuestion) {
  const std::string details = "<environment_details>\\n# Current Time\\n2:11 PM\\n</environment_details>";
  EXPECT_EQ(last_query(said("user", "which port?") + said("assistant", "I look.") + said("user", details) +
                       called("Looking."))
                .user,
            "which port?");
}

TEST(WithoutReminders, ATagWithoutAnEndIsTheUsersWord) {
  EXPECT_EQ(without_reminders("a <system-reminder>b</system-reminder> c"), "a  c");
  EXPECT_EQ(without_reminders("Why does <environment_details> call <b>x</b>?"),
            "Why does <environment_details> call <b>x</b>?");
  EXPECT_EQ(without_reminders("Is <system-reminder> in <environment_details>x</environment_details>?"),
            "Is <system-reminder> in ?");
}

}  // namespace
}  // namespace headroom::context
