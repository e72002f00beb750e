#include "store/key_set.h"

#include <gtest/gtest.h>

namespace headroom::store {
namespace {

TEST(KeySetTest, KnowsWhatWasAdded) {
  KeySet keys;
  EXPECT_FALSE(keys.contains(0));
  for (std::uint64_t key = 0; key < 3000; ++key) keys.add(key * 64);
  keys.add(64);
  EXPECT_EQ(keys.size(), 3000);
  for (std::uint64_t key = 0; key < 3000; ++key) {
    EXPECT_TRUE(keys.contains(key * 64));
    EXPECT_FALSE(keys.contains(key * 64 + 2));
  }
  keys.clear();
  EXPECT_EQ(keys.size(), 0);
  EXPECT_FALSE(keys.contains(64));
}

}  // namespace
}  // namespace headroom::store
