#include "proxy/answer_cache.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

CachedAnswer answer_of(std::string body) {
  return {"application/json", "", std::move(body)};
}

TEST(AnswerCache, GivesAnAnswerUntilItIsTooOld) {
  AnswerCache cache;
  EXPECT_EQ(cache.find("a", 0, 1000), nullptr);
  cache.put("a", answer_of("1"), 0);
  ASSERT_NE(cache.find("a", 1000, 1000), nullptr);
  EXPECT_EQ(cache.find("a", 1001, 1000), nullptr);
  EXPECT_EQ(cache.counts().entries, 0);
  cache.put("a", answer_of("2"), 2000);
  cache.put("a", answer_of("3"), 2000);
  EXPECT_EQ(cache.find("a", 2000, 1000)->body, "3");
  EXPECT_EQ(cache.counts().entries, 1);
  EXPECT_EQ(cache.counts().hits, 2);
  EXPECT_EQ(cache.counts().misses, 2);
}

TEST(AnswerCache, IsBounded) {
  AnswerCache cache;
  cache.put("large", answer_of(std::string(AnswerCache::kMostOfOne + 1, 'x')), 0);
  EXPECT_EQ(cache.counts().entries, 0);
  for (int i = 0; i < 100; ++i) cache.put(fmt::format("{}", i), answer_of(std::string(1 << 20, 'x')), 0);
  EXPECT_LE(cache.counts().bytes, static_cast<std::int64_t>(AnswerCache::kMostBytes));
  const std::int64_t kept = cache.counts().entries;
  EXPECT_GT(kept, 20);
  EXPECT_EQ(cache.find("0", 0, 1000), nullptr) << "the oldest went first";
  EXPECT_NE(cache.find("99", 0, 1000), nullptr);
  EXPECT_EQ(cache.clear(), kept);
  EXPECT_EQ(cache.find("99", 0, 1000), nullptr);
}

TEST(AnswerCache, ACopyStopsWhereTheAnswerIsTooLarge) {
  AnswerCopy copy(nullptr);
  for (int i = 0; i < 5; ++i) copy.on_payload(std::string(1 << 20, 'x'));
  EXPECT_GT(copy.take().size(), AnswerCache::kMostOfOne);
}

}  // namespace
}  // namespace headroom::proxy
