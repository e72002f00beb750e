#include "proxy/repeated_event.h"

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

TEST(RepeatedEvent, KnowsEventsThatDifferInOneText) {
  const std::string_view event = "event: e\ndata: {\"a\":1,\"text\":\"one\",\"b\":[2]}\n\n";
  const auto with = [](std::string_view text) {
    return "event: e\ndata: {\"a\":1,\"text\":\"" + std::string(text) + "\",\"b\":[2]}\n\n";
  };
  RepeatedEvent repeated;
  EXPECT_FALSE(repeated.next(event)) << "nothing is learned";
  repeated.learn(event, event.substr(event.find("one"), 3));
  for (const std::string_view text : {"one", "", "longer than eight bytes", R"(\n\"\\\/\u00e9)", "caf\xC3\xA9"}) {
    for (const std::string_view more : {"", "event: e\n"}) {
      const std::string stream = with(text).append(more);
      const auto found = repeated.next(stream);
      ASSERT_TRUE(found) << text;
      EXPECT_EQ(found->text, text);
      EXPECT_EQ(found->event, with(text));
    }
    for (std::size_t size = 0; size < with(text).size(); ++size)
      EXPECT_FALSE(repeated.next(with(text).substr(0, size)));
  }
  for (const std::string_view text : {R"(o","c":"e)", R"(\x)", R"(\)", R"(\ud83d\ude00)", "\xff", "two\nlines", "\t"}) {
    EXPECT_FALSE(repeated.next(with(text))) << text;
  }
  EXPECT_FALSE(repeated.next(""));
  EXPECT_FALSE(repeated.next("event: f\ndata: {\"a\":1,\"text\":\"one\",\"b\":[2]}\n\n"));
  EXPECT_FALSE(repeated.next("event: e\ndata: {\"a\":1,\"text\":\"one\",\"b\":[3]}\n\n"));
  const std::string other = "one";
  repeated.learn(event, other);
  EXPECT_FALSE(repeated.next(event)) << "no part of the event";
}

TEST(RepeatedEvent, KnowsEventsWhoseLengthsAreHiddenByBlanks) {
  const auto with = [](std::string_view text, std::size_t blanks) {
    return "data: {\"d\":{\"text\":\"" + std::string(text) + "\"}" + std::string(blanks, ' ') + "}\n\n";
  };
  const std::string event = with("one", 3);
  RepeatedEvent repeated;
  repeated.learn(event, std::string_view(event).substr(event.find("one"), 3));
  for (const std::size_t blanks : {0, 1, 3, 17}) {
    const std::string stream = with("more   }", blanks);
    const std::string more = stream + with("next", 0);
    const auto found = repeated.next(more);
    ASSERT_TRUE(found) << blanks;
    EXPECT_EQ(found->text, "more   }");
    EXPECT_EQ(found->event, stream);
    for (std::size_t size = 0; size < stream.size(); ++size) EXPECT_FALSE(repeated.next(stream.substr(0, size)));
  }
  EXPECT_FALSE(repeated.next("data: {\"d\":{\"text\":\"one\" }}\n\n"));
}

TEST(RepeatedEvent, UnescapesWhatItGives) {
  EXPECT_EQ(unescaped("plain"), "plain");
  EXPECT_EQ(unescaped(R"(\"\n\u00e9)"), "\"\n\xC3\xA9");
}

}  // namespace
}  // namespace headroom::proxy
