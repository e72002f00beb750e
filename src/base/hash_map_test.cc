#include "base/hash_map.h"

#include <unordered_map>

#include <gtest/gtest.h>

namespace headroom::base {
namespace {

TEST(HashMap, KeepsWhatWasPutInAsItGrows) {
  HashMap<std::size_t> map;
  std::unordered_map<std::uint64_t, std::size_t> plain;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    const std::uint64_t key = i % 1700 * (i % 2 == 0 ? 1 : 0x100000000ULL);  // 0 is a key like any other
    ++map[key];
    ++plain[key];
  }
  EXPECT_EQ(map.size(), plain.size());
  for (const auto& [key, count] : plain) {
    ASSERT_NE(map.find(key), nullptr);
    EXPECT_EQ(*map.find(key), count);
  }
  EXPECT_FALSE(map.contains(1'234'567));
  EXPECT_EQ(map.find(1'234'567), nullptr);
}

TEST(HashMap, TellsWhatIsNew) {
  HashMap<int> map(100);
  const auto [value, fresh] = map.try_emplace(0);
  EXPECT_TRUE(fresh);
  EXPECT_EQ(value, 0);
  value = 7;
  const auto [again, fresh_again] = map.try_emplace(0);
  EXPECT_FALSE(fresh_again);
  EXPECT_EQ(again, 7);
}

}  // namespace
}  // namespace headroom::base
