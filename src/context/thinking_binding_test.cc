#include "context/thinking_binding.h"

#include <gtest/gtest.h>

namespace headroom::context {
namespace {

TEST(BindsThinking, FromTheVersionsOnThatTheProvidersName) {
  for (const char* model :
       {"claude-fable-5-1", "claude-opus-5-5", "claude-sonnet-5-5-20261001", "claude-haiku-5.5",
        "us.anthropic.claude-opus-5-5-v1:0", "anthropic/claude-fable-5.2", "claude-opus-6", "claude-opus-5-5@20261001",
        "CLAUDE-FABLE-5-1", "claude-opus-latest", "gpt-6.2-sol", "openai/gpt-7", "gpt-6.2-astra-2026-11-17"}) {
    EXPECT_TRUE(binds_thinking(model)) << model;
  }
  for (const char* model :
       {"claude-3-5-sonnet-20241022", "claude-sonnet-4-5-20250929", "claude-opus-4-1", "claude-4-opus", "claude-opus-5",
        "claude-opus-5-20260801", "claude-sonnet-5@20260801", "claude-2.1", "us.anthropic.claude-opus-5-v1:0",
        "claude-fable-5", "gpt-4o", "gpt-5.6", "gpt-6-sol", "gpt-6.1-sol", "gpt-oss-120b", "gemini-3.7-flash",
        "deepseek-v4", "o5-mini", ""}) {
    EXPECT_FALSE(binds_thinking(model)) << model;
  }
}

TEST(ThinkingBinding, EndsBeforeTheLastThinking) {
  const auto of = [](std::string_view model, std::string_view messages) {
    const std::string body = R"({"model":")" + std::string(model) + R"(","messages":[)" + std::string(messages) + "]}";
    const auto conversation = wire::read_conversation(wire::Api::kAnthropicMessages, body);
    return conversation ? thinking_binding(*conversation) : ThinkingBinding{};
  };
  const std::string_view talk = R"({"role":"user","content":"a"},
    {"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"x"},{"type":"text","text":"b"}]},
    {"role":"user","content":"c"},
    {"role":"assistant","content":[{"type":"redacted_thinking","data":"x"},{"type":"text","text":"d"}]},
    {"role":"user","content":"e"})";
  EXPECT_TRUE(of("claude-fable-5-1", talk).any);
  EXPECT_EQ(of("claude-fable-5-1", talk).end, 3U);
  EXPECT_FALSE(of("claude-opus-5", talk).any);
  EXPECT_FALSE(of("claude-fable-5-1", R"({"role":"user","content":"a"})").any);
}

}  // namespace
}  // namespace headroom::context
