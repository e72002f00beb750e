#include "tokens/models.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tokens/tokenizer.h"

namespace headroom::tokens {
namespace {

std::string row_of(std::string_view model) {
  const ModelInfo* info = find_model(model);
  return info == nullptr ? "none" : std::string(info->name);
}

TEST(Models, MatchTheLongestRow) {
  EXPECT_EQ(row_of("gpt-4o"), "gpt-4o");
  EXPECT_EQ(row_of("gpt-4o-2024-08-06"), "gpt-4o");
  EXPECT_EQ(row_of("gpt-4o-mini-2024-07-18"), "gpt-4o-mini");
  EXPECT_EQ(row_of("gpt-4.1-nano-2025-04-14"), "gpt-4.1-nano");
  EXPECT_EQ(row_of("gpt-4-0613"), "gpt-4");
  EXPECT_EQ(row_of("claude-sonnet-4-5-20250929"), "claude-sonnet-4-5");
  EXPECT_EQ(row_of("claude-sonnet-4-20250514"), "claude-sonnet-4");
  EXPECT_EQ(row_of("claude-3-5-sonnet-20241022"), "claude-3-5-sonnet");
  EXPECT_EQ(row_of("gemini-2.5-flash-lite"), "gemini-2.5-flash-lite");
}

TEST(Models, TakeNamesAsClientsWriteThem) {
  EXPECT_EQ(row_of("anthropic/claude-haiku-4-5"), "claude-haiku-4-5");
  EXPECT_EQ(row_of("anthropic/claude-sonnet-4.5"), "claude-sonnet-4-5");
  EXPECT_EQ(row_of("openrouter/anthropic/claude-3.5-haiku:beta"), "claude-3-5-haiku");
  EXPECT_EQ(row_of("us.anthropic.claude-sonnet-4-5-20250929-v1:0"), "claude-sonnet-4-5");
  EXPECT_EQ(row_of("anthropic.claude-3-haiku-20240307-v1:0"), "claude-3-haiku");
  EXPECT_EQ(row_of("vertex_ai/claude-opus-4-5@20251101"), "claude-opus-4-5");
  EXPECT_EQ(row_of("claude-sonnet-4-5[1m]"), "claude-sonnet-4-5[1m]");
  EXPECT_EQ(row_of("models/gemini-2.5-pro"), "gemini-2.5-pro");
  EXPECT_EQ(row_of("OpenAI/GPT-4o"), "gpt-4o");
  EXPECT_EQ(row_of("ft:gpt-4o-mini-2024-07-18:org::id"), "gpt-4o-mini");
  EXPECT_EQ(row_of("deepseek.v3.2"), "deepseek-v3.2");
  EXPECT_EQ(row_of("openai.gpt-oss-120b-1:0").substr(0, 12), "gpt-oss-120b");
  EXPECT_EQ(row_of("llama3.1:8b"), "llama");
  EXPECT_EQ(row_of("meta-llama/Llama-3.3-70B-Instruct"), "llama-3.3-70b-instruct");
}

TEST(Models, FallBackToTheFamilyAndThenToNothing) {
  EXPECT_EQ(row_of("claude-something-99"), "claude");
  EXPECT_EQ(find_model("claude-something-99")->context_window, 0u);
  EXPECT_EQ(row_of("gpt-99"), "gpt");
  EXPECT_EQ(row_of("qwen9-max"), "qwen");
  EXPECT_EQ(find_model("my-own-model"), nullptr);
  EXPECT_EQ(find_model(""), nullptr);
  EXPECT_EQ(find_model("/"), nullptr);
  EXPECT_EQ(find_model("a."), nullptr);
  EXPECT_EQ(find_model("..."), nullptr);
}

TEST(Models, HaveFiguresAndASource) {
  const ModelInfo& sonnet = *find_model("claude-sonnet-4-5");
  EXPECT_EQ(sonnet.provider, "anthropic");
  EXPECT_EQ(sonnet.context_window, 200000u);
  EXPECT_EQ(sonnet.max_output, 64000u);
  EXPECT_DOUBLE_EQ(sonnet.input_price, 3.0);
  EXPECT_DOUBLE_EQ(sonnet.output_price, 15.0);
  EXPECT_DOUBLE_EQ(sonnet.cache_read_price, 0.3);
  EXPECT_DOUBLE_EQ(sonnet.cache_write_price, 3.75);
  EXPECT_FALSE(sonnet.source.empty());
  EXPECT_FALSE(sonnet.date.empty());
}

TEST(Models, AreRowsThatParse) {
  const std::set<std::string_view> encodings = {"o200k_base", "cl100k_base", "claude~", "gemini~", "o200k_base~"};
  EXPECT_GT(all_models().size(), 200u);
  std::set<std::string_view> names;
  for (const ModelInfo& info : all_models()) {
    SCOPED_TRACE(info.name);
    EXPECT_TRUE(encodings.contains(info.encoding));
    EXPECT_TRUE(names.insert(info.name).second) << "listed twice";
    EXPECT_FALSE(info.provider.empty());
    EXPECT_FALSE(info.date.empty());
    EXPECT_TRUE(info.source == "family" || info.context_window > 0);
    EXPECT_LE(info.cache_read_price, info.input_price);
    EXPECT_EQ(tokenizer_for_model(info.name).name(), info.encoding);
  }
}

TEST(Models, SelectTheTokenizer) {
  EXPECT_EQ(&tokenizer_for_model("openai/gpt-4o-2024-05-13"), &o200k_base());
  EXPECT_EQ(&tokenizer_for_model("gpt-4-turbo"), &cl100k_base());
  EXPECT_EQ(&tokenizer_for_model("gpt-oss-20b"), &o200k_base());
  EXPECT_EQ(tokenizer_for_model("claude-opus-99").name(), "claude~");
  EXPECT_EQ(tokenizer_for_model("gemini-1.5-pro-002").name(), "gemini~");
  EXPECT_EQ(tokenizer_for_model("nobody-knows").name(), "o200k_base~");
  EXPECT_TRUE(tokenizer_for_model("nobody-knows").is_estimate());
}

}  // namespace
}  // namespace headroom::tokens
