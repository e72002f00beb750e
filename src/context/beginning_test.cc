#include "context/beginning.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"

namespace headroom::context {
namespace {

constexpr std::string_view kAsk = R"({"role":"user","content":"hi"})";
constexpr std::string_view kMore = R"({"role":"user","content":"hi"},{"role":"assistant","content":"Hello"},)"
                                   R"({"role":"user","content":"go on"})";

class BeginningTest : public ::testing::Test {
 protected:
  /// The conversation's name for a request, noted as one that has come.
  base::Hash128 name_of(std::string_view system, std::string_view messages, std::string_view user = {},
                        std::string_view session = {}) {
    const std::string body = fmt::format(
        R"({{"model":"m","system":"{}","metadata":{{"user_id":"{}"}},"messages":[{}]}})", system, user, messages);
    const auto conversation = wire::read_conversation(wire::Api::kAnthropicMessages, body);
    EXPECT_TRUE(conversation);
    align::Skeletons skeletons;
    const History history = find_history(*conversation, "me", session, *beginnings_, *store_, skeletons, true);
    EXPECT_TRUE(store_->use(base::hash_bytes(history.conversation)));
    return history.conversation;
  }

  base::FakeClock clock_;
  std::unique_ptr<store::DecisionStore> store_ = store::make_memory_decisions({}, clock_);
  std::optional<Beginnings> beginnings_{1 << 16};
};

TEST_F(BeginningTest, ConversationsThatBeginWithTheSameWordsAreToldApartByTheirPrompts) {
  const base::Hash128 ann = name_of("You help Ann.", kAsk);
  const base::Hash128 bob = name_of("You help Bob.", kAsk);
  EXPECT_NE(ann, bob);
  EXPECT_EQ(name_of("You help Ann.", kMore), ann);
  EXPECT_EQ(name_of("You help Bob.", kMore), bob);
  EXPECT_EQ(name_of("You help Ann.", kAsk), ann) << "sent again";
}

TEST_F(BeginningTest, AndByTheSessionsThatTheirClientsName) {
  const base::Hash128 one = name_of("s", kAsk, "user_1_session_1");
  const base::Hash128 other = name_of("s", kAsk, "user_1_session_2");
  EXPECT_NE(one, other);
  EXPECT_EQ(name_of("s", kMore, "user_1_session_2"), other);
}

TEST_F(BeginningTest, WhatIsVolatileInAPromptMakesNoOtherConversation) {
  const base::Hash128 name = name_of("Be brief. Today is 2026-11-25.", kAsk);
  EXPECT_EQ(name_of("Be brief. Today is 2026-11-26.", kAsk), name);
  EXPECT_EQ(name_of("Be brief. Today is 2026-11-26.", kMore), name);
}

TEST_F(BeginningTest, AConversationWhosePromptChangesStaysOne) {
  const base::Hash128 name = name_of("Plan first.", kAsk);
  EXPECT_EQ(name_of("Now build.", kMore), name);
  EXPECT_EQ(name_of("s", kMore, "a session resumed under a new name"), name);
}

TEST_F(BeginningTest, AfterARestartBothAreKnownAsBefore) {
  const base::Hash128 ann = name_of("You help Ann.", kAsk);
  const base::Hash128 bob = name_of("You help Bob.", kAsk);
  beginnings_.emplace(1 << 16);
  EXPECT_EQ(name_of("You help Bob.", kMore), bob);
  EXPECT_EQ(name_of("You help Ann.", kMore), ann);
}

TEST_F(BeginningTest, AClientThatNamesItsSessionsInAHeaderDecidesAlone) {
  const base::Hash128 name = name_of("one", kAsk, {}, "s1");
  EXPECT_EQ(name_of("another", kAsk, {}, "s1"), name);
  EXPECT_NE(name_of("one", kAsk, {}, "s2"), name);
}

}  // namespace
}  // namespace headroom::context
