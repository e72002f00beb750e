#include "base/base64.h"

#include <gtest/gtest.h>

namespace headroom::base {
namespace {

TEST(Base64, BothWays) {
  const std::string all = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    return bytes;
  }();
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_decode("Zm8="), "fo");
  EXPECT_EQ(base64_decode(""), "");
  for (std::size_t size = 0; size < all.size(); ++size) {
    EXPECT_EQ(base64_decode(base64_encode(all.substr(0, size))), all.substr(0, size));
  }
}

TEST(Base64, WhatIsNoneIsRefused) {
  for (const char* bad : {"Zg", "Zg=", "Z===", "Zm9v\n", " Zm9", "Zm-v", "=Zg=", "\n\n\n\n"}) {
    EXPECT_FALSE(base64_decode(bad)) << bad;
  }
}

}  // namespace
}  // namespace headroom::base
