#include "base/sha256.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace headroom::base {
namespace {

TEST(Sha256, PiecesGiveTheDigestOfTheWhole) {
  Sha256 digest;
  EXPECT_EQ(digest.hex(), sha256_hex(""));
  digest.add("one ");
  EXPECT_EQ(digest.hex(), sha256_hex("one "));
  digest.add("two");
  EXPECT_EQ(digest.hex(), sha256_hex("one two"));
  EXPECT_EQ(digest.bytes(), 7U);
}

}  // namespace
}  // namespace headroom::base
