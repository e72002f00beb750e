#include "wire/conversation.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/json_string.h"

namespace headroom::wire {
namespace {

Conversation read(Api api, std::string_view body) {
  auto conversation = read_conversation(api, body);
  EXPECT_TRUE(conversation) << conversation.error().message;
  return conversation ? std::move(*conversation) : Conversation{};
}

std::string literal_of(std::string_view body, const Block& block) {
  return std::string(body.substr(block.literal.begin, block.literal.size()));
}

constexpr std::string_view kAnthropic = R"({
 "model":"claude-sonnet-4-5-20250929","stream":true,"max_tokens":5,
 "system":[{"type":"text","text":"be brief","cache_control":{"type":"ephemeral"}}],
 "messages":[
  {"role":"user","content":"what failed?"},
  {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"x"},{"type":"text","text":"Looking."},
    {"type":"tool_use","id":"t1","name":"Bash","input":{"command":"make"}},{"type":"server_tool_use","id":"s","name":"web","input":{}}]},
  {"role":"user","content":[
    {"type":"tool_result","tool_use_id":"t1","is_error":true,"content":"a\nb"},
    {"type":"tool_result","tool_use_id":"t9","content":[{"type":"text","text":"one"},{"type":"image","source":{}},{"type":"text","text":"two\ud800"}]},
    {"type":"tool_result","tool_use_id":"t1"},
    {"type":"text","text":"and now?","cache_control":null}]}]})";

TEST(AnthropicMessages, ReadsBlocksWithTheirSpans) {
  const Conversation c = read(Api::kAnthropicMessages, kAnthropic);
  EXPECT_EQ(c.model, "claude-sonnet-4-5-20250929");
  EXPECT_TRUE(c.stream);
  ASSERT_EQ(c.blocks.size(), 8U);
  EXPECT_EQ(c.blocks[0].role, Role::kSystem);
  EXPECT_EQ(literal_of(kAnthropic, c.blocks[1]), "\"what failed?\"");
  EXPECT_EQ(c.blocks[2].text, "Looking.");
  EXPECT_EQ(c.blocks[2].message, 1U);
  EXPECT_EQ(c.blocks[3].kind, BlockKind::kToolCall);
  EXPECT_EQ(literal_of(kAnthropic, c.blocks[3]), R"({"command":"make"})");
  EXPECT_FALSE(c.blocks[3].editable);
  EXPECT_EQ(literal_of(kAnthropic, c.blocks[4]), R"("a\nb")");
  EXPECT_EQ(c.blocks[4].text, "a\nb");
  EXPECT_EQ(c.blocks[4].tool_name, "Bash");
  EXPECT_EQ(c.blocks[4].tool_arguments, R"({"command":"make"})");
  EXPECT_TRUE(c.blocks[4].editable);
  EXPECT_TRUE(c.blocks[4].is_error);
  EXPECT_EQ(c.blocks[5].tool_name, "");
  EXPECT_FALSE(c.blocks[6].editable) << "a lone surrogate has no exact text";
  EXPECT_EQ(c.blocks[7].role, Role::kUser);
  EXPECT_FALSE(c.blocks[7].editable);
}

TEST(AnthropicMessages, KnowsItsMessagesAndWhatMayNotLeave) {
  const Conversation c = read(Api::kAnthropicMessages, kAnthropic);
  ASSERT_EQ(c.messages.size(), 3U);
  EXPECT_TRUE(c.marked);
  EXPECT_EQ(kAnthropic.substr(c.messages[0].element.begin, c.messages[0].element.size()),
            R"({"role":"user","content":"what failed?"})");
  EXPECT_EQ(c.messages[0].first_block, 1U);
  EXPECT_EQ(c.messages[0].end_block, 2U);
  EXPECT_FALSE(c.messages[0].immutable || c.messages[0].opaque);
  EXPECT_TRUE(c.messages[1].immutable && c.messages[1].thinking) << "signed thinking";
  EXPECT_TRUE(c.messages[1].opaque);
  EXPECT_EQ(c.messages[1].end_block, 4U);
  EXPECT_TRUE(c.messages[2].immutable) << "a cache mark";
  EXPECT_FALSE(c.messages[2].thinking);
  EXPECT_TRUE(c.messages[2].opaque) << "an image in a result";
  EXPECT_EQ(c.messages[2].end_block, 8U);
  EXPECT_TRUE(c.blocks[7].exact);
  EXPECT_FALSE(c.blocks[6].exact);
}

TEST(AnthropicMessages, SearchResultsAndDocumentsOfToolsAreTextsUnlessTheyAreCited) {
  const auto texts = [](std::string_view part) {
    const std::string body =
        R"({"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[)" +
        std::string(part) + "]}]}]}";
    const Conversation c = read(Api::kAnthropicMessages, body);
    EXPECT_TRUE(c.messages.at(0).opaque);
    std::string said;
    for (const Block& block : c.blocks) said += std::string(block.text) + (block.editable ? "+" : "-");
    return said;
  };
  const std::string found =
      R"({"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}])";
  EXPECT_EQ(texts(found + "}"), "a+b+");
  EXPECT_EQ(texts(found + R"(,"citations":{"enabled":false}})"), "a+b+");
  EXPECT_EQ(texts(found + R"(,"citations":{"enabled":true}})"), "");
  EXPECT_EQ(texts(R"({"type":"document","source":{"type":"text","media_type":"text/plain","data":"c"}})"), "c+");
  EXPECT_EQ(texts(R"({"type":"document","source":{"type":"text","data":"c"},"citations":{"enabled":true}})"), "");
  EXPECT_EQ(texts(R"({"type":"document","source":{"type":"base64","data":"AAAA"}})"), "");
  EXPECT_EQ(texts(R"({"type":"browser_state","tabs":[]})"), "");
}

TEST(AnthropicMessages, TheSystemMaySpeakInTheMiddle) {
  const Conversation c = read(Api::kAnthropicMessages, R"({"model":"claude-opus-5-5","system":"s",
 "thread":{"type":"continue","previous_message_id":"msg_7"},"messages":[
 {"role":"user","content":"what failed?"},
 {"role":"system","content":"It is Thursday."},
 {"role":"system","clear_at":"next_user_message","content":[{"type":"tool_addition","tool":{}},{"type":"text","text":"Be quick."}]}]})");
  ASSERT_EQ(c.blocks.size(), 4U);
  EXPECT_EQ(c.blocks[1].role, Role::kUser);
  EXPECT_EQ(c.blocks[2].role, Role::kSystem);
  EXPECT_EQ(c.blocks[2].message, 1U);
  EXPECT_EQ(c.blocks[3].text, "Be quick.");
  EXPECT_EQ(c.messages[2].role, Role::kSystem);
  EXPECT_EQ(c.continues, "msg_7");
}

TEST(Conversation, ListsItsTools) {
  const std::string_view anthropic =
      R"({"messages":[],"tools":[{"name":"Read","input_schema":{}}, {"name":"Bash","cache_control":{"type":"ephemeral"}}]})";
  const Conversation a = read(Api::kAnthropicMessages, anthropic);
  ASSERT_EQ(a.tools.size(), 2U);
  EXPECT_EQ(a.tools[0].name, "Read");
  EXPECT_EQ(anthropic.substr(a.tools[0].element.begin, a.tools[0].element.size()),
            R"({"name":"Read","input_schema":{}})");
  EXPECT_FALSE(a.tools[0].marked);
  EXPECT_TRUE(a.tools[1].marked);
  EXPECT_TRUE(a.marked);
  const Conversation o =
      read(Api::kOpenAiChat,
           R"({"messages":[],"tools":[{"type":"function","function":{"name":"run"}},{"type":"custom"},3]})");
  ASSERT_EQ(o.tools.size(), 3U);
  EXPECT_EQ(o.tools[0].name, "run");
  EXPECT_EQ(o.tools[2].name, "");
  EXPECT_FALSE(o.marked);
}

constexpr std::string_view kOpenAi = R"({"model":"gpt-4o","messages":[
  {"role":"developer","content":"be brief"},
  {"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:"}}]},
  {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"run","arguments":"{\"q\": \"x\"}"}}]},
  {"role":"tool","tool_call_id":"c1","content":"result"},
  {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"part"}]},
  {"role":"assistant","refusal":"no"}]})";

TEST(OpenAiChat, ReadsBlocksWithTheirSpans) {
  const Conversation c = read(Api::kOpenAiChat, kOpenAi);
  EXPECT_FALSE(c.stream);
  ASSERT_EQ(c.blocks.size(), 5U);
  EXPECT_EQ(c.blocks[0].role, Role::kSystem);
  EXPECT_EQ(c.blocks[1].text, "look");
  EXPECT_EQ(c.blocks[2].text, "{\"q\": \"x\"}");
  EXPECT_EQ(c.blocks[3].tool_name, "run");
  EXPECT_EQ(c.blocks[3].tool_arguments, "{\"q\": \"x\"}");
  EXPECT_EQ(literal_of(kOpenAi, c.blocks[3]), "\"result\"");
  EXPECT_TRUE(c.blocks[3].editable);
  EXPECT_EQ(c.blocks[4].text, "part");
  EXPECT_EQ(c.blocks[4].message, 4U);
}

TEST(OpenAiChat, CustomToolsHaveFreeTextForTheirInput) {
  const Conversation c =
      read(Api::kOpenAiChat, R"({"model":"gpt-5","tools":[{"type":"custom","custom":{"name":"patch"}}],"messages":[
  {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"custom","custom":{"name":"patch","input":"*** Begin"}}]},
  {"role":"tool","tool_call_id":"c1","content":"done"}]})");
  EXPECT_EQ(c.tools.at(0).name, "patch");
  ASSERT_EQ(c.blocks.size(), 2U);
  EXPECT_EQ(c.blocks[0].text, "*** Begin");
  EXPECT_EQ(c.blocks[1].tool_name, "patch");
  EXPECT_EQ(c.blocks[1].tool_arguments, "*** Begin");
}

TEST(OpenAiChat, SignedThinkingOfOthersModelsIsKnown) {
  const Conversation c = read(Api::kOpenAiChat, R"({"model":"anthropic/claude-opus-5.5","messages":[
  {"role":"assistant","content":"a","reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"x=="}]},
  {"role":"assistant","content":"b","reasoning_details":[{"type":"reasoning.encrypted","data":"x=="}]},
  {"role":"assistant","content":"c","reasoning_opaque":"x=="},
  {"role":"assistant","content":"d","reasoning_content":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":null},7]}]})");
  ASSERT_EQ(c.messages.size(), 4U);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(c.messages[i].thinking && c.messages[i].immutable) << i;
  EXPECT_FALSE(c.messages[3].thinking);
}

TEST(ReadConversation, StrangeShapesAreSkippedNotFatal) {
  for (
      std::string_view body :
      {R"({"messages":[]})", R"({"messages":[1,null,"x",[],{}]})", R"({"messages":[{"role":7,"content":{}}]})",
       R"({"model":1,"stream":"yes","messages":[{"role":"user","content":[1,"x",null,{"type":3},{"type":"text","text":5}]}]})",
       R"({"messages":[{"role":"user","content":[{"type":"tool_result","content":[7,{"type":"text"}]}]}]})",
       R"({"messages":[{"role":"assistant","tool_calls":[1,{},{"function":1},{"function":{"arguments":{}}}]}]})"}) {
    for (Api api : {Api::kAnthropicMessages, Api::kOpenAiChat}) {
      const auto conversation = read_conversation(api, body);
      ASSERT_TRUE(conversation) << body;
      for (const Block& block : conversation->blocks) EXPECT_LE(block.literal.end, body.size());
    }
  }
}

TEST(ReadConversation, WhatIsNoRequestIsAnError) {
  for (std::string_view body : {"", "{", "[]", "{}", R"({"messages":"x"})", R"({"messages":[)", "\xFF\xFE", "null"}) {
    EXPECT_FALSE(read_conversation(Api::kAnthropicMessages, body)) << body;
    EXPECT_FALSE(read_conversation(Api::kOpenAiChat, body)) << body;
  }
}

TEST(ReadConversation, TheLastOfDuplicateMembersCounts) {
  const std::string body = R"({"messages":[{"role":"tool","content":"first","content":"second"}]})";
  const Conversation c = read(Api::kOpenAiChat, body);
  ASSERT_EQ(c.blocks.size(), 1U);
  EXPECT_EQ(c.blocks[0].text, "second");
}

TEST(Conversation, NamesTheSessionAsTheClientDoes) {
  const auto session = [](Api api, std::string_view body) { return read(api, body).session; };
  EXPECT_EQ(session(Api::kAnthropicMessages, R"({"metadata":{"user_id":"u_session_1"},"messages":[]})"), "u_session_1");
  EXPECT_EQ(session(Api::kOpenAiResponses, R"({"prompt_cache_key":"talk-1","input":[]})"), "talk-1");
  EXPECT_EQ(session(Api::kOpenAiChat, R"({"metadata":"x","prompt_cache_key":7,"messages":[]})"), "");
}

TEST(Conversation, KnowsHowLongTheAnswerMayBe) {
  const auto most = [](Api api, std::string_view body) { return read(api, body).max_output; };
  EXPECT_EQ(most(Api::kAnthropicMessages, R"({"max_tokens":4096,"messages":[]})"), 4096U);
  EXPECT_EQ(most(Api::kOpenAiChat, R"({"max_tokens":1,"max_completion_tokens":2,"messages":[]})"), 2U);
  EXPECT_EQ(most(Api::kOpenAiResponses, R"({"max_output_tokens":7,"input":[]})"), 7U);
  EXPECT_EQ(most(Api::kGeminiGenerate, R"({"contents":[],"generationConfig":{"maxOutputTokens":9}})"), 9U);
  EXPECT_EQ(most(Api::kAnthropicMessages, R"({"max_tokens":-1,"messages":[]})"), 0U);
}

TEST(ReadConversation, AnIdThatTheClientMadeUpAnswersTheCallWithoutOne) {
  const Conversation c = read(Api::kGeminiGenerate, R"({"contents":[
    {"role":"model","parts":[{"functionCall":{"name":"run","args":{"command":"make"}}},
                             {"functionCall":{"id":"7","name":"run","args":{"command":"make test"}}}]},
    {"role":"user","parts":[{"functionResponse":{"id":"7","name":"run","response":{"output":"what was tested first"}}},
                            {"functionResponse":{"id":"run-1764-0","name":"run","response":{"output":"what was made by it"}}},
                            {"functionResponse":{"id":"run-1764-1","name":"run","response":{"output":"what came as well here"}}}]}]})");
  ASSERT_EQ(c.blocks.size(), 5U);
  EXPECT_EQ(c.blocks[2].tool_arguments, R"({"command":"make test"})");
  EXPECT_EQ(c.blocks[3].tool_arguments, R"({"command":"make"})");
  EXPECT_EQ(c.blocks[3].tool_call_id, c.blocks[0].tool_call_id);
  EXPECT_EQ(c.blocks[4].tool_call_id, "run-1764-1");
  EXPECT_EQ(c.blocks[4].tool_arguments, "");
}

constexpr std::string_view kGemini = R"({
 "systemInstruction":{"parts":[{"text":"be brief"}]},
 "tools":[{"functionDeclarations":[{"name":"read_file"},{"name":"run"}]},{"googleSearch":{}}],
 "contents":[
  {"role":"user","parts":[{"text":"what failed?"},{"inlineData":{"mimeType":"image/png","data":"AA=="}}]},
  {"role":"model","parts":[{"text":"hm","thought":true},{"text":"Looking."},
    {"functionCall":{"name":"run","args":{"command":"make"}},"thoughtSignature":"c2ln"},
    {"functionCall":{"name":"run","args":{"command":"make test"}}}]},
  {"role":"user","parts":[
    {"functionResponse":{"name":"run","response":{"output":"the first output of all"}}},
    {"functionResponse":{"name":"run","response":{"error":"the second, and it is wrong","code":[1,2,3,4,5,6,7,8,9]}}},
    {"functionResponse":{"name":"other","response":{"content":[{"type":"text","text":"a text that is wrapped in a list of parts, as tools of MCP do"}]}}}]}],
 "generationConfig":{"temperature":0}})";

TEST(GeminiGenerate, ReadsPartsAndPairsCallsWithoutIds) {
  auto read_with = read_conversation(Api::kGeminiGenerate, kGemini, "gemini-2.5-pro");
  ASSERT_TRUE(read_with);
  const Conversation& c = *read_with;
  EXPECT_EQ(c.model, "gemini-2.5-pro");
  ASSERT_EQ(c.blocks.size(), 9U);
  EXPECT_EQ(c.blocks[0].role, Role::kSystem);
  EXPECT_EQ(c.blocks[1].text, "what failed?");
  EXPECT_EQ(c.blocks[2].text, "Looking.");
  EXPECT_EQ(c.blocks[2].role, Role::kAssistant);
  EXPECT_EQ(c.blocks[3].tool_name, "run");
  EXPECT_EQ(c.blocks[5].text, "the first output of all");
  EXPECT_EQ(c.blocks[5].tool_arguments, R"({"command":"make"})");
  EXPECT_TRUE(c.blocks[5].editable);
  EXPECT_FALSE(c.blocks[5].is_error);
  EXPECT_EQ(c.blocks[6].tool_arguments, R"({"command":"make test"})");
  EXPECT_TRUE(c.blocks[6].is_error);
  EXPECT_EQ(c.blocks[7].text, "[1,2,3,4,5,6,7,8,9]") << "a value is a text of its own";
  EXPECT_EQ(literal_of(kGemini, c.blocks[7]), "[1,2,3,4,5,6,7,8,9]");
  EXPECT_EQ(c.blocks[8].text, "a text that is wrapped in a list of parts, as tools of MCP do");
  ASSERT_EQ(c.messages.size(), 3U);
  EXPECT_TRUE(c.messages[0].opaque);
  EXPECT_TRUE(c.messages[1].immutable) << "its signature must not be lost";
  ASSERT_EQ(c.tools.size(), 2U);
  EXPECT_EQ(c.tools[1].name, "run");
  EXPECT_EQ(guess_api(kGemini), Api::kGeminiGenerate);
}

constexpr std::string_view kConverse = R"({
 "system":[{"text":"be brief"},{"cachePoint":{"type":"default","ttl":"1h"}}],
 "toolConfig":{"tools":[{"toolSpec":{"name":"look"}},{"toolSpec":{"name":"run"}}]},
 "messages":[
  {"role":"user","content":[{"text":"what failed?"},{"video":{"format":"mp4"}}]},
  {"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm","signature":"c2ln"}}},
    {"toolUse":{"toolUseId":"t1","name":"run","input":{"command":"make test"}}}]},
  {"role":"user","content":[
    {"toolResult":{"toolUseId":"t1","status":"error","content":[{"text":"a\nb"},{"json":{"rows":[1,2,3,4,5,6,7,8,9]}},{"document":{}}]}},
    {"ofTheFuture":[{}]}]},
  {"role":"user","content":[{"text":"and now?"},{"cachePoint":{"type":"default"}}]}],
 "inferenceConfig":{"maxTokens":77}})";

TEST(BedrockConverse, ReadsBlocksByTheNameOfTheirMember) {
  auto read_with = read_conversation(Api::kBedrockConverse, kConverse, "anthropic.claude-sonnet-4-5-20250929-v1:0");
  ASSERT_TRUE(read_with);
  const Conversation& c = *read_with;
  EXPECT_EQ(c.model, "anthropic.claude-sonnet-4-5-20250929-v1:0");
  EXPECT_EQ(c.max_output, 77U);
  ASSERT_EQ(c.blocks.size(), 6U);
  EXPECT_EQ(c.blocks[0].role, Role::kSystem);
  EXPECT_EQ(c.blocks[1].text, "what failed?");
  EXPECT_EQ(c.blocks[2].kind, BlockKind::kToolCall);
  EXPECT_EQ(c.blocks[2].text, R"({"command":"make test"})");
  EXPECT_EQ(c.blocks[3].text, "a\nb");
  EXPECT_EQ(c.blocks[3].tool_name, "run");
  EXPECT_EQ(c.blocks[3].tool_arguments, R"({"command":"make test"})");
  EXPECT_TRUE(c.blocks[3].is_error);
  EXPECT_TRUE(c.blocks[3].editable);
  EXPECT_EQ(literal_of(kConverse, c.blocks[4]), "[1,2,3,4,5,6,7,8,9]");
  EXPECT_FALSE(c.blocks[5].editable);
  ASSERT_EQ(c.messages.size(), 4U);
  EXPECT_TRUE(c.messages[0].opaque) << "a video";
  EXPECT_TRUE(c.messages[1].immutable && c.messages[1].thinking) << "signed";
  EXPECT_TRUE(c.messages[2].opaque) << "a block that is not known";
  EXPECT_FALSE(c.messages[2].immutable);
  EXPECT_TRUE(c.messages[3].immutable) << "a cache point";
  EXPECT_TRUE(c.marked);
  EXPECT_TRUE(c.long_ttl);
  ASSERT_EQ(c.tools.size(), 2U);
  EXPECT_EQ(c.tools[1].name, "run");
  EXPECT_EQ(guess_api(kConverse), Api::kBedrockConverse);
}

TEST(BedrockConverse, AnObjectOfSmallMembersStaysAnObject) {
  std::string members = R"("n0":0)";
  for (int i = 1; i < 200; ++i) members += ",\"n" + std::to_string(i) + "\":" + std::to_string(i);
  const std::string body =
      R"({"messages":[{"role":"user","content":[{"toolResult":{"toolUseId":"t","content":[{"json":{)" + members +
      "}}]}}]}]}";
  const Conversation c = read(Api::kBedrockConverse, body);
  ASSERT_EQ(c.blocks.size(), 1U);
  EXPECT_EQ(literal_for(c.blocks[0], "x"), R"({"output":"x"})");
  EXPECT_EQ(guess_api(body), Api::kBedrockConverse);
}

TEST(BedrockConverse, ToolsWithACachePointAmongThemKeepTheirPlaces) {
  const Conversation c =
      read(Api::kBedrockConverse,
           R"({"toolConfig":{"tools":[{"toolSpec":{"name":"a"}},{"cachePoint":{"type":"default"}}]},"messages":[]})");
  EXPECT_TRUE(c.tools.empty());
  EXPECT_TRUE(c.marked);
}

TEST(BedrockInvoke, TheBodySaysWhoseItIs) {
  EXPECT_EQ(bedrock_invoke_api(R"({"anthropic_version":"bedrock-2023-05-31","messages":[]})"), Api::kAnthropicMessages);
  EXPECT_EQ(bedrock_invoke_api(R"({"schemaVersion":"messages-v1","messages":[]})"), Api::kBedrockConverse);
  EXPECT_EQ(bedrock_invoke_api(R"({"messages":[{"role":"user","content":"\"anthropic_version\""}]})"),
            Api::kOpenAiChat);
}

TEST(GeminiGenerate, CloudCodeWrapsTheSame) {
  const std::string body = R"({"model":"gemini-2.5-flash","project":"p","request":)" + std::string(kGemini) + "}";
  const Conversation c = read(Api::kGeminiGenerate, body);
  EXPECT_EQ(c.model, "gemini-2.5-flash");
  EXPECT_EQ(c.blocks.size(), 9U);
  EXPECT_EQ(guess_api(body), Api::kGeminiGenerate);
}

TEST(GeminiGenerate, SnakeCaseSingleContentsAndTokenCountsReadTheSame) {
  const std::string inner =
      R"({"system_instruction":{"parts":{"text":"be brief"}},"contents":{"parts":[{"text":"hello"},)"
      R"({"function_response":{"name":"f","response":{"result":"a result of some length"}}}]}})";
  const Conversation c = read(Api::kGeminiGenerate, inner);
  ASSERT_EQ(c.blocks.size(), 3U);
  EXPECT_EQ(c.blocks[0].role, Role::kSystem);
  EXPECT_EQ(c.blocks[2].tool_name, "f") << "its own name, where the call is not here";
  const std::string counted = R"({"generateContentRequest":)" + inner + "}";
  EXPECT_EQ(read(Api::kGeminiGenerate, counted).blocks.size(), 3U);
  EXPECT_EQ(guess_api(counted), Api::kGeminiGenerate);
}

TEST(GeminiGenerate, AnErrorIsOneThatSaysSomething) {
  const auto is_error = [](std::string_view error) {
    const Conversation c = read(
        Api::kGeminiGenerate,
        R"({"contents":[{"parts":[{"functionResponse":{"name":"f","response":{"output":"it printed this text","error":)" +
            std::string(error) + "}}}]}]}");
    return c.blocks.at(0).is_error;
  };
  for (const char* none : {"null", "false", "\"\"", "{}", "[]", "0"}) EXPECT_FALSE(is_error(none)) << none;
  for (const char* some : {"true", "\"no\"", "{\"code\":1}", "7"}) EXPECT_TRUE(is_error(some)) << some;
}

TEST(GeminiGenerate, AResponseOfSmallMembersIsOneTextAndStaysAnObject) {
  std::string response = "{";
  for (int i = 0; i < 200; ++i) {
    response += (i > 0 ? "," : "") + std::string("\"host-") + std::to_string(i) + "\":\"state is ok\"";
  }
  response += "}";
  const std::string body =
      R"({"contents":[{"parts":[{"functionCall":{"name":"states"}}],"role":"model"},{"parts":[{"functionResponse":{"name":"states","response":)" +
      response + "}}]}]}";
  const Conversation c = read(Api::kGeminiGenerate, body);
  ASSERT_EQ(c.blocks.size(), 2U);
  EXPECT_EQ(c.blocks[0].text, "{}") << "a call without arguments";
  EXPECT_EQ(c.blocks[1].text, response);
  EXPECT_EQ(literal_of(body, c.blocks[1]), response);
  EXPECT_EQ(c.blocks[1].tool_call_id, c.blocks[0].tool_call_id);
  EXPECT_TRUE(c.blocks[1].editable);
  EXPECT_EQ(literal_for(c.blocks[1], "a \"b\""), R"({"output":"a \"b\""})");
}

TEST(GeminiGenerate, AFewLongTextsAreTextsAndMoreOfThemAreData) {
  const std::string text(500, 'x');
  const auto blocks_of = [&](int parts) {
    std::string list;
    for (int i = 0; i < parts; ++i)
      list += (i > 0 ? "," : "") + std::string(R"({"type":"text","text":")") + text + "\"}";
    return read(Api::kGeminiGenerate,
                R"({"contents":[{"parts":[{"functionResponse":{"name":"f","response":{"content":[)" + list + "]}}}]}]}")
        .blocks.size();
  };
  EXPECT_EQ(blocks_of(1), 1U);
  EXPECT_EQ(blocks_of(3), 3U);
  EXPECT_EQ(blocks_of(9), 1U);
}

constexpr std::string_view kResponses = R"({
 "model":"gpt-5","instructions":"be brief","stream":true,"previous_response_id":"resp_1",
 "tools":[{"type":"function","name":"shell","parameters":{}},{"type":"web_search"}],
 "input":[
  {"type":"message","role":"user","content":[{"type":"input_text","text":"what failed?"},{"type":"input_image","image_url":"x"}]},
  {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"},
  {"type":"function_call","call_id":"c1","name":"shell","arguments":"{\"command\":[\"make\"]}"},
  {"type":"function_call_output","call_id":"c1","output":"line one\nline two"},
  {"type":"local_shell_call","call_id":"c2","action":{"type":"exec","command":["ls"]},"status":"completed"},
  {"type":"local_shell_call_output","call_id":"c2","output":[{"type":"input_text","text":"a.c"}]},
  {"type":"item_reference","id":"msg_1"},
  {"role":"assistant","content":[{"type":"output_text","text":"It is a.c."}]},
  {"role":"user","content":"go on"}]})";

TEST(OpenAiResponses, ReadsItemsAndLeavesUnknownOnesWhole) {
  const Conversation c = read(Api::kOpenAiResponses, kResponses);
  EXPECT_EQ(c.model, "gpt-5");
  EXPECT_TRUE(c.stream);
  ASSERT_EQ(c.blocks.size(), 8U);
  EXPECT_EQ(c.blocks[0].role, Role::kSystem);
  EXPECT_EQ(c.blocks[2].tool_name, "shell");
  EXPECT_EQ(c.blocks[3].kind, BlockKind::kToolResult);
  EXPECT_EQ(c.blocks[3].text, "line one\nline two");
  EXPECT_EQ(c.blocks[3].tool_arguments, R"({"command":["make"]})");
  EXPECT_EQ(c.blocks[4].tool_name, "local_shell");
  EXPECT_EQ(c.blocks[5].tool_name, "local_shell");
  EXPECT_EQ(c.blocks[6].role, Role::kAssistant);
  EXPECT_EQ(c.blocks[7].text, "go on");
  ASSERT_EQ(c.messages.size(), 9U);
  EXPECT_TRUE(c.messages[1].immutable && c.messages[1].thinking) << "reasoning";
  EXPECT_TRUE(c.messages[6].opaque);
  EXPECT_EQ(c.tools.size(), 2U);
  EXPECT_EQ(guess_api(kResponses), Api::kOpenAiResponses);
}

TEST(OpenAiResponses, ShellsAndScreensAndWhatGoesOn) {
  const Conversation c = read(Api::kOpenAiResponses,
                              R"({"model":"gpt-5","previous_response_id":"resp_7","input":[
 {"type":"shell_call","call_id":"s1","action":{"commands":["ls"]}},
 {"type":"shell_call_output","call_id":"s1","output":[{"stdout":"a.c","stderr":"","outcome":{"type":"exit","exit_code":0}},{"stdout":"b.c","stderr":"no"}]},
 {"type":"apply_patch_call","call_id":"p1","operation":{"type":"delete_file","path":"x"}},
 {"type":"apply_patch_call_output","call_id":"p1","status":"completed","output":"done"},
 {"type":"computer_call_output","call_id":"k1","output":{"type":"computer_screenshot","image_url":"data:"}}]})");
  EXPECT_EQ(c.continues, "resp_7");
  ASSERT_EQ(c.blocks.size(), 6U);
  EXPECT_EQ(c.blocks[1].text, "a.c");
  EXPECT_EQ(c.blocks[2].text, "b.c");
  EXPECT_EQ(c.blocks[3].text, "no");
  EXPECT_EQ(c.blocks[3].tool_name, "shell");
  EXPECT_EQ(c.blocks[5].tool_name, "apply_patch");
  EXPECT_TRUE(c.messages[4].opaque);
}

TEST(OpenAiResponses, ToolsMayStandInFrontOfWhatIsSaid) {
  const std::string_view body = R"({"model":"gpt-6.2-sol","store":false,"input":[
 {"type":"additional_tools","id":"at_1","role":"developer","tools":[
  {"type":"namespace","name":"functions","tools":[{"type":"custom","name":"exec"}]}, {"type":"namespace","name":"clock","tools":[]}]},
 {"type":"message","role":"developer","content":[{"type":"input_text","text":"be brief"}]},
 {"type":"message","role":"user","content":[{"type":"input_text","text":"what failed?"}]},
 {"type":"custom_tool_call","call_id":"c1","name":"exec","namespace":"functions","input":"text(1);"},
 {"type":"custom_tool_call_output","call_id":"c1","output":[{"type":"input_text","text":"Script completed"},{"type":"input_text","text":"1"}]}]
})";
  const Conversation c = read(Api::kOpenAiResponses, body);
  ASSERT_EQ(c.tools.size(), 2U);
  EXPECT_EQ(c.tools[0].name, "functions");
  EXPECT_EQ(body.substr(c.tools[1].element.begin, c.tools[1].element.size()),
            R"({"type":"namespace","name":"clock","tools":[]})");
  EXPECT_TRUE(c.namespaced);
  ASSERT_EQ(c.messages.size(), 5U);
  EXPECT_TRUE(c.messages[0].opaque);
  ASSERT_EQ(c.blocks.size(), 5U);
  EXPECT_EQ(c.blocks[3].tool_name, "exec");
  EXPECT_EQ(c.blocks[4].tool_arguments, "text(1);");
  EXPECT_TRUE(c.blocks[4].editable);
  EXPECT_FALSE(read(Api::kOpenAiResponses, R"({"input":[],"tools":[{"type":"function","name":"f"}]})").namespaced);
  EXPECT_FALSE(read(Api::kOpenAiResponses, R"({"input":[]})").namespaced);
}

TEST(OpenAiResponses, AResultMaySayItsToolItself) {
  const Conversation c =
      read(Api::kOpenAiResponses, R"({"input":[{"type":"function_call_output","name":"grep","output":"a"}]})");
  EXPECT_EQ(c.blocks.at(0).tool_name, "grep");
}

TEST(OpenAiResponses, InputMayBeOneText) {
  const Conversation c = read(Api::kOpenAiResponses, R"({"model":"gpt-5","input":"hello"})");
  ASSERT_EQ(c.blocks.size(), 1U);
  EXPECT_EQ(c.blocks[0].text, "hello");
  EXPECT_FALSE(read_conversation(Api::kOpenAiResponses, R"({"model":"gpt-5","input":7})"));
}

std::string with_result(const std::string& result) {
  return R"({"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"shell","input":{}}]},)"
         R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":)" +
         base::encode_json_string(result) + "}]}]}";
}

TEST(WrappedResult, TheLongTextInsideAnObjectIsTheTextAndTheRestStays) {
  const std::string log = std::string(1000, 'x') + "\nline \"2\"\n";
  const std::string head = R"({"output": )", tail = R"(, "metadata":{"exit_code":1}})";
  const std::string body = with_result(head + base::encode_json_string(log) + tail);
  const auto conversation = read_conversation(Api::kAnthropicMessages, body);
  ASSERT_TRUE(conversation);
  const Block& block = conversation->blocks.back();
  EXPECT_EQ(block.text, log);
  EXPECT_TRUE(block.editable);
  EXPECT_EQ(literal_for(block, log), body.substr(block.literal.begin, block.literal.size())) << "to the byte";
  EXPECT_EQ(base::decode_json_string(literal_for(block, "a \"b\"")).value(), head + R"("a \"b\"")" + tail);
}

TEST(WrappedResult, SmallMembersAndLinesMayStandBeforeTheText) {
  const std::string log = std::string(1000, 'x') + "\nline \"2\"\n";
  for (const std::string head : {R"({"chunk_id":"82846f","wall_time_seconds":0.000007694,"exit_code":0,"output":)",
                                 R"({"meta":{"a":["}",{"b":"\"]"}]},"output" : )",
                                 "Warning: truncated output\nTotal output lines: 1\n\n{\"output\":"}) {
    const std::string body = with_result(head + base::encode_json_string(log) + "}");
    const auto conversation = read_conversation(Api::kAnthropicMessages, body);
    ASSERT_TRUE(conversation);
    const Block& block = conversation->blocks.back();
    EXPECT_EQ(block.text, log) << head;
    EXPECT_EQ(literal_for(block, log), body.substr(block.literal.begin, block.literal.size())) << "to the byte";
  }
}

TEST(WrappedResult, TheObjectMayStandFurtherIn) {
  const std::string page = "<h1>\"Ledger\"</h1>" + std::string(1000, 'x'), quoted = base::encode_json_string(page);
  for (const auto& [head, tail] : std::vector<std::pair<std::string, std::string>>{
           {R"({"id":"7","body":{"storage":{"kind":"page","value":)", R"(}},"_links":{"base":"https://a.test"}})"},
           {R"([{"type":"text","text":)", "}]"},
           {R"({"content":[{"type":"text","text":)", R"(},{"type":"text","text":"short"}],"isError":false})"},
           {R"({"results": [ {"tags":["a","b"],"text":)", "} ] }"}}) {
    const std::string body = with_result(head + quoted + tail);
    const auto conversation = read_conversation(Api::kAnthropicMessages, body);
    ASSERT_TRUE(conversation);
    const Block& block = conversation->blocks.back();
    EXPECT_EQ(block.text, page) << head;
    EXPECT_EQ(literal_for(block, page), body.substr(block.literal.begin, block.literal.size())) << "to the byte";
    EXPECT_EQ(base::decode_json_string(literal_for(block, "a")).value(), head + R"("a")" + tail);
  }
}

TEST(WrappedResult, OtherObjectsAreTheTextThemselves) {
  const std::string text(1000, 'x'), quoted = base::encode_json_string(text);
  const std::vector<std::string> results = {R"({"output":)" + quoted + R"(,"error":)" + quoted + "}",
                                            R"({"rows":[{"a":"}"},[1,2]],"more":[)" + quoted + "]}",
                                            "{\"a\":1} and then {\"output\":" + quoted + "}",
                                            R"({"id":7 "output":)" + quoted + "}",
                                            R"({"output":"short"})",
                                            R"({"output":)" + quoted,
                                            R"({"output":)" + quoted + " x}",
                                            "[" + quoted + "]",
                                            R"({"a":{"b":)" + quoted + R"(,"c":)" + quoted + "}}",
                                            "{" + text + "}",
                                            R"({"output":"\ud800)" + text + "\"}"};
  for (const std::string& result : results) {
    const std::string body = with_result(result);
    const auto conversation = read_conversation(Api::kAnthropicMessages, body);
    ASSERT_TRUE(conversation);
    EXPECT_EQ(conversation->blocks.back().text, result);
  }
}

}  // namespace
}  // namespace headroom::wire
