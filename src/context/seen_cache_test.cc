#include "context/seen_cache.h"

#include <gtest/gtest.h>

namespace headroom::context {
namespace {

History history(std::initializer_list<std::uint64_t> places) {
  History out;
  out.conversation = {7, 7};
  for (const std::uint64_t place : places) out.places.push_back({place, place});
  return out;
}

SeenCache::Entry entry(std::size_t blocks) {
  SeenCache::Entry out;
  out.tokens.assign(blocks, 3);
  return out;
}

TEST(SeenCache, GivesWhatTheConversationGoesOnFrom) {
  SeenCache cache(1 << 20);
  cache.put(history({1, 2}), entry(2));
  EXPECT_EQ(cache.take(history({1, 2, 3})).tokens.size(), 2);
  EXPECT_TRUE(cache.take(history({1, 2, 3})).tokens.empty()) << "what is taken out is the taker's";
}

TEST(SeenCache, GivesNothingToAConversationThatWasCutOrEdited) {
  SeenCache cache(1 << 20);
  cache.put(history({1, 2}), entry(2));
  EXPECT_TRUE(cache.take(history({1})).tokens.empty());
  cache.put(history({1, 2}), entry(2));
  EXPECT_TRUE(cache.take(history({1, 5, 6})).tokens.empty());
}

TEST(SeenCache, CountsWhatItHoldsOfDecisions) {
  SeenCache cache(4096);
  Decision large;
  large.replaced = true;
  large.text.assign(5000, 'x');
  SeenCache::Entry held = entry(1);
  held.keys.push_back({1, 1});
  held.placed.push_back(keep(std::move(large)));
  cache.put(history({1}), std::move(held));
  EXPECT_TRUE(cache.take(history({1, 2})).tokens.empty());
}

}  // namespace
}  // namespace headroom::context
