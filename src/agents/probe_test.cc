#include "agents/probe.h"

#include <gtest/gtest.h>

namespace headroom::agents {
namespace {

TEST(Probe, ARequestIsBehindTheAddress) {
  const Description any;
  EXPECT_EQ(request_path(any, "anthropic", ""), "/v1/messages");
  EXPECT_EQ(request_path(any, "anthropic", "/v1/"), "/v1/messages");
  EXPECT_EQ(request_path(any, "anthropic", "/p/mine"), "/p/mine/v1/messages");
  EXPECT_EQ(request_path(any, "openai", "/v1"), "/v1/chat/completions");
  EXPECT_EQ(request_path(any, "gemini", "/v1beta"), "/v1beta/models/m:generateContent");
  EXPECT_EQ(request_path(any, "nobody", ""), "");
  ASSERT_NE(find_agent("codex"), nullptr);
  EXPECT_EQ(request_path(*find_agent("codex"), "openai", "/v1"), "/v1/responses");
}

TEST(Probe, WhatWrapTellsAnAgentDependsOnWhatItUses) {
  Situation situation;
  situation.variable = [](std::string_view name) {
    return name == "CLAUDE_CODE_USE_VERTEX" ? std::optional<std::string>("1") : std::nullopt;
  };
  const Description* claude = find_agent("claude");
  ASSERT_NE(claude, nullptr);
  const auto addresses = wrap_addresses(*claude, situation, "http://127.0.0.1:1");
  ASSERT_EQ(addresses.size(), 1U);
  EXPECT_EQ(addresses[0].where, "ANTHROPIC_VERTEX_BASE_URL");
  EXPECT_EQ(addresses[0].url, "http://127.0.0.1:1/v1");
  EXPECT_EQ(addresses[0].upstream, "vertex");
}

}  // namespace
}  // namespace headroom::agents
