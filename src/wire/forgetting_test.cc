#include "wire/forgetting.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::wire {
namespace {

bool forgets(Api api, const std::string& body) {
  const auto conversation = read_conversation(api, body);
  return conversation && provider_forgets(*conversation);
}

TEST(Forgetting, ResultsThatAreClearedAndMessagesThatAreSummedUp) {
  const auto edits = [](const std::string& type) {
    return R"({"messages":[],"context_management":{"edits":[{"type":")" + type + R"("}]}})";
  };
  EXPECT_TRUE(forgets(Api::kAnthropicMessages, edits("clear_tool_uses_20250919")));
  EXPECT_TRUE(forgets(Api::kAnthropicMessages, edits("compact_20260112")));
  EXPECT_FALSE(forgets(Api::kAnthropicMessages, edits("clear_thinking_20251015")));
  EXPECT_FALSE(forgets(Api::kAnthropicMessages, R"({"messages":[]})"));
}

TEST(Forgetting, ItemsThatAreDropped) {
  EXPECT_TRUE(forgets(Api::kOpenAiResponses, R"({"input":[],"truncation":"auto"})"));
  EXPECT_TRUE(forgets(Api::kOpenAiResponses, R"({"input":[],"context_management":[{"type":"compaction"}]})"));
  EXPECT_FALSE(forgets(Api::kOpenAiResponses, R"({"input":[],"truncation":"disabled"})"));
}

}  // namespace
}  // namespace headroom::wire
