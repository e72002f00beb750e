#include "proxy/socket_history.h"

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

constexpr std::string_view kFirst = R"({"type":"response.create","model":"m","input":[{"a":1}, {"b":"x"}]})";
constexpr std::string_view kAnswer = R"({"type":"response.completed","response":{"id":"r1","output":[{"c":1}]}})";
constexpr std::string_view kNext =
    R"({"type":"response.create","previous_response_id":"r1","model":"m","input":[{"d":"long"}],"x":1})";

TEST(SocketHistory, AMessageIsWholeWithWhatWasSaidBefore) {
  SocketHistory history;
  EXPECT_EQ(history.whole(kFirst)->body, kFirst);
  EXPECT_EQ(history.whole(kFirst)->before, 0u);
  EXPECT_FALSE(history.whole(kNext)) << "nobody has heard of that response";
  history.note(kFirst, kAnswer);
  const auto whole = history.whole(kNext);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->before, 3u);
  EXPECT_EQ(whole->body, R"({"type":"response.create","previous_response_id":null,"model":"m",)"
                         R"("input":[{"a":1}, {"b":"x"},{"c":1},{"d":"long"}],"x":1})");
  EXPECT_EQ(SocketHistory::message_of(whole->body, *whole, kNext), kNext);
}

TEST(SocketHistory, OfAChangedOneOnlyWhatIsNewGoesOn) {
  SocketHistory history;
  history.note(kFirst, kAnswer);
  const auto whole = history.whole(kNext);
  const std::string changed =
      R"({"type":"response.create","previous_response_id":null,"model":"m","input":[{"a":1},{"b":"y"},{"c":1},{"d":"s"}],"x":1})";
  EXPECT_EQ(SocketHistory::message_of(changed, *whole, kNext),
            R"({"type":"response.create","previous_response_id":"r1","model":"m","input":[{"d":"s"}],"x":1})");
  const std::string fewer = R"({"previous_response_id":null,"input":[{"b":"y"},{"c":1},{"d":"s"}]})";
  EXPECT_FALSE(SocketHistory::message_of(fewer, *whole, kNext)) << "one is gone, so nobody knows which are new";
}

TEST(SocketHistory, ConversationsGoOnFromAnyResponseThatIsKnown) {
  SocketHistory history;
  history.note(R"({"input":"hello"})", kAnswer);
  history.note(kNext, R"({"response":{"id":"r2","output":[]}})");
  history.note(R"({"previous_response_id":"r1","input":[{"e":1}]})", R"({"response":{"id":"r3","output":[{"f":1}]}})");
  EXPECT_EQ(
      history.whole(R"({"previous_response_id":"r2","input":[]})")->body,
      R"({"previous_response_id":null,"input":[{"type":"message","role":"user","content":"hello"},{"c":1},{"d":"long"}]})");
  EXPECT_EQ(history.whole(R"({"previous_response_id":"r3","input":[{}]})")->before, 4u);
  history.note(R"({"previous_response_id":"r0","input":[]})", R"({"response":{"id":"r4","output":[]}})");
  EXPECT_FALSE(history.whole(R"({"previous_response_id":"r4","input":[]})")) << "its beginning is not known";
}

TEST(SocketHistory, OnlyTheLastOnesAreKept) {
  SocketHistory history;
  for (int i = 0; i < 100; ++i) {
    history.note(R"({"input":[{"a":1}]})", R"({"response":{"id":"r)" + std::to_string(i) + R"(","output":[]}})");
  }
  EXPECT_FALSE(history.whole(R"({"previous_response_id":"r1","input":[]})"));
  EXPECT_TRUE(history.whole(R"({"previous_response_id":"r99","input":[]})"));
  history.note(R"({"input":[{"a":")" + std::string(std::size_t{17} << 20, 'x') + R"("}]})",
               R"({"response":{"id":"large","output":[]}})");
  EXPECT_FALSE(history.whole(R"({"previous_response_id":"large","input":[]})"));
}

TEST(SocketHistory, WhatIsNoMessageIsNotKnown) {
  SocketHistory history;
  for (const char* text : {"", "[]", "{", "null"}) {
    EXPECT_FALSE(history.whole(text)) << text;
    history.note(text, kAnswer);
    history.note(kFirst, text);
  }
  EXPECT_FALSE(history.whole(kNext));
}

}  // namespace
}  // namespace headroom::proxy
