#include "aws/event_stream.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::aws {
namespace {

using namespace std::string_literals;

std::vector<std::string> payloads(StreamSplitter& splitter, std::string_view bytes, bool* whole = nullptr) {
  std::vector<std::string> out;
  const bool good = splitter.feed(bytes, [&](const StreamMessage& message) { out.emplace_back(message.payload); });
  if (whole != nullptr) *whole = good;
  return out;
}

TEST(EventStream, TheEmptyMessageOfTheSpecification) {
  // Lengths of 16 and 0; AWS gives 05c248eb and 7d98c8ff as their checksums.
  const std::string empty = "\x00\x00\x00\x10\x00\x00\x00\x00\x05\xc2\x48\xeb\x7d\x98\xc8\xff"s;
  EXPECT_EQ(stream_message({}, ""), empty);
  StreamSplitter splitter;
  EXPECT_EQ(payloads(splitter, empty), std::vector<std::string>{""});
}

TEST(EventStream, MessagesAreCutWhereverTheirBytesAre) {
  const std::string bytes = stream_message({":event-type", "chunk", ":message-type", "event"}, "one") +
                            stream_message({}, "") + stream_message({"x", "y"}, "three");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    StreamSplitter splitter;
    std::vector<std::string> got = payloads(splitter, bytes.substr(0, cut));
    for (std::string& more : payloads(splitter, bytes.substr(cut))) got.push_back(std::move(more));
    EXPECT_EQ(got, (std::vector<std::string>{"one", "", "three"})) << cut;
  }
}

TEST(EventStream, HeadersOfAllTypesArePassedOver) {
  const std::string headers = "\x01t\x00\x01"s + "f\x01\x01"s + "b\x02\x07\x01"s + "s\x03\x00\x07\x01"s +
                              "i\x04\x00\x00\x00\x07\x01"s + "l\x05\x00\x00\x00\x00\x00\x00\x00\x07\x01"s +
                              "y\x06\x00\x02hi\x01"s + "d\x08\x00\x00\x00\x00\x00\x00\x00\x07\x01"s + "u\x09"s +
                              std::string(16, 'u') + "\x04name\x07\x00\x05value"s;
  EXPECT_EQ(stream_header({headers, ""}, "name"), "value");
  EXPECT_EQ(stream_header({headers, ""}, "y"), "") << "no string";
  EXPECT_EQ(stream_header({headers, ""}, "none"), "");
  for (std::size_t cut = 0; cut < headers.size(); ++cut) {
    EXPECT_EQ(stream_header({std::string_view(headers).substr(0, cut), ""}, "name"), "") << cut;
  }
  EXPECT_EQ(stream_header({"\x01n\x0a"s, ""}, "name"), "") << "a type that there is not";
}

TEST(EventStream, AFlippedBitAnywhereIsNoticed) {
  const std::string bytes = stream_message({":event-type", "chunk"}, "payload");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string bad = bytes;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    StreamSplitter splitter;
    bool whole = true;
    EXPECT_TRUE(payloads(splitter, bad + bytes, &whole).empty()) << at;
    EXPECT_FALSE(whole) << at;
    EXPECT_TRUE(payloads(splitter, bytes).empty()) << "nothing follows";
  }
}

}  // namespace
}  // namespace headroom::aws
