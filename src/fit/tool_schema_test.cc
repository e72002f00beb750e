#include "fit/tool_schema.h"

#include <string>

#include <gtest/gtest.h>

#include "fit/window.h"

namespace headroom::fit {
namespace {

std::string shorter(wire::Api api, std::string_view tools, SchemaLevel level = SchemaLevel::kAnnotations) {
  const std::string body = R"({"messages":[], "tools": [)" + std::string(tools) + R"(] ,"z": 1.0})";
  const auto conversation = wire::read_conversation(api, body);
  EXPECT_TRUE(conversation);
  const auto edited = base::splice(body, tool_schema_edits(body, *conversation, level));
  EXPECT_TRUE(edited);
  const std::string_view head = R"({"messages":[], "tools": [)", tail = R"(] ,"z": 1.0})";
  EXPECT_TRUE(edited->starts_with(head) && edited->ends_with(tail)) << *edited;
  return edited->substr(head.size(), edited->size() - head.size() - tail.size());
}

TEST(ToolSchema, AnnotationsThatSayNothingGo) {
  EXPECT_EQ(
      shorter(wire::Api::kAnthropicMessages,
              R"({"name": "Read", "input_schema": {"$schema": "http://x", "title": "ReadArgs", "type": "object",
  "properties": {"title": {"title": "Title", "type": "string", "default": null, "description": "d  d", "examples": ["a"]},
                 "examples": {"type": "array", "title": "Something else", "items": {"$comment": "c", "enum": [ 1.0, null ]}}},
  "required": ["title"], "additionalProperties": false}, "cache_control": {"type": "ephemeral"}})"),
      R"({"name":"Read","input_schema":{"type":"object","properties":{"title":{"type":"string","description":"d  d"},)"
      R"("examples":{"type":"array","title":"Something else","items":{"enum":[1.0,null]}}},"required":["title"],)"
      R"("additionalProperties":false},"cache_control":{"type": "ephemeral"}})");
}

TEST(ToolSchema, ValuesAreNoSchemas) {
  const std::string tool =
      R"({"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object","properties":{)"
      R"("a":{"const":{"title":"A","$comment":"x"},"default":{"title":"a"},"enum":[{"title":"A","default":null}]}}}}})";
  EXPECT_EQ(shorter(wire::Api::kOpenAiChat, tool), tool);
}

TEST(ToolSchema, LongDescriptionsOfPropertiesOnlyWhenAsked) {
  const std::string sentences =
      "First sentence, e.g. this one. Second \\\"one\\\"." + std::string(400, 'x') + ". Third.";
  const std::string tool = R"({"name":"f","description":")" + sentences +
                           R"(","input_schema":{"type":"object","description":")" + sentences +
                           R"(","properties":{"a":{"description":")" + sentences + R"("}}}})";
  EXPECT_EQ(shorter(wire::Api::kAnthropicMessages, tool), tool);
  const std::string cut = shorter(wire::Api::kAnthropicMessages, tool, SchemaLevel::kDescriptions);
  EXPECT_TRUE(cut.ends_with(R"("properties":{"a":{"description":"First sentence, e.g. this one."}}}})")) << cut;
  EXPECT_EQ(cut.find(sentences, cut.find(sentences) + 1) != std::string::npos, true) << "the tool's own stay";
  EXPECT_EQ(shorter(wire::Api::kAnthropicMessages, cut, SchemaLevel::kDescriptions), cut) << "once is enough";
}

TEST(FitWindow, IsTheModelsLessTheAnswer) {
  EXPECT_EQ(window_for("no-such-model", 5), 0U);
  const std::size_t whole = window_for("gpt-4o");
  EXPECT_GT(whole, 100'000U);
  EXPECT_EQ(window_for("openai/gpt-4o-2024-08-06", 1000), window_for("openai/gpt-4o-2024-08-06") - 1000);
}

}  // namespace
}  // namespace headroom::fit
