#include "proxy/repeated_event.h"

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

TEST(RepeatedEvent, KnowsEventsThatDifferInOneText) {
  const std::string_view event = R"({"a":1,"text":"one","b":[2]})";
  RepeatedEvent repeated;
  EXPECT_FALSE(repeated.text_of(event)) << "nothing is learned";
  repeated.learn(event, event.substr(event.find("one"), 3));
  for (const std::string_view text : {"one", "", "longer than eight bytes", R"(\n\"\\\/\u00e9)", "caf\xC3\xA9"}) {
    EXPECT_EQ(repeated.text_of(R"({"a":1,"text":")" + std::string(text) + R"(","b":[2]})"), text);
  }
  for (const std::string_view other :
       {R"({"a":2,"text":"one","b":[2]})", R"({"a":1,"text":"one","b":[3]})", R"({"a":1,"text":"o","c":"e","b":[2]})",
        R"({"a":1,"text":"\x","b":[2]})", R"({"a":1,"text":"\","b":[2]})", R"({"a":1,"text":"\ud83d\ude00","b":[2]})",
        "{\"a\":1,\"text\":\"\xff\",\"b\":[2]}", "{\"a\":1,\"text\":\"\n\",\"b\":[2]}", R"({"a":1,"text":")", ""}) {
    EXPECT_FALSE(repeated.text_of(other)) << other;
  }
  repeated.forget();
  EXPECT_FALSE(repeated.text_of(event));
}

TEST(RepeatedEvent, UnescapesWhatItGives) {
  EXPECT_EQ(unescaped("plain"), "plain");
  EXPECT_EQ(unescaped(R"(\"\n\u00e9)"), "\"\n\xC3\xA9");
}

}  // namespace
}  // namespace headroom::proxy
