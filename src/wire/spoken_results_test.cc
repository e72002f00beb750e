#include "wire/spoken_results.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/json_string.h"

namespace headroom::wire {
namespace {

/// A body of one turn: what the assistant said, and the texts that the client sends after it.
std::string body_of(std::string_view said, const std::vector<std::string_view>& texts) {
  std::string body =
      R"({"model":"m","messages":[{"role":"user","content":"Fix the build."},{"role":"assistant","content":)";
  base::append_json_string(body, said);
  body += R"(},{"role":"user","content":[)";
  for (const std::string_view text : texts) {
    body += R"({"type":"text","text":)";
    base::append_json_string(body, text);
    body += text == texts.back() ? "}" : "},";
  }
  return body + "]}]}";
}

/// "kind role name arguments|text" of each block behind the assistant's.
std::vector<std::string> read(const std::string& body, Api api = Api::kAnthropicMessages) {
  const auto conversation = read_conversation(api, body);
  EXPECT_TRUE(conversation.has_value());
  std::vector<std::string> out;
  for (std::size_t i = 2; conversation && i < conversation->blocks.size(); ++i) {
    const Block& block = conversation->blocks[i];
    const char* kind = block.kind == BlockKind::kToolResult ? "result" : "text";
    const char* role = block.role == Role::kUser ? " user " : " tool ";
    out.push_back(kind + (role + std::string(block.tool_name)) + " " + std::string(block.tool_arguments) + "|" +
                  std::string(block.text));
  }
  return out;
}

constexpr std::string_view kRead = "I look.\n<read_file>\n<path>src/a.cc</path>\n</read_file>";

TEST(SpokenResults, AHeadAloneIsFollowedByTheResult) {
  const auto blocks = read(body_of(kRead, {"[read_file for 'src/a.cc'] Result:", "int main() {}\n",
                                           "<environment_details>\n# Current Time\n</environment_details>"}));
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks[0], "text tool  |[read_file for 'src/a.cc'] Result:");
  EXPECT_EQ(blocks[1], R"(result tool read_file {"path":"src/a.cc"}|int main() {})"
                       "\n");
  EXPECT_TRUE(blocks[2].starts_with("text user  |<environment_details>"));
}

TEST(SpokenResults, AHeadBeforeTheResultStaysBeforeIt) {
  const std::string body = body_of(kRead, {"[read_file for 'src/a.cc'] Result:\nint main() {}"});
  const auto blocks = read(body);
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0], R"(result tool read_file {"path":"src/a.cc"}|int main() {})");
  const auto conversation = read_conversation(Api::kAnthropicMessages, body);
  EXPECT_EQ(literal_for(conversation->blocks[2], "less"), R"("[read_file for 'src/a.cc'] Result:\nless")");
}

TEST(SpokenResults, ElementsInElementsAreRead) {
  const auto blocks = read(body_of("<read_file><args><file><path>b.h</path></file></args></read_file>",
                                   {"[read_file for 'b.h'] Result:\ntext"}));
  EXPECT_EQ(blocks[0], R"(result tool read_file {"path":"b.h"}|text)");
}

TEST(SpokenResults, WhatNoCallAsksForIsTheUsers) {
  EXPECT_EQ(read(body_of("I look.", {"[read_file for 'src/a.cc'] Result:\nint main() {}"}))[0].substr(0, 9),
            "text user");
  EXPECT_EQ(read(body_of(kRead, {"[1] Result: good"}))[0].substr(0, 9), "text user");
  EXPECT_EQ(read(body_of(kRead, {"[]] Result:"}))[0].substr(0, 9), "text user");
  EXPECT_EQ(read(body_of(kRead, {"["}))[0].substr(0, 9), "text user");
}

TEST(SpokenResults, WhatTheUserAnswersIsTheUsers) {
  const auto blocks = read(body_of("<ask_followup_question><question>Which?</question></ask_followup_question>",
                                   {"[ask_followup_question for 'Which?'] Result:\n<answer>the second</answer>"}));
  EXPECT_EQ(blocks[0].substr(0, 9), "text user");
}

TEST(SpokenResults, OtherWaysToSayIt) {
  EXPECT_EQ(read(body_of("<function=execute_bash>\n<parameter=command>make -j2</parameter>\n</function>",
                         {"EXECUTION RESULT of [execute_bash]:\nok"}),
                 Api::kOpenAiChat)[0],
            R"(result tool execute_bash {"command":"make -j2"}|ok)");
  EXPECT_EQ(read(body_of("<tool_call>\n{\"name\": \"ls\", \"arguments\": {\"path\": \".\"}}\n</tool_call>",
                         {"<tool_response>\n[1, 2]\n</tool_response>"}))[0],
            R"(result tool ls {"path": "."}|[1, 2])");
  EXPECT_EQ(
      read(body_of("Now:\n```bash\ncat a.cc\n```", {"<returncode>0</returncode>\n<output>\nint a;\n</output>"}))[0],
      R"(result tool bash {"command":"cat a.cc"}|int a;)"
      "\n");
  EXPECT_EQ(read(body_of("Thought: look\nAction: search\nAction Input: ports", {"Observation: 8080\n9090"}))[0],
            R"(result tool search {"input":"ports"}|8080)"
            "\n9090");
}

TEST(SpokenResults, WhatStandsBehindTheResultStays) {
  const std::string body = body_of("```bash\nls\n```", {"<returncode>1</returncode>\n<output>\na\nb\n</output>"});
  const auto conversation = read_conversation(Api::kAnthropicMessages, body);
  EXPECT_EQ(literal_for(conversation->blocks[2], "a\n"), R"("<returncode>1</returncode>\n<output>\na\n</output>")");
}

TEST(SpokenResults, OddTextsAreNoResults) {
  for (const std::string_view odd :
       {"<tool_response>", "<tool_response>a</tool_response>b", "<returncode>", "Observation:", "EXECUTION RESULT of [",
        "EXECUTION RESULT of [x]", "[read_file] Result:x"}) {
    EXPECT_EQ(read(body_of(kRead, {odd}))[0].substr(0, 9), "text user") << odd;
  }
}

}  // namespace
}  // namespace headroom::wire
