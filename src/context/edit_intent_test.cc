#include "context/edit_intent.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace headroom::context {
namespace {

TEST(EditIntent, TellsRequestsFromQuestions) {
  for (const char* request :
       {"Fix the failing tests.", "Please rename getCwd to cwd", "The build is red. Can you fix it?",
        "I want you to refactor this", "Find the bug and fix it.", "Add a test for parse()", "Review this file",
        "Now let's implement the cache", "I'll update the handler now.", "Why does it crash? Please fix it",
        "fix argparse.py"}) {
    EXPECT_TRUE(asks_for_change(request)) << request;
  }
  for (const char* question :
       {"How does parse_known_args add an argument?", "What must I change?", "Where is the timeout set?",
        "When is an idle connection closed?", "Explain how updates are applied.", "Summarise the formatter classes.",
        "Which lints exist?", "Looking at the logs first.", "Is there a fix for this in main?",
        "Let me read the file."}) {
    EXPECT_FALSE(asks_for_change(question)) << question;
  }
}

compress::Query reading(std::string user, std::string intent, std::string path) {
  compress::Query query{
      .user = std::move(user), .intent = std::move(intent), .tool_name = "Read", .tool_arguments = {}, .call = {}};
  query.call.path = std::move(path);
  return query;
}

TEST(EditIntent, WhatIsPastedAsksForNothing) {
  EXPECT_FALSE(asks_for_change("I ran\n```\nmake check\nadd x\n```\nWhy did it stop?"));
  EXPECT_FALSE(asks_for_change("$ make check\n> remove the header\nWhy did it stop?"));
  EXPECT_TRUE(asks_for_change("I ran\n```\nmake check\n```\nFix it."));
}

TEST(EditIntent, KeepsTheFileThatIsEditedNext) {
  using detect::ContentType;
  EXPECT_TRUE(must_stay_exact(reading("Fix the bug in pump.rs", "", "/src/pump.rs"), ContentType::kCode, ""));
  EXPECT_FALSE(must_stay_exact(reading("Fix the bug in pump.rs", "", "/src/other.rs"), ContentType::kCode, ""));
  EXPECT_TRUE(must_stay_exact(reading("Fix the bug", "", "/src/other.rs"), ContentType::kCode, ""));
  EXPECT_TRUE(must_stay_exact(reading("Why is it slow?", "I'll fix the loop.", "/src/a.py"), ContentType::kCode, ""));
  EXPECT_FALSE(must_stay_exact(reading("Why is it slow?", "", "/src/a.py"), ContentType::kCode, ""));
  EXPECT_TRUE(must_stay_exact(reading("Replace strings.Split(val), e.g. by a helper", "", "/src/a.go"),
                              ContentType::kCode, ""));
  EXPECT_FALSE(must_stay_exact(reading("Fix the bug in `pump.rs`.", "", "/src/a.go"), ContentType::kCode, ""));
  EXPECT_FALSE(must_stay_exact(reading("Fix the bug", "", "/var/log/app.log"), ContentType::kLog, ""));
  EXPECT_TRUE(must_stay_exact(reading("What is in it?", "", "/etc/a.json"), ContentType::kJson, R"({"a": 1})"));
}

TEST(EditIntent, DataInJsonIsReadButSeldomEdited) {
  using detect::ContentType;
  std::string findings = "[";
  for (int i = 0; i < 100; ++i) {
    findings += fmt::format(R"({}{{"rule": "unused-import", "where": "src/part_{}.ts", "level": "note"}})",
                            i > 0 ? "," : "", i);
  }
  findings += "]";
  EXPECT_FALSE(must_stay_exact(reading("Any findings?", "", "/tmp/lint.json"), ContentType::kJson, findings));
  EXPECT_TRUE(must_stay_exact(reading("Remove the notes", "", "/tmp/lint.json"), ContentType::kJson, findings));
}

TEST(EditIntent, ACatalogueThatLooksLikeALogIsEditedByItsName) {
  using detect::ContentType;
  EXPECT_TRUE(
      must_stay_exact(reading("Translate what is missing in pl.po", "", "/locale/pl.po"), ContentType::kLog, ""));
  EXPECT_FALSE(must_stay_exact(reading("What is missing in pl.po?", "", "/locale/pl.po"), ContentType::kLog, ""));
  EXPECT_FALSE(must_stay_exact(reading("Fix what app.log shows", "", "/var/app.log"), ContentType::kLog, ""));
}

TEST(EditIntent, ShellsThatPrintAFileCountToo) {
  compress::Query query{.user = "Fix it", .intent = {}, .tool_name = "Bash", .tool_arguments = {}, .call = {}};
  query.call.command = "cat src/a.py";
  EXPECT_TRUE(must_stay_exact(query, detect::ContentType::kCode, ""));
  query.call.command = "git diff";
  EXPECT_FALSE(must_stay_exact(query, detect::ContentType::kCode, ""));
}

}  // namespace
}  // namespace headroom::context
