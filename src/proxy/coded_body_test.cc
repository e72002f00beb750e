#include "proxy/coded_body.h"

#include <array>

#include <gtest/gtest.h>

#include "base/json_document.h"
#include "proxy/test_encoded.h"

namespace headroom::proxy {
namespace {

using proxy_test::deflated;
using proxy_test::inflated;
using proxy_test::unzstd;
using proxy_test::zstd_of;

constexpr std::array kGzip{ContentCoding::kGzip};
constexpr std::array kZstd{ContentCoding::kZstd};

TEST(CodedBody, IsMeasuredAndThenRead) {
  const std::string text(100'000, 'x');
  for (const auto& [codings, body] : {std::pair(kGzip, deflated(text)), std::pair(kZstd, zstd_of(text))}) {
    const auto size = decoded_size(body, codings, 1 << 20);
    ASSERT_TRUE(size);
    EXPECT_EQ(*size, text.size());
    const std::string read = decode_body(body, codings, *size);
    EXPECT_EQ(read, text);
    EXPECT_GE(read.capacity(), text.size() + base::kJsonPadding);
  }
}

TEST(CodedBody, MayBeLargerBetweenItsCodingsThanItIs) {
  constexpr std::array kBoth{ContentCoding::kGzip, ContentCoding::kZstd};
  for (const std::string& text : {std::string(), std::string("{}"), std::string("{\"a\":1}\n{\"b\":2}\n")}) {
    const std::string body = zstd_of(deflated("") + deflated(text));
    const auto size = decoded_size(body, kBoth, 1 << 20);
    ASSERT_TRUE(size);
    EXPECT_EQ(decode_body(body, kBoth, *size), text);
  }
}

TEST(CodedBody, SaysWhyItCannotBeRead) {
  const std::string body = deflated(std::string(100'000, 'x'));
  EXPECT_EQ(decoded_size(body, kGzip, 99'999).error().code, base::ErrorCode::kTooLarge);
  EXPECT_EQ(decoded_size(body, kGzip, 100'000).value(), 100'000U);
  EXPECT_EQ(decoded_size(body.substr(0, 90), kGzip, 1 << 20).error().code, base::ErrorCode::kParse);
  EXPECT_EQ(decoded_size(body + "x", kGzip, 1 << 20).error().code, base::ErrorCode::kParse);
  EXPECT_EQ(decoded_size("", kGzip, 1 << 20).error().code, base::ErrorCode::kParse);
  EXPECT_EQ(decoded_size(body, kZstd, 1 << 20).error().code, base::ErrorCode::kParse);
}

TEST(CodedBody, FramesThatSayNothingEndSomewhere) {
  constexpr std::array kTwice{ContentCoding::kZstd, ContentCoding::kZstd};
  std::string frames;
  while (frames.size() < std::size_t{10'000} * 9) frames += zstd_of("");
  EXPECT_EQ(decoded_size(frames + zstd_of("{}"), kZstd, 1 << 20).value(), 2U);
  while (frames.size() < std::size_t{300'000} * 9) frames += frames;
  const std::string body = zstd_of(frames);
  ASSERT_LT(body.size(), 10'000U);
  EXPECT_EQ(decoded_size(body, kTwice, std::size_t{64} << 20).error().code, base::ErrorCode::kParse);
}

TEST(CodedBody, IsWrittenForWhoReadsTheStandard) {
  for (const std::string& text : {std::string(), std::string("{}"), std::string(3'000'000, 'x')}) {
    const std::string gzip = encode_body(text, ContentCoding::kGzip);
    const std::string zstd = encode_body(text, ContentCoding::kZstd);
    EXPECT_EQ(inflated(gzip), text);
    EXPECT_EQ(unzstd(zstd), text);
    EXPECT_EQ(encode_body(text, ContentCoding::kZstd), zstd) << "the same each time";
    EXPECT_EQ(encode_body(text, ContentCoding::kGzip), gzip) << "the same each time";
    EXPECT_LT(zstd.size() + gzip.size(), 30'000U);
  }
  EXPECT_EQ(encode_body("{}", ContentCoding::kBrotli), "");
  EXPECT_EQ(encode_body("{}", ContentCoding::kDeflate), "");
}

}  // namespace
}  // namespace headroom::proxy
