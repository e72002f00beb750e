#include "proxy/answered_beside.h"

#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/hash.h"

namespace headroom::proxy {
namespace {

const std::string kConversation(32, 'a');

AnsweredBeside answer(int number, std::string more = "") {
  return {fmt::format("call_{}", number),
          fmt::format(R"({{"id":"own_{}"}})", number),
          fmt::format(R"({{"of":"own_{}","content":"{}"}})", number, more),
          {base::content_id("the original")}};
}

class AnsweredBesideTest : public testing::Test {
 protected:
  base::FakeClock clock_;
  std::unique_ptr<store::DecisionStore> store_ = store::make_memory_decisions({}, clock_);
};

TEST_F(AnsweredBesideTest, OutlivesTheProcess) {
  {
    AnsweredBesideMemory memory(store_.get());
    memory.keep(kConversation, answer(1));
    memory.keep(kConversation, answer(2));
    memory.keep(std::string(32, 'b'), answer(3));
  }
  AnsweredBesideMemory later(store_.get());
  EXPECT_EQ(later.find(kConversation), (std::vector{answer(1), answer(2)}));
  later.keep(kConversation, answer(4));
  EXPECT_EQ(AnsweredBesideMemory(store_.get()).find(kConversation), (std::vector{answer(1), answer(2), answer(4)}));
}

TEST_F(AnsweredBesideTest, IsSharedByProcesses) {
  AnsweredBesideMemory one(store_.get());
  AnsweredBesideMemory two(store_.get());
  EXPECT_TRUE(one.find(kConversation).empty());
  EXPECT_TRUE(two.find(kConversation).empty());
  one.keep(kConversation, answer(1));
  two.keep(kConversation, answer(2));
  one.keep(kConversation, answer(3));
  const std::vector all{answer(1), answer(2), answer(3)};
  EXPECT_EQ(one.find(kConversation), all);
  EXPECT_EQ(two.find(kConversation), all);
}

TEST_F(AnsweredBesideTest, WithoutAStoreItEndsWithTheProcess) {
  AnsweredBesideMemory memory;
  memory.keep(kConversation, answer(1));
  EXPECT_EQ(memory.find(kConversation), std::vector{answer(1)});
  EXPECT_TRUE(AnsweredBesideMemory().find(kConversation).empty());
}

TEST_F(AnsweredBesideTest, OneConversationHasBounds) {
  AnsweredBesideMemory memory(store_.get());
  for (int i = 0; i < 6; ++i) memory.keep(kConversation, answer(i, std::string(1 << 20, 'x')));
  EXPECT_EQ(memory.find(kConversation).size(), 3U);
  EXPECT_EQ(AnsweredBesideMemory(store_.get()).find(kConversation).size(), 3U);
  const std::string many(32, 'c');
  for (std::size_t i = 0; i < AnsweredBesideMemory::kMostCallsOfOne + 5; ++i) memory.keep(many, answer(1));
  EXPECT_EQ(memory.find(many).size(), AnsweredBesideMemory::kMostCallsOfOne);
}

TEST_F(AnsweredBesideTest, WhatOthersPushOutIsReadAgain) {
  AnsweredBesideMemory memory(store_.get());
  memory.keep(kConversation, answer(0));
  for (int i = 1; i <= 12; ++i) memory.keep(fmt::format("{:032x}", i), answer(i, std::string(3 << 20, 'x')));
  EXPECT_EQ(memory.find(kConversation), std::vector{answer(0)});
  AnsweredBesideMemory alone;
  alone.keep(kConversation, answer(0));
  for (int i = 1; i <= 12; ++i) alone.keep(fmt::format("{:032x}", i), answer(i, std::string(3 << 20, 'x')));
  EXPECT_TRUE(alone.find(kConversation).empty());
}

TEST_F(AnsweredBesideTest, WhatIsNoAnswerIsLeft) {
  const std::string key = base::hash_bytes({0xaaaaaaaaaaaaaaaa, 0xaaaaaaaaaaaaaaaa});
  const std::string place = base::hash_bytes(base::hash128(fmt::format("answered beside {} 0", kConversation)));
  ASSERT_TRUE(store_->put(key, std::array{store::DecisionRow{place, "{}"}}));
  AnsweredBesideMemory memory(store_.get());
  EXPECT_TRUE(memory.find(kConversation).empty());
  memory.keep(kConversation, answer(1));
  EXPECT_EQ(memory.find(kConversation), std::vector{answer(1)}) << "in memory all the same";
}

TEST(AnsweredBeside, IdsThatEachTurnUsesAnewAreToldApart) {
  const auto turn = [](std::string_view name) {
    return fmt::format(R"({{"role":"assistant","tool_calls":[{{"id":"call_0","function":{{"name":"{0}"}}}}]}},)"
                       R"({{"role":"tool","tool_call_id":"call_0","content":"{0} says"}})",
                       name);
  };
  const auto body = [](const std::string& messages) { return R"({"messages":[)" + messages + "]}"; };
  constexpr wire::Api kChat = wire::Api::kOpenAiChat;
  EXPECT_EQ(repeated_anchor(kChat, body(""), "call_0"), "call_0");
  const std::string anchor = repeated_anchor(kChat, body(turn("ls")), "call_0");
  EXPECT_EQ(repeated_anchor(kChat, body(turn("ls") + "," + turn("headroom_retrieve")), "call_0"), anchor)
      << "what was put in does not count";

  const std::vector<AnsweredBeside> answered{{anchor, R"({"id":"own"})", R"({"role":"tool","content":"it"})"}};
  EXPECT_EQ(with_answered(kChat, body(turn("ls")), answered), "") << "the second has not been sent yet";
  const std::string both = with_answered(kChat, body(turn("ls") + "," + turn("cat")), answered);
  EXPECT_TRUE(both.contains(R"("name":"cat"}},{"id":"own"}])")) << both;
  EXPECT_TRUE(both.contains(R"("cat says"},{"role":"tool","content":"it"})")) << both;
  EXPECT_EQ(both.find("own"), both.rfind("own"));
}

}  // namespace
}  // namespace headroom::proxy
