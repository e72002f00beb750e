#include "replay/read_recording.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_document.h"

namespace headroom::replay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Recording sample(const std::string& name) {
  std::ifstream in(std::string(HEADROOM_SOURCE_DIR) + "/src/replay/corpus/" + name);
  EXPECT_TRUE(in) << name;
  std::ostringstream text;
  text << in.rdbuf();
  return read_recording(text.str(), name);
}

/// Role and a word of each message of a request: "user Fix | assistant t1 t2 | ...".
std::string outline(const Session& session, std::size_t turn) {
  const std::string body = body_of(session, turn);
  const auto conversation = wire::read_conversation(session.api, body);
  EXPECT_TRUE(conversation) << body;
  if (!conversation) return "";
  std::string out;
  std::string place;
  static constexpr const char* kRoles[] = {"system", "user", "assistant", "tool"};
  for (const wire::Block& block : conversation->blocks) {
    const std::string here = kRoles[static_cast<int>(block.role)] + std::to_string(block.message);
    const bool same = here == place;
    place = here;
    if (!same) out += (out.empty() ? "" : " | ") + std::string(kRoles[static_cast<int>(block.role)]);
    const std::string_view what = block.tool_call_id.empty() ? block.text : block.tool_call_id;
    out.append(" ").append(what.substr(0, what.find(' ')));
  }
  return out;
}

TEST(ReadRecording, ClaudeCode) {
  const Recording recording = sample("claude_code.jsonl");
  EXPECT_EQ(recording.format, "claude-code");
  EXPECT_EQ(recording.damaged_lines, 1U);
  ASSERT_EQ(recording.sessions.size(), 2U);
  const Session& main = recording.sessions[0];
  EXPECT_EQ(main.api, wire::Api::kAnthropicMessages);
  ASSERT_EQ(main.turns.size(), 6U);
  EXPECT_EQ(outline(main, 0), "user Fix");
  // The records of one answer are one message, and the results of its calls one after it.
  EXPECT_EQ(outline(main, 1), "user Fix | assistant I t1 t2 | tool t1 t2");
  EXPECT_EQ(outline(main, 2), "user Fix | assistant I t1 t2 | tool t1 t2 | assistant It | user No,");
  // The branch that the user left is not in it, nor is an error that was shown as an answer.
  EXPECT_EQ(outline(main, 3), "user Fix | assistant I t1 t2 | tool t1 t2 | assistant It | user Make");
  EXPECT_EQ(outline(main, 4),
            "user Fix | assistant I t1 t2 | tool t1 t2 | assistant It | user Make | assistant t3 | tool t3");
  EXPECT_EQ(outline(main, 5), "user This");
  EXPECT_EQ(outline(recording.sessions[1], 0), "user Search");
  EXPECT_THAT(recording.sessions[1].name, HasSubstr("#ag1"));
}

TEST(ReadRecording, ClaudeCodesBillAndTimes) {
  const Session main = sample("claude_code.jsonl").sessions.at(0);
  EXPECT_EQ(main.turns[0].model, "claude-sonnet-4-5-20250929");
  EXPECT_EQ(main.turns[0].billed, (money::Usage{10, 9000, 0, 0, 80}));
  EXPECT_EQ(main.turns[5].billed, (money::Usage{5, 0, 100, 9000, 4}));
  EXPECT_EQ(main.turns[1].time_ms - main.turns[0].time_ms, 6000);
  EXPECT_TRUE(main.long_marks);
}

TEST(ReadRecording, ClaudeCodesMarksAreAdded) {
  const Session main = sample("claude_code.jsonl").sessions.at(0);
  const std::string body = body_of(main, 2);
  const std::string mark = R"("cache_control":{"type":"ephemeral","ttl":"1h"})";
  EXPECT_THAT(body, HasSubstr(R"("text":"No, leave it.",)" + mark));
  EXPECT_THAT(body, HasSubstr(R"("text": "     1\tLINES = 40\n"}],)" + mark));  // of the request before
  EXPECT_THAT(body, Not(HasSubstr(R"("text":"Fix the pager.",)" + mark)));
}

TEST(ReadRecording, Codex) {
  const Recording recording = sample("codex.jsonl");
  EXPECT_EQ(recording.format, "codex");
  EXPECT_EQ(recording.damaged_lines, 1U);
  ASSERT_EQ(recording.sessions.size(), 1U);
  const Session& session = recording.sessions[0];
  ASSERT_EQ(session.turns.size(), 5U);
  EXPECT_EQ(session.turns[0].model, "gpt-5.1-codex");
  EXPECT_EQ(session.turns[0].billed, (money::Usage{904, 0, 0, 4096, 70}));
  EXPECT_FALSE(session.turns[1].billed.has_value());
  EXPECT_EQ(session.turns[1].time_ms - session.turns[0].time_ms, 5000);
  EXPECT_EQ(outline(session, 0), "system You | system Sandbox: | user Why");
  EXPECT_EQ(outline(session, 1), "system You | system Sandbox: | user Why | assistant c1 c2 | tool c1 | tool c2");
  EXPECT_EQ(outline(session, 2),
            "system You | system Sandbox: | user Why | assistant c1 c2 | tool c1 | tool c2 | assistant The | user Add");
  EXPECT_EQ(outline(session, 3), "system You | user The | user And");
  EXPECT_EQ(outline(session, 4), "system You | user Summary. | assistant Yes. | user Thanks.");
  EXPECT_THAT(body_of(session, 1), HasSubstr(R"("arguments":"{\"command\":[\"bash\",\"-lc\",\"pytest -q\"]}")"));
}

TEST(ReadRecording, CodexAsItWasAtFirst) {
  const Recording recording = sample("codex_first.jsonl");
  EXPECT_EQ(recording.format, "codex");
  ASSERT_EQ(recording.sessions.size(), 1U);
  ASSERT_EQ(recording.sessions[0].turns.size(), 2U);
  EXPECT_EQ(outline(recording.sessions[0], 1), "system Be | user List. | assistant c1 | tool c1");
}

TEST(ReadRecording, MessagesAreSentBitByBit) {
  for (const char* name : {"messages.json", "loose_messages.jsonl"}) {
    const Recording recording = sample(name);
    ASSERT_EQ(recording.sessions.size(), 1U) << name;
    const Session& session = recording.sessions[0];
    ASSERT_EQ(session.turns.size(), 3U);
    EXPECT_EQ(outline(session, 0), "system You | user What");
    EXPECT_EQ(outline(session, 1), "system You | user What | assistant c1 | tool c1");
    EXPECT_EQ(outline(session, 2), "system You | user What | assistant c1 | tool c1 | assistant one | user And");
  }
}

TEST(ReadRecording, OneBodyIsAConversation) {
  const Recording recording = sample("body.json");
  ASSERT_EQ(recording.sessions.size(), 1U);
  const Session& session = recording.sessions[0];
  EXPECT_EQ(session.api, wire::Api::kAnthropicMessages);
  ASSERT_EQ(session.turns.size(), 2U);
  EXPECT_EQ(session.turns[1].model, "claude-opus-4-5");
  EXPECT_EQ(outline(session, 1), "system You | user Hello | assistant t | tool t");
  EXPECT_THAT(body_of(session, 1), HasSubstr(R"("max_tokens":100,"system":[)"));
}

TEST(ReadRecording, RequestsOneALine) {
  const Recording recording = sample("requests.jsonl");
  EXPECT_EQ(recording.format, "requests");
  EXPECT_EQ(recording.damaged_lines, 3U);
  ASSERT_EQ(recording.sessions.size(), 2U);
  const Session& first = recording.sessions[0];
  ASSERT_EQ(first.turns.size(), 3U);
  EXPECT_EQ(first.turns[0].time_ms, 1'795'600'800'000);
  EXPECT_EQ(first.turns[1].time_ms, 1'795'600'820'500);
  EXPECT_EQ(first.turns[0].billed, (money::Usage{952, 0, 0, 2048, 11}));
  EXPECT_THAT(first.turns[2].body, HasSubstr("\"temperature\": 0"));
  EXPECT_EQ(recording.sessions[1].turns.at(0).time_ms, 1'795'600'810'000);
}

TEST(ReadRecording, RequestsOfResponses) {
  const Recording recording = sample("responses.jsonl");
  ASSERT_EQ(recording.sessions.size(), 2U);
  const Session& first = recording.sessions[0];
  EXPECT_EQ(first.api, wire::Api::kOpenAiResponses);
  ASSERT_EQ(first.turns.size(), 2U);
  EXPECT_EQ(first.turns[0].billed, (money::Usage{.uncached = 30, .output = 9}));
  EXPECT_EQ(outline(first, 1), "system You | user Why | assistant c1 | tool c1");
  EXPECT_EQ(outline(recording.sessions[1], 0), "user Another");
}

TEST(ReadRecording, RequestsOfGemini) {
  const Recording recording = sample("gemini.jsonl");
  ASSERT_EQ(recording.sessions.size(), 1U);
  const Session& session = recording.sessions[0];
  EXPECT_EQ(session.api, wire::Api::kGeminiGenerate);
  ASSERT_EQ(session.turns.size(), 2U);
  EXPECT_EQ(session.turns[1].model, "gemini-2.5-pro");
  EXPECT_EQ(outline(session, 1), "system You | user Why | assistant shell | tool shell");
}

TEST(ReadRecording, ListsOneALine) {
  const Recording recording = sample("lists.jsonl");
  ASSERT_EQ(recording.sessions.size(), 2U);
  EXPECT_EQ(recording.sessions[0].turns.size(), 2U);
  EXPECT_EQ(recording.sessions[1].turns.at(0).model, "gpt-4o");
  EXPECT_EQ(recording.sessions[1].name, "lists.jsonl#2");
}

TEST(ReadRecording, OtherFilesHaveNoSessions) {
  for (const char* text : {"", "\n\n", "{}", "[]", "{\"name\":\"x\",\"version\":1}", "not json", "[1,2]",
                           "{\"messages\":5}", "{\"messages\":[]}", "{\"contents\":\"x\"}", "{\"input\":[]}",
                           "{\"uuid\":\"a\",\"parentUuid\":null}", "\xff\xfe"}) {
    EXPECT_TRUE(read_recording(text, "x").sessions.empty()) << text;
  }
}

}  // namespace
}  // namespace headroom::replay
