#include "proxy/body_framer.h"

#include <gtest/gtest.h>

#include "proxy/kept_payload.h"

namespace headroom::proxy {
namespace {

TEST(BodyFramer, FindsPayloadAndEndWhereverTheBytesAreCut) {
  const std::string wire = "5;a=b ; c=\"d;\"\r\nhello\r\n1\r\n \r\nB\r\nworld-wide!\r\n000\r\nX-Sum: 1\r\n\r\nNEXT";
  for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
    BodyFramer framer({BodyFraming::Kind::kChunked, 0});
    KeptPayload keep;
    const auto first = framer.feed(std::string_view(wire).substr(0, cut), &keep);
    const auto second = framer.feed(std::string_view(wire).substr(first.consumed), &keep);
    ASSERT_FALSE(first.malformed || second.malformed) << cut;
    EXPECT_TRUE(framer.done());
    EXPECT_EQ(wire.substr(first.consumed + second.consumed), "NEXT") << cut;
    EXPECT_EQ(keep.text, "hello world-wide!") << cut;
  }
}

// Chunks without anything but their size and data are read in another way than those with more.
TEST(BodyFramer, PlainChunksAndOthersTakeTurns) {
  const std::string wire =
      "1\r\na\r\n02\r\nbc\r\n1;x\r\nd\r\nA\r\n0123456789\r\n000000000000000001;y=\"z\"\r\ne\r\n1\r\nf\r\n0\r\n\r\nNEXT";
  for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
    for (std::size_t more = cut; more <= wire.size(); more += 3) {
      BodyFramer framer({BodyFraming::Kind::kChunked, 0});
      KeptPayload keep;
      std::size_t used = 0;
      for (const std::size_t end : {cut, more, wire.size()}) {
        const auto step = framer.feed(std::string_view(wire).substr(used, end - used), &keep);
        ASSERT_FALSE(step.malformed) << cut << ' ' << more;
        used += step.consumed;
      }
      EXPECT_TRUE(framer.done());
      EXPECT_EQ(wire.substr(used), "NEXT") << cut << ' ' << more;
      EXPECT_EQ(keep.text, "abcd0123456789ef") << cut << ' ' << more;
    }
  }
}

TEST(BodyFramer, RefusesBrokenChunksBehindPlainOnes) {
  for (const char* wire : {"1\r\na\r\ng\r\n", "1\r\na1\r\n", "1\r\na\n1\r\n", "1\r\na\r\n\r\n", "1\r\na\r\n0\r\n \r\n",
                           "1\r\na\r\n0\r\nHost: x\r\n\r\n", "1\r\na\r\n1000000000000001\r\n"}) {
    BodyFramer framer({BodyFraming::Kind::kChunked, 0});
    EXPECT_TRUE(framer.feed(wire, nullptr).malformed) << wire;
  }
}

TEST(BodyFramer, RefusesBrokenChunks) {
  for (const char* wire : {"\r\n", "g\r\n", "-1\r\n", "1\nx", "1\r\nxy", "1\r\nx\n", "fffffffffffffffff\r\n", ";\r\n",
                           "0\r\n \r\n", "1;a\nb\r\n", "1 \r\n", "1;\r\n", "5\rx", "1;a=\"\x01",
                           "0\r\nContent-Length: 1\r\n\r\n", "0\r\nno colon\r\n\r\n", "fffffffffffffff0\r\n"}) {
    BodyFramer framer({BodyFraming::Kind::kChunked, 0});
    EXPECT_TRUE(framer.feed(wire, nullptr).malformed) << wire;
  }
}

TEST(BodyFramer, CountsALengthDown) {
  BodyFramer framer({BodyFraming::Kind::kLength, 4});
  EXPECT_EQ(framer.feed("abc", nullptr).consumed, 3U);
  EXPECT_FALSE(framer.may_end_at_close());
  EXPECT_EQ(framer.feed("defg", nullptr).consumed, 1U);
  EXPECT_TRUE(framer.done());
  EXPECT_TRUE(BodyFramer({BodyFraming::Kind::kLength, 0}).done());
  EXPECT_TRUE(BodyFramer({BodyFraming::Kind::kUntilClose, 0}).may_end_at_close());
}

TEST(ResponseFraming, KnowsAnswersWithoutABody) {
  const auto kind = [](const char* text, const char* method) {
    return response_framing(*parse_response_head(text), method)->kind;
  };
  EXPECT_EQ(kind("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD"), BodyFraming::Kind::kNone);
  EXPECT_EQ(kind("HTTP/1.1 304 N\r\nContent-Length: 5\r\n\r\n", "GET"), BodyFraming::Kind::kNone);
  EXPECT_EQ(kind("HTTP/1.1 200 OK\r\n\r\n", "GET"), BodyFraming::Kind::kUntilClose);
  EXPECT_EQ(kind("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", "GET"), BodyFraming::Kind::kChunked);
}

}  // namespace
}  // namespace headroom::proxy
