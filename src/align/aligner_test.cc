#include "align/aligner.h"

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/json_string.h"

namespace headroom::align {
namespace {

using wire::Api;

struct Sent {
  std::string body, tell;
  Pin pin;
  std::vector<Drift> drifts;
  std::size_t edits = 0;
};

Sent send(Api api, const std::string& body, const Pin* pin) {
  const auto conversation = wire::read_conversation(api, body);
  EXPECT_TRUE(conversation) << body;
  Alignment alignment = align(*conversation, body, pin);
  const auto spliced = base::splice(body, alignment.edits);
  EXPECT_TRUE(spliced) << body;
  EXPECT_TRUE(wire::read_conversation(api, *spliced)) << *spliced;
  return {*spliced, alignment.tell, std::move(alignment.pin), std::move(alignment.drifts), alignment.edits.size()};
}

std::string two_digits(unsigned value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

/// A prompt of random values; everything else is the same each time.
std::string prompt(std::mt19937& random) {
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  const auto hex = [&](int digits) {
    std::string out;
    for (int i = 0; i < digits; ++i) out += "0123456789abcdef"[below(16)];
    return out;
  };
  std::string status;
  for (unsigned i = below(4); i > 0; --i) status += "\n M src/f\xC3\xA4" + std::to_string(i) + ".cc";
  const char* months[] = {"January", "May", "September"};
  return "request_id: " + hex(8) + "-" + hex(4) + "-" + hex(4) + "-" + hex(4) + "-" + hex(12) +
         "\nYou say \"hi\"\t\xE2\x82\xAC \xF0\x9F\x98\x80.\nToday's date: 20" + two_digits(10 + below(80)) + "-" +
         two_digits(1 + below(12)) + "-" + two_digits(1 + below(28)) + " " + two_digits(below(24)) + ":" +
         two_digits(below(60)) + "\nIt is " + months[below(3)] + " " + std::to_string(1 + below(28)) +
         ", 2026.\nScratch: /tmp/x" + hex(6) + "/y\nTokens left: " + std::to_string(below(200000)) +
         "\nCurrent branch: b" + hex(3) + "\n\nStatus:" + status + "\n\nThe end.\n";
}

/// Everything beyond ASCII as \u escapes, as Python's json writes it.
std::string escaped(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.compare(at, 2, "\xC3\xA4") == 0) {
      out += "\\u00e4";
      at += 1;
    } else if (text.compare(at, 3, "\xE2\x82\xAC") == 0) {
      out += "\\u20ac";
      at += 2;
    } else if (text.compare(at, 4, "\xF0\x9F\x98\x80") == 0) {
      out += "\\ud83d\\ude00";
      at += 3;
    } else {
      out += text[at];
    }
  }
  return out;
}

TEST(Align, ASessionOfRandomDriftsKeepsItsBeginning) {
  std::mt19937 random(7);
  for (int session = 0; session < 40; ++session) {
    const bool anthropic = session % 2 == 0;
    const Api api = anthropic ? Api::kAnthropicMessages : Api::kOpenAiChat;
    std::optional<Pin> pin;
    std::string first;
    for (int turn = 1; turn <= 8; ++turn) {
      const std::string text = prompt(random);
      std::string literal = base::encode_json_string(text);
      if (session % 4 < 2) literal = escaped(literal);
      const std::string body =
          anthropic ? R"({"system":[{"type":"text","text":)" + literal +
                          R"(,"cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"x"}]})"
                    : R"({"messages":[{"role":"system","content":)" + literal + R"(},{"role":"user","content":"x"}]})";
      const Sent sent = send(api, body, pin ? &*pin : nullptr);
      const auto read = wire::read_conversation(api, sent.body);
      ASSERT_TRUE(read);
      if (turn == 1) {
        first = read->blocks.front().text;
        EXPECT_EQ(sent.body, body);
      }
      ASSERT_EQ(read->blocks.front().text, first) << "turn " << turn << " of session " << session;
      if (turn > 1) {
        EXPECT_FALSE(sent.tell.empty());
        EXPECT_EQ(sent.tell.find("request_id"), std::string::npos) << sent.tell;
      }
      for (const Drift& drift : sent.drifts) {
        EXPECT_EQ(drift.turn, static_cast<std::uint32_t>(turn));
        EXPECT_LE(drift.offset + drift.size, body.size());
        EXPECT_NE(drift.action, Action::kAccepted);
      }
      // The same request again: nothing new to tell.
      const Sent again = send(api, body, &sent.pin);
      EXPECT_EQ(again.tell, "");
      EXPECT_EQ(again.body, sent.body);
      const auto stored = Pin::from_text(sent.pin.to_text());
      ASSERT_TRUE(stored);
      EXPECT_EQ(*stored, sent.pin);
      pin = *stored;
    }
  }
}

TEST(Align, WithoutDriftNothingIsEdited) {
  std::mt19937 random(8);
  for (int i = 0; i < 50; ++i) {
    const std::string body = R"({"system":)" + base::encode_json_string(prompt(random)) +
                             R"(,"tools":[{"name":"a"} ,{"name":"b"}],"messages":[{"role":"user","content":"x"}]})";
    const Sent first = send(Api::kAnthropicMessages, body, nullptr);
    const Sent second = send(Api::kAnthropicMessages, body, &first.pin);
    EXPECT_EQ(second.edits, 0U);
    EXPECT_EQ(second.tell, "");
    EXPECT_TRUE(second.drifts.empty());
    EXPECT_EQ(second.pin.turn, 2U);
  }
}

TEST(Align, ShuffledToolsComeBackInTheirFirstBytes) {
  std::mt19937 random(9);
  std::vector<std::string> tools;
  for (int i = 0; i < 12; ++i) {
    tools.push_back(R"({"type":"function","function":{"name":"t)" + std::to_string(i) +
                    R"(","parameters":{"n":1e2}}})");
  }
  std::optional<Pin> pin;
  std::string first;
  for (int turn = 0; turn < 20; ++turn) {
    std::string body = R"({"tools":[)";
    for (std::size_t i = 0; i < tools.size(); ++i) body += (i == 0 ? "" : turn % 2 == 0 ? "," : ", ") + tools[i];
    body += R"(],"messages":[{"role":"user","content":"x"}]})";
    const Sent sent = send(Api::kOpenAiChat, body, pin ? &*pin : nullptr);
    if (turn == 0) first = sent.body;
    ASSERT_EQ(sent.body, first);
    pin = sent.pin;
    std::ranges::shuffle(tools, random);
  }
}

TEST(Align, SystemMessagesAmongTheOthersAreHistory) {
  const std::string body =
      R"({"messages":[{"role":"system","content":"a"},{"role":"user","content":"x"},{"role":"system","content":"Time: 12:30"}]})";
  const Sent first = send(Api::kOpenAiChat, body, nullptr);
  EXPECT_EQ(first.pin.blocks.size(), 1U);
}

TEST(Align, ALoneSurrogateIsNoTextOfOurs) {
  const std::string one = R"({"system":"Date: 2026-11-25 \ud800","messages":[]})";
  const std::string two = R"({"system":"Date: 2026-11-26 \ud800","messages":[]})";
  const Sent first = send(Api::kAnthropicMessages, one, nullptr);
  const Sent second = send(Api::kAnthropicMessages, two, &first.pin);
  EXPECT_EQ(second.body, two);
  ASSERT_EQ(second.drifts.size(), 1U);
  EXPECT_EQ(second.drifts[0].action, Action::kAccepted);
}

TEST(Align, ADriftSaysWhichBytes) {
  const std::string one = R"({"system":"caf\u00e9 \"x\"\nDate: 2026-11-25.","messages":[]})";
  const std::string two = R"({"system":"caf\u00e9 \"x\"\nDate: 2026-11-26.","messages":[]})";
  const Sent first = send(Api::kAnthropicMessages, one, nullptr);
  const Sent second = send(Api::kAnthropicMessages, two, &first.pin);
  EXPECT_EQ(second.body, one);
  ASSERT_EQ(second.drifts.size(), 1U);
  EXPECT_EQ(two.substr(second.drifts[0].offset, second.drifts[0].size), "2026-11-26");
  EXPECT_EQ(second.drifts[0].old_value, "2026-11-25");
  EXPECT_EQ(second.drifts[0].turn, 2U);
}

TEST(Pin, WhatIsDamagedIsAnError) {
  std::mt19937 random(10);
  const std::string body =
      R"({"system":)" + base::encode_json_string(prompt(random)) + R"(,"tools":[{"name":"a"}],"messages":[]})";
  const std::string text = send(Api::kAnthropicMessages, body, nullptr).pin.to_text();
  ASSERT_TRUE(Pin::from_text(text));
  for (std::size_t at = 0; at < text.size(); ++at) {
    EXPECT_FALSE(Pin::from_text(text.substr(0, at))) << at;
    std::string other = text;
    other[at] = static_cast<char>(other[at] ^ 1);
    EXPECT_FALSE(Pin::from_text(other)) << at;
  }
  for (const std::string inside :
       {"headroom-pin 1 ", "headroom-pin 1 1 99999999999999999999 ", "headroom-pin 1 1 300 ", "headroom-pin 1 1 1 24 x",
        "headroom-pin 1 1 0 5 abc\n0 ", "headroom-pin 1 1 0 0 \n1 9 0 0 \n"}) {
    EXPECT_FALSE(Pin::from_text(inside + base::content_id(inside))) << inside;
  }
}

std::string marked(Api api, const std::string& body, std::string key = "") {
  const auto conversation = wire::read_conversation(api, body);
  EXPECT_TRUE(conversation);
  const auto out = base::splice(body, mark_edits(*conversation, body, {.cache_key = std::move(key)}));
  EXPECT_TRUE(out);
  EXPECT_TRUE(wire::read_conversation(api, *out)) << *out;
  return *out;
}

TEST(MarkEdits, MarkWhatAnthropicCaches) {
  const std::string mark = R"("cache_control":{"type":"ephemeral"})";
  EXPECT_EQ(
      marked(
          Api::kAnthropicMessages,
          R"({"tools":[{"name":"a"},{"name":"b"}],"system":"s","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"},{"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":"r"}]}]})"),
      R"({"tools":[{"name":"a"},{"name":"b",)" + mark + R"(}],"system":[{"type":"text","text":"s",)" + mark +
          R"(}],"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"},{"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":"r",)" +
          mark + "}]}]}");
  EXPECT_EQ(marked(Api::kAnthropicMessages, R"({"messages":[{"role":"user","content":"x"}]})"),
            R"({"messages":[{"role":"user","content":[{"type":"text","text":"x",)" + mark + "}]}]}");
}

TEST(MarkEdits, LeaveTheClientsMarksAlone) {
  for (
      const std::string body :
      {R"({"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"x"}]})",
       R"({"cache_control":{"type":"ephemeral"},"messages":[{"role":"user","content":"x"}]})",
       R"({"system":"","messages":[{"role":"user","content":[{"type":"text","text":""}]}]})"}) {
    EXPECT_EQ(marked(Api::kAnthropicMessages, body), body);
  }
}

TEST(MarkEdits, NameOpenAisCacheOnce) {
  const std::string body = R"({"messages":[{"role":"user","content":"x"}]})";
  EXPECT_EQ(marked(Api::kOpenAiChat, body), body);
  const std::string once = marked(Api::kOpenAiChat, body, "ab12");
  EXPECT_EQ(once, R"({"prompt_cache_key":"ab12","messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(marked(Api::kOpenAiChat, once, "cd34"), once);
}

}  // namespace
}  // namespace headroom::align
