#include "proxy/usage.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "proxy/test_encoded.h"

namespace headroom::proxy {
namespace {

using namespace std::string_view_literals;
using proxy_test::deflated;
using proxy_test::zstd_of;
using proxy_test::zstd_stream_of;

constexpr std::string_view kJson = R"({"usage":{"input_tokens":1234,"output_tokens":5}})";
constexpr std::string_view kJsonInBrotli =
    "\x0b\x18\x80\x7b\x22\x75\x73\x61\x67\x65\x22\x3a\x7b\x22\x69\x6e\x70\x75\x74\x5f\x74\x6f\x6b\x65\x6e\x73\x22\x3a"
    "\x31\x32\x33\x34\x2c\x22\x6f\x75\x74\x70\x75\x74\x5f\x74\x6f\x6b\x65\x6e\x73\x22\x3a\x35\x7d\x7d\x03"sv;
constexpr std::string_view kEvents =
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1234,"
    "\"output_tokens\":1}}}\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\n"
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":5}}\n\n";

ResponseHead head_of(std::string_view type, std::string_view coding, int status = 200) {
  ResponseHead head;
  head.status = status;
  head.fields.add({"Content-Type", type});
  if (!coding.empty()) head.fields.add({"Content-Encoding", coding});
  return head;
}

Usage read(std::string_view type, std::string_view coding, std::string_view bytes, std::size_t piece) {
  UsageObserver observer(wire::Api::kAnthropicMessages, head_of(type, coding));
  EXPECT_TRUE(observer.active());
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    observer.on_payload(bytes.substr(0, piece));
  return observer.finish();
}

TEST(UsageObserver, ReadsAnswersInEachCoding) {
  for (const auto& [type, text] : {std::pair("application/json"sv, kJson), std::pair("text/event-stream"sv, kEvents)}) {
    for (const auto& [coding, bytes] :
         {std::pair(""sv, std::string(text)), std::pair("identity"sv, std::string(text)),
          std::pair("gzip"sv, deflated(text)), std::pair("deflate"sv, deflated(text, -15)),
          std::pair("zstd"sv, zstd_stream_of(text)), std::pair("gzip, zstd"sv, zstd_of(deflated(text)))}) {
      for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
        const Usage usage = read(type, coding, bytes, piece);
        EXPECT_EQ(usage.input, 1234) << type << ' ' << coding << ' ' << piece;
        EXPECT_EQ(usage.output, 5) << type << ' ' << coding << ' ' << piece;
      }
    }
  }
  EXPECT_EQ(read("application/json", "br", kJsonInBrotli, 3).input, 1234);
}

TEST(UsageObserver, OpenAiCountsReadsAndWritesAmongTheInput) {
  const auto usage_of = [](wire::Api api, std::string_view text) {
    UsageObserver observer(api, head_of("application/json", ""));
    observer.on_payload(text);
    return observer.finish();
  };
  for (const Usage& usage :
       {usage_of(wire::Api::kOpenAiResponses,
                 R"({"usage":{"input_tokens":90,"input_tokens_details":{"cached_tokens":40,"cache_write_tokens":30,)"
                 R"("cache_write_tokens_details":{"ttl_30m_tokens":30}},"output_tokens":5}})"),
        usage_of(wire::Api::kOpenAiChat,
                 R"({"usage":{"prompt_tokens":90,"prompt_tokens_details":{"cached_tokens":40,"cache_write_tokens":30},)"
                 R"("completion_tokens":5}})")}) {
    EXPECT_EQ(usage.input, 90);
    EXPECT_EQ(usage.cached, 40);
    EXPECT_EQ(usage.written, 30);
    EXPECT_EQ(usage.output, 5);
  }
}

// A stream whose coding nobody ends is read as far as it came.
TEST(UsageObserver, ReadsWhatIsFlushed) {
  proxy_test::Deflater gzip;
  EXPECT_EQ(read("text/event-stream", "gzip", gzip.flushed(kEvents), 10).output, 5);
}

TEST(UsageObserver, WhatIsDamagedSaysNothing) {
  std::string broken = deflated(kEvents);
  broken[broken.size() - 6] = static_cast<char>(~broken[broken.size() - 6]);  // its checksum
  for (const std::size_t piece : {std::size_t{1}, broken.size()}) {
    const Usage usage = read("text/event-stream", "gzip", broken, piece);
    EXPECT_EQ(usage.input, -1);
    EXPECT_EQ(usage.output, -1);
  }
  EXPECT_EQ(read("application/json", "zstd", kJson, 5).input, -1);
  EXPECT_EQ(read("text/event-stream", "br", kEvents, 5).input, -1);
}

TEST(UsageObserver, ABombEndsAtTheBounds) {
  std::string bomb(kJson);
  bomb.append(std::size_t{8} << 20, ' ');
  EXPECT_EQ(read("application/json", "gzip", deflated(bomb), 1000).input, -1);
  std::string events(kEvents);
  events.append(std::size_t{80} << 20, '\n');
  EXPECT_EQ(read("text/event-stream", "zstd", zstd_of(events), 1000).input, -1);
}

TEST(UsageObserver, LooksAtNothingElse) {
  for (const ResponseHead& head :
       {head_of("application/json", "compress"), head_of("application/json", "gzip, aes128gcm"),
        head_of("text/html", "gzip"), head_of("application/json", "gzip", 400)}) {
    EXPECT_FALSE(UsageObserver(wire::Api::kAnthropicMessages, head).active());
  }
}

}  // namespace
}  // namespace headroom::proxy
