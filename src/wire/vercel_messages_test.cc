#include <string>

#include <gtest/gtest.h>

#include "wire/conversation.h"

namespace headroom::wire {
namespace {

constexpr std::string_view kBody = R"({"model":"gpt-4o","messages":[
 {"role":"system","content":"be brief"},
 {"role":"user","content":[{"type":"text","text":"what failed?","providerOptions":{"anthropic":{"cacheControl":{"type":"ephemeral"}}}},
   {"type":"file","data":"aGk=","mediaType":"text/plain"}]},
 {"role":"assistant","content":[{"type":"reasoning","text":"hm"},{"type":"text","text":"Looking."},
   {"type":"tool-call","toolCallId":"t1","toolName":"Bash","input":{"command":"make"}},
   {"type":"tool-result","toolCallId":"s","toolName":"web","output":{"type":"text","value":"the provider's own"}}]},
 {"role":"tool","content":[
   {"type":"tool-result","toolCallId":"t1","toolName":"Bash","output":{"type":"text","value":"a\nb"}},
   {"type":"tool-result","toolCallId":"t1","toolName":"Bash","output":{"type":"json","value":{"a": [1]}}},
   {"type":"tool-result","toolCallId":"t1","toolName":"Bash","output":{"type":"error-text","value":"no"}},
   {"type":"tool-result","toolCallId":"t1","toolName":"Bash","output":{"type":"content","value":[{"type":"text","text":"one"},{"type":"media","data":""}]}},
   {"type":"tool-result","toolCallId":"t1","toolName":"Bash","result":"of version 4"},
   {"type":"tool-result","toolCallId":"t1","output":{"type":"json","value":[1],"providerOptions":{}}},
   {"type":"tool-result","toolCallId":"t1","output":null}]}]})";

std::string literal_of(const Block& block) {
  return std::string(kBody.substr(block.literal.begin, block.literal.size()));
}

TEST(VercelMessages, AreToldByTheirParts) {
  EXPECT_EQ(guess_api(kBody), Api::kVercelMessages);
  EXPECT_EQ(guess_api(R"({"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}]})"), Api::kOpenAiChat);
  EXPECT_FALSE(has_own_system(Api::kVercelMessages));
}

TEST(VercelMessages, ReadsBlocksWithTheirSpans) {
  const auto c = read_conversation(Api::kVercelMessages, kBody);
  ASSERT_TRUE(c);
  ASSERT_EQ(c->blocks.size(), 10U);
  EXPECT_EQ(c->blocks[0].role, Role::kSystem);
  EXPECT_EQ(c->blocks[1].text, "what failed?");
  EXPECT_EQ(c->blocks[2].text, "Looking.");
  EXPECT_EQ(c->blocks[3].kind, BlockKind::kToolCall);
  EXPECT_EQ(c->blocks[3].text, R"({"command":"make"})");
  const Block& text = c->blocks[4];
  EXPECT_EQ(text.kind, BlockKind::kToolResult);
  EXPECT_EQ(text.text, "a\nb");
  EXPECT_EQ(literal_of(text), R"("a\nb")");
  EXPECT_EQ(text.tool_name, "Bash");
  EXPECT_EQ(text.tool_arguments, R"({"command":"make"})");
  EXPECT_TRUE(text.editable);
  EXPECT_EQ(c->blocks[7].text, "one");
  EXPECT_EQ(c->blocks[8].text, "of version 4");
  EXPECT_TRUE(c->blocks[8].editable);
}

TEST(VercelMessages, JsonGivesWayToAText) {
  const auto c = read_conversation(Api::kVercelMessages, kBody);
  ASSERT_TRUE(c);
  const Block& json = c->blocks[5];
  EXPECT_EQ(json.text, R"({"a": [1]})");
  EXPECT_EQ(literal_of(json), R"({"type":"json","value":{"a": [1]}})");
  EXPECT_TRUE(json.editable);
  EXPECT_EQ(literal_for(json, "short"), R"({"type":"text","value":"short"})");
  EXPECT_FALSE(c->blocks[9].editable) << "what is meant for a provider would be lost";
}

TEST(VercelMessages, KnowsWhatStays) {
  const auto c = read_conversation(Api::kVercelMessages, kBody);
  ASSERT_TRUE(c);
  EXPECT_TRUE(c->blocks[6].is_error);
  EXPECT_FALSE(c->blocks[6].editable);
  EXPECT_TRUE(c->marked);
  ASSERT_EQ(c->messages.size(), 4U);
  EXPECT_TRUE(c->messages[1].immutable) << "a cache mark";
  EXPECT_TRUE(c->messages[1].opaque) << "a file";
  EXPECT_TRUE(c->messages[2].immutable) << "reasoning may be signed";
  EXPECT_FALSE(c->messages[3].immutable);
}

TEST(VercelMessages, StrangeOnesAreRead) {
  for (const char* messages :
       {"[]", "[null,5,\"x\",[]]", R"([{"role":"tool","content":[null,{"type":"tool-result"}]}])",
        R"([{"role":"tool","content":[{"type":"tool-result","output":{"type":"content","value":5}}]}])",
        R"([{"role":"assistant","content":[{"type":"tool-call"}],"providerOptions":{"a":5}}])"}) {
    EXPECT_TRUE(read_conversation(Api::kVercelMessages, std::string(R"({"messages":)") + messages + "}")) << messages;
  }
}

}  // namespace
}  // namespace headroom::wire
