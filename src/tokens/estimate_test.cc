#include "tokens/estimate.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::tokens {
namespace {

TEST(Estimate, IsLabelled) {
  for (const Tokenizer* tokenizer : {&claude_estimate(), &gemini_estimate(), &o200k_estimate()}) {
    EXPECT_TRUE(tokenizer->is_estimate());
    EXPECT_TRUE(tokenizer->name().ends_with('~'));
    EXPECT_EQ(tokenizer->count(""), 0u);
    EXPECT_GE(tokenizer->count("\xf0"), 1u);
  }
}

TEST(Estimate, StaysNearO200kForCodeAndEnglish) {
  const std::string_view texts[] = {
      "The request was accepted by the server and the worker started to build the index of all open orders.\n",
      "for (const auto& entry : entries) {\n  if (entry.length == length) return entry.count;\n}\n",
      "2024-05-21T10:00:00.123Z ERROR [worker-7] timeout after 3000ms id=9f86d081884c ip=10.0.0.1\n",
      "{\"id\": 12345, \"name\": \"order\", \"tags\": [\"cache\", \"retry\"], \"active\": true}\n",
  };
  for (std::string_view text : texts) {
    const auto exact = static_cast<double>(o200k_base().count(text));
    const auto estimate = static_cast<double>(claude_estimate().count(text));
    EXPECT_GT(estimate, 0.9 * exact) << text;
    EXPECT_LT(estimate, 1.3 * exact) << text;
  }
}

TEST(Estimate, GrowsWithTheText) {
  std::string text;
  std::size_t before = 0;
  for (int i = 0; i < 200; ++i) {
    text += "line " + std::to_string(i) + " of the log\n";
    const std::size_t now = claude_estimate().count(text);
    EXPECT_GT(now, before);
    before = now;
  }
}

TEST(Estimate, StandsInWithO200k) {
  const std::string_view text = "anything at all, 123";
  EXPECT_EQ(gemini_estimate().count(text), o200k_base().count(text));
  EXPECT_EQ(o200k_estimate().count(text), o200k_base().count(text));
}

}  // namespace
}  // namespace headroom::tokens
