#include "base/lru_cache.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace headroom::base {
namespace {

TEST(LruCache, WhatWasUsedLeastRecentlyGoes) {
  LruCache<std::string> cache(10);
  cache.put(1, "one", 4);
  cache.put(2, "two", 4);
  EXPECT_EQ(cache.find(1), "one");
  cache.put(3, "three", 5);
  EXPECT_EQ(cache.find(1), "one");
  EXPECT_EQ(cache.find(2), std::nullopt);
  EXPECT_EQ(cache.find(3), "three");
}

TEST(LruCache, TheFirstValueStaysAndALargeOneIsNotKept) {
  LruCache<std::string> cache(10);
  cache.put(1, "one", 4);
  cache.put(1, "other", 4);
  cache.put(2, "large", 11);
  EXPECT_EQ(cache.find(1), "one");
  EXPECT_EQ(cache.find(2), std::nullopt);
}

TEST(LruCache, WhatIsTakenIsGoneAndMakesRoom) {
  LruCache<std::unique_ptr<int>> cache(10);
  cache.put(1, std::make_unique<int>(7), 10);
  const auto taken = cache.take(1);
  ASSERT_TRUE(taken);
  EXPECT_EQ(**taken, 7);
  EXPECT_FALSE(cache.take(1));
  cache.put(2, std::make_unique<int>(8), 10);
  EXPECT_TRUE(cache.take(2));
}

}  // namespace
}  // namespace headroom::base
