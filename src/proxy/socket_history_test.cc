#include "proxy/socket_history.h"

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

constexpr std::string_view kFirst = R"({"type":"response.create","model":"m","input":[{"a":1}, {"b":"x"}]})";
constexpr std::string_view kAnswer = R"({"type":"response.completed","response":{"id":"r1","output":[{"c":1}]}})";
constexpr std::string_view kNext =
    R"({"type":"response.create","previous_response_id":"r1","model":"m","input":[{"d":"long"}],"x":1})";

/// nullopt also for what is no JSON.
std::optional<SocketHistory::Asked> asked_by(std::string_view message) {
  const auto document = base::JsonDocument::parse(message);
  return document ? SocketHistory::asked(*document) : std::nullopt;
}

/// The event says that the response is complete that the message asked for.
void note(SocketHistory& history, std::string_view message, std::string_view event) {
  auto asked = asked_by(message);
  const auto document = base::JsonDocument::parse(event);
  if (asked && document) history.note(*std::move(asked), *document);
}

TEST(SocketHistory, AMessageIsWholeWithWhatWasSaidBefore) {
  SocketHistory::Total total = 0;
  SocketHistory history(total);
  EXPECT_EQ(history.whole(kFirst)->body, kFirst);
  EXPECT_EQ(history.whole(kFirst)->before, 0u);
  EXPECT_FALSE(history.whole(kNext)) << "nobody has heard of that response";
  note(history, kFirst, kAnswer);
  const auto whole = history.whole(kNext);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->before, 3u);
  EXPECT_EQ(whole->body, R"({"type":"response.create","previous_response_id":null,"model":"m",)"
                         R"("input":[{"a":1}, {"b":"x"},{"c":1},{"d":"long"}],"x":1})");
  EXPECT_EQ(SocketHistory::message_of(whole->body, *whole, kNext), kNext);
}

TEST(SocketHistory, OfAChangedOneOnlyWhatIsNewGoesOn) {
  SocketHistory::Total total = 0;
  SocketHistory history(total);
  note(history, kFirst, kAnswer);
  const auto whole = history.whole(kNext);
  const std::string changed =
      R"({"type":"response.create","previous_response_id":null,"model":"m","input":[{"a":1},{"b":"y"},{"c":1},{"d":"s"}],"x":1})";
  EXPECT_EQ(SocketHistory::message_of(changed, *whole, kNext),
            R"({"type":"response.create","previous_response_id":"r1","model":"m","input":[{"d":"s"}],"x":1})");
  const std::string fewer = R"({"previous_response_id":null,"input":[{"b":"y"},{"c":1},{"d":"s"}]})";
  EXPECT_FALSE(SocketHistory::message_of(fewer, *whole, kNext)) << "one is gone, so nobody knows which are new";
}

TEST(SocketHistory, ConversationsGoOnFromAnyResponseThatIsKnown) {
  SocketHistory::Total total = 0;
  SocketHistory history(total);
  note(history, R"({"input":"hello"})", kAnswer);
  note(history, kNext, R"({"response":{"id":"r2","output":[]}})");
  note(history, R"({"previous_response_id":"r1","input":[{"e":1}]})", R"({"response":{"id":"r3","output":[{"f":1}]}})");
  EXPECT_EQ(
      history.whole(R"({"previous_response_id":"r2","input":[]})")->body,
      R"({"previous_response_id":null,"input":[{"type":"message","role":"user","content":"hello"},{"c":1},{"d":"long"}]})");
  EXPECT_EQ(history.whole(R"({"previous_response_id":"r3","input":[{}]})")->before, 4u);
  note(history, R"({"previous_response_id":"r0","input":[]})", R"({"response":{"id":"r4","output":[]}})");
  EXPECT_FALSE(history.whole(R"({"previous_response_id":"r4","input":[]})")) << "its beginning is not known";
}

TEST(SocketHistory, OnlyTheLastOnesAreKept) {
  SocketHistory::Total total = 0;
  SocketHistory history(total);
  for (int i = 0; i < 100; ++i) {
    note(history, R"({"input":[{"a":1}]})", R"({"response":{"id":"r)" + std::to_string(i) + R"(","output":[]}})");
  }
  EXPECT_FALSE(history.whole(R"({"previous_response_id":"r1","input":[]})"));
  EXPECT_TRUE(history.whole(R"({"previous_response_id":"r99","input":[]})"));
  note(history, R"({"input":[{"a":")" + std::string(std::size_t{17} << 20, 'x') + R"("}]})",
       R"({"response":{"id":"large","output":[]}})");
  EXPECT_FALSE(history.whole(R"({"previous_response_id":"large","input":[]})"));
}

TEST(SocketHistory, BytesBetweenTheElementsStay) {
  SocketHistory::Total total = 0;
  SocketHistory history(total);
  note(history, R"({"input":[ {"a":1} ]})", R"({"response":{"id":"r1","output":[ {"c":1} ]}})");
  const std::string next = R"({"input": [ {"d":"long"}, {"e":2}  ], "previous_response_id":"r1"})";
  const auto whole = history.whole(next);
  ASSERT_TRUE(whole);
  std::string changed = whole->body;
  changed.replace(changed.find("long"), 4, "s");
  EXPECT_EQ(SocketHistory::message_of(changed, *whole, next),
            R"({"input": [ {"d":"s"}, {"e":2}  ], "previous_response_id":"r1"})");
}

TEST(SocketHistory, AResponseThatWasOnlyPreparedForIsGoneOnFrom) {
  SocketHistory::Total total = 0;
  SocketHistory history(total);
  note(history, R"({"generate":false,"input":[ ]})", R"({"response":{"id":"r1","output":[]}})");
  const std::string next = R"({"previous_response_id":"r1","input":[{"d":"long"}]})";
  const auto whole = history.whole(next);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->before, 0u);
  EXPECT_EQ(SocketHistory::message_of(R"({"previous_response_id":null,"input":[{"d":"s"}]})", *whole, next),
            R"({"previous_response_id":"r1","input":[{"d":"s"}]})");
}

TEST(SocketHistory, WhatTheProviderKeepsOfAConversationIsNotKnown) {
  SocketHistory::Total total = 0;
  SocketHistory history(total);
  for (const char* kept : {R"("c1")", R"({"id":"c1"})"}) {
    const std::string message = std::string(R"({"input":[{"a":1}],"conversation":)") + kept + "}";
    EXPECT_FALSE(history.whole(message));
    EXPECT_FALSE(asked_by(message));
  }
  EXPECT_TRUE(history.whole(R"({"input":[{"a":1}],"conversation":null})"));
}

TEST(SocketHistory, WhatConversationsBeginWithCountsOnce) {
  SocketHistory::Total total = 0;
  SocketHistory history(total);
  const std::string large(std::size_t{6} << 20, 'x');
  note(history, R"({"input":[{"a":")" + large + R"("}]})", R"({"response":{"id":"r0","output":[]}})");
  for (int i = 1; i < 40; ++i) {
    note(history, R"({"previous_response_id":"r0","input":[{"b":1}]})",
         R"({"response":{"id":"r)" + std::to_string(i) + R"(","output":[]}})");
  }
  EXPECT_TRUE(history.whole(R"({"previous_response_id":"r0","input":[]})"));
  EXPECT_LT(history.bytes(), std::size_t{7} << 20);
  for (int i = 100; i < 110; ++i) {
    note(history, R"({"input":[{"a":")" + large + R"("}]})",
         R"({"response":{"id":"r)" + std::to_string(i) + R"(","output":[]}})");
    EXPECT_LE(history.bytes(), SocketHistory::kMostBytes);
  }
  EXPECT_FALSE(history.whole(R"({"previous_response_id":"r0","input":[]})"));
  EXPECT_TRUE(history.whole(R"({"previous_response_id":"r109","input":[]})"));
}

TEST(SocketHistory, AllTogetherAreBounded) {
  SocketHistory::Total total = 0;
  {
    SocketHistory first(total);
    note(first, R"({"input":[{"a":1}]})", kAnswer);
    const std::size_t before = total;
    EXPECT_EQ(before, first.bytes());
    total += SocketHistory::kMostTogether;
    SocketHistory second(total);
    note(second, R"({"input":[{"a":1}]})", kAnswer);
    EXPECT_FALSE(second.whole(kNext)) << "there is no room";
    EXPECT_TRUE(first.whole(kNext)) << "who was there keeps what it has";
    EXPECT_EQ(total, before + SocketHistory::kMostTogether);
    total -= SocketHistory::kMostTogether;
  }
  EXPECT_EQ(total, 0u);
}

TEST(SocketHistory, AConversationWithoutEndEnds) {
  SocketHistory::Total total = 0;
  SocketHistory history(total);
  std::string before = "null";
  for (int i = 0; i < 200'000; ++i) {
    note(history, R"({"previous_response_id":)" + before + R"(,"input":[]})",
         R"({"response":{"id":"r)" + std::to_string(i) + R"(","output":[]}})");
    before = R"("r)" + std::to_string(i) + '"';
  }
  EXPECT_LE(history.bytes(), SocketHistory::kMostBytes);
}

TEST(SocketHistory, WhatIsNoMessageIsNotKnown) {
  SocketHistory::Total total = 0;
  SocketHistory history(total);
  for (const char* text : {"", "[]", "{", "null"}) {
    EXPECT_FALSE(history.whole(text)) << text;
    note(history, text, kAnswer);
    note(history, kFirst, text);
  }
  EXPECT_FALSE(history.whole(kNext));
}

}  // namespace
}  // namespace headroom::proxy
