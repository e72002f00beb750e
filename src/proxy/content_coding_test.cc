#include "proxy/content_coding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

std::optional<std::vector<ContentCoding>> named(std::initializer_list<std::string_view> values) {
  Fields fields;
  fields.add({"Accept-Encoding", "compress"});
  for (const std::string_view value : values) fields.add({"Content-Encoding", value});
  return codings_of(fields);
}

TEST(ContentCoding, ReadsNamesInTheirOrder) {
  EXPECT_THAT(named({"zstd"}), Optional(ElementsAre(ContentCoding::kZstd)));
  EXPECT_THAT(named({"GZip"}), Optional(ElementsAre(ContentCoding::kGzip)));
  EXPECT_THAT(named({"x-gzip"}), Optional(ElementsAre(ContentCoding::kGzip)));
  EXPECT_THAT(named({"deflate, br"}), Optional(ElementsAre(ContentCoding::kDeflate, ContentCoding::kBrotli)));
  EXPECT_THAT(named({"deflate\t,gzip", "br"}),
              Optional(ElementsAre(ContentCoding::kDeflate, ContentCoding::kGzip, ContentCoding::kBrotli)));
}

TEST(ContentCoding, NothingIsWhatIdentityMeans) {
  EXPECT_THAT(named({}), Optional(IsEmpty()));
  EXPECT_THAT(named({""}), Optional(IsEmpty()));
  EXPECT_THAT(named({"identity", " , IDENTITY"}), Optional(IsEmpty()));
  EXPECT_THAT(named({"identity, gzip"}), Optional(ElementsAre(ContentCoding::kGzip)));
}

TEST(ContentCoding, WhatIsUnknownIsNotGuessed) {
  for (const char* value : {"compress", "gzip, aes128gcm", "gzip;q=1", "zstd br", "gzip,gzip,gzip,gzip"}) {
    EXPECT_EQ(named({value}), std::nullopt) << value;
  }
}

}  // namespace
}  // namespace headroom::proxy
