#include "proxy/content_decoder.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "proxy/kept_payload.h"
#include "proxy/test_encoded.h"

namespace headroom::proxy {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using proxy_test::deflated;
using proxy_test::Deflater;
using proxy_test::zstd_of;
using proxy_test::zstd_stream_of;

constexpr std::size_t kLimit = std::size_t{4} << 20;
/// "Which rows are slow? ", 500 times.
constexpr std::string_view kBrotliRows =
    "\x1b\x03\x29\xf8\x05\x54\x39\xd2\x92\x9d\xf8\x70\x7b\xb2\x64\x83\xd5\x20\x0f\x16\x09\xfc\x58\xb0\x54\x10\x00"
    "\xab\x61\x7d\xe4\xd5\x01"sv;

struct Read {
  std::string text;
  bool fed = false, whole = false, over_limit = false;
};

Read read(std::vector<ContentCoding> codings, std::string_view bytes, std::size_t limit = kLimit,
          std::size_t piece = std::string::npos) {
  ContentDecoder decoder(codings, limit);
  KeptPayload keep;
  Read out;
  out.fed = true;
  for (; out.fed && !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    out.fed = decoder.feed(bytes.substr(0, piece), keep);
  }
  out.whole = decoder.whole();
  out.over_limit = decoder.over_limit();
  out.text = std::move(keep.text);
  return out;
}

std::string rows(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("row {} took {} ms\n", i, i * 37 % 911);
  return text;
}

struct Sample {
  const char* name;
  std::vector<ContentCoding> codings;
  std::string bytes, text;
};

std::vector<Sample> samples() {
  const std::string text = rows(20'000);
  std::string questions;
  for (int i = 0; i < 500; ++i) questions += "Which rows are slow? ";
  using enum ContentCoding;
  return {{"gzip", {kGzip}, deflated(text), text},
          {"two members", {kGzip}, deflated("a") + deflated(text), "a" + text},
          {"deflate", {kDeflate}, deflated(text, 15), text},
          {"deflate without its wrapper", {kDeflate}, deflated(text, -15), text},
          {"zstd", {kZstd}, zstd_of(text), text},
          {"zstd of unknown length", {kZstd}, zstd_stream_of(text), text},
          {"two frames", {kZstd}, zstd_of("a") + zstd_of(text), "a" + text},
          {"a skippable frame", {kZstd}, "\x50\x2a\x4d\x18\x03\0\0\0abc"s + zstd_of(text), text},
          {"br", {kBrotli}, std::string(kBrotliRows), questions},
          {"two codings", {kGzip, kZstd}, zstd_of(deflated(text)), text},
          {"three codings", {kDeflate, kZstd, kGzip}, deflated(zstd_of(deflated(text, 15))), text},
          {"gzip of nothing", {kGzip}, deflated(""), ""},
          {"zstd of nothing", {kZstd}, zstd_of(""), ""},
          {"zstd of zeros", {kZstd}, zstd_of(std::string(3'000'000, '\0')), std::string(3'000'000, '\0')}};
}

TEST(ContentDecoder, ReadsEachCodingWhereverTheBytesAreCut) {
  for (const Sample& sample : samples()) {
    for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
      const Read got = read(sample.codings, sample.bytes, kLimit, piece);
      EXPECT_TRUE(got.fed && got.whole && !got.over_limit) << sample.name << ' ' << piece;
      EXPECT_EQ(got.text == sample.text, true) << sample.name << ' ' << piece;
    }
  }
}

TEST(ContentDecoder, GivesWhatIsFlushedAtOnce) {
  Deflater gzip;
  ContentDecoder decoder(std::vector{ContentCoding::kGzip}, kLimit);
  KeptPayload keep;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(decoder.feed(gzip.flushed(fmt::format("data: {}\n\n", i)), keep));
    EXPECT_TRUE(keep.text.ends_with(fmt::format("data: {}\n\n", i)));
    EXPECT_FALSE(decoder.whole());
  }
  EXPECT_TRUE(decoder.feed(gzip.ended(), keep));
  EXPECT_TRUE(decoder.whole());
}

TEST(ContentDecoder, WhatEndsTooEarlyIsNotWhole) {
  for (const Sample& sample : samples()) {
    for (const std::size_t missing : {std::size_t{1}, sample.bytes.size() / 2, sample.bytes.size()}) {
      const std::size_t size = sample.bytes.size() - missing;
      if (size == deflated("a").size() || size == zstd_of("a").size()) continue;  // which is whole
      EXPECT_FALSE(read(sample.codings, std::string_view(sample.bytes).substr(0, size)).whole)
          << sample.name << ' ' << missing;
    }
  }
}

TEST(ContentDecoder, WhatFollowsTheEndIsDamage) {
  for (const Sample& sample : samples()) {
    for (const std::string_view more : {"\0"sv, "x"sv, "{\"messages\":[]}"sv, "\0\0\0\0\0\0\0\0"sv}) {
      const Read got = read(sample.codings, sample.bytes + std::string(more));
      EXPECT_FALSE(got.whole) << sample.name;
      EXPECT_EQ(got.fed && more.size() > 4, false) << sample.name;
    }
  }
}

TEST(ContentDecoder, WhatIsDamagedIsSeen) {
  for (const Sample& sample : samples()) {
    if (sample.text.empty()) continue;
    std::string bytes = sample.bytes;
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
    const Read got = read(sample.codings, bytes);
    EXPECT_FALSE(got.whole && got.text == sample.text) << sample.name;
  }
  for (const ContentCoding coding :
       {ContentCoding::kGzip, ContentCoding::kDeflate, ContentCoding::kZstd, ContentCoding::kBrotli}) {
    EXPECT_FALSE(read({coding}, R"({"messages":[]})").whole);
  }
}

// The library reads formats that came before the standard, whose windows nobody bounds.
TEST(ContentDecoder, OnlyTheStandardsFramesAreRead) {
  for (const char version : {'\x22', '\x23', '\x24', '\x25', '\x26', '\x27', '\x29'}) {
    std::string bytes = zstd_of(rows(100));
    bytes[0] = version;
    EXPECT_FALSE(read({ContentCoding::kZstd}, bytes).fed);
    EXPECT_FALSE(read({ContentCoding::kZstd}, bytes, kLimit, 1).fed);
  }
}

TEST(ContentDecoder, WindowsAreBounded) {
  const std::string text = rows(1000);
  EXPECT_TRUE(read({ContentCoding::kZstd}, zstd_stream_of(text, 23)).whole);
  EXPECT_FALSE(read({ContentCoding::kZstd}, zstd_stream_of(text, 24)).fed);
  EXPECT_FALSE(read({ContentCoding::kZstd}, zstd_stream_of(text, 27)).fed);
}

TEST(ContentDecoder, EndsAtItsLimit) {
  for (const Sample& sample : samples()) {
    if (sample.text.empty()) continue;
    EXPECT_TRUE(read(sample.codings, sample.bytes, std::max(sample.text.size(), std::size_t{2} << 20)).whole)
        << sample.name;
    const Read got = read(sample.codings, sample.bytes, sample.text.size() - 1);
    EXPECT_TRUE(!got.fed && got.over_limit && !got.whole) << sample.name;
    EXPECT_LT(got.text.size(), sample.text.size()) << sample.name;
  }
}

// What unpacks to what unpacks to more is bounded in between, too.
TEST(ContentDecoder, EndsAtItsLimitBetweenTwoCodings) {
  const std::string nothing = deflated("");
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += nothing;
  const Read got = read({ContentCoding::kGzip, ContentCoding::kZstd}, zstd_of(many), 1 << 20);
  EXPECT_TRUE(got.over_limit);
  EXPECT_EQ(got.text, "");
}

}  // namespace
}  // namespace headroom::proxy
