#include "context/history.h"

#include <gtest/gtest.h>

namespace headroom::context {
namespace {

History history_of(std::string_view messages, std::string_view owner = "me", std::string_view system = "s") {
  const std::string body =
      R"({"model":"m","system":")" + std::string(system) + R"(","messages":[)" + std::string(messages) + "]}";
  return read_history(wire::read_conversation(wire::Api::kAnthropicMessages, body).value(), owner, "");
}

constexpr std::string_view kAsk = R"({"role":"user","content":"find it"})";
constexpr std::string_view kMarked =
    R"({"role":"user","content":[{"type":"text","text":"find it","cache_control":{"type":"ephemeral"}}]})";
constexpr std::string_view kAnswer = R"(,{"role":"assistant","content":"found"})";

TEST(History, GrowsWithItsConversation) {
  const History shorter = history_of(kAsk);
  const History longer = history_of(std::string(kAsk) + std::string(kAnswer));
  EXPECT_EQ(shorter.conversation, longer.conversation);
  ASSERT_EQ(longer.places.size(), 3U);
  EXPECT_EQ(shorter.places[1], longer.places[1]);
  EXPECT_NE(longer.places[1], longer.places[2]);
}

TEST(History, IsTheSameForAnotherSystemPromptAndForMovedMarks) {
  EXPECT_EQ(history_of(kAsk).places.back(), history_of(kAsk, "me", "other").places.back());
  EXPECT_EQ(history_of(kAsk).places.back(), history_of(kMarked).places.back());
}

TEST(History, IsAnothersForAnotherOwner) {
  EXPECT_NE(history_of(kAsk).conversation, history_of(kAsk, "you").conversation);
  EXPECT_NE(history_of(kAsk).places.back(), history_of(kAsk, "you").places.back());
}

TEST(History, ChangesFromTheFirstDifferenceOn) {
  const History one = history_of(std::string(kAsk) + std::string(kAnswer));
  const History other = history_of(std::string(kAsk) + R"(,{"role":"assistant","content":"Found"})");
  EXPECT_EQ(one.places[1], other.places[1]);
  EXPECT_NE(one.places[2], other.places[2]);
}

}  // namespace
}  // namespace headroom::context
