#include "tokens/count_cache.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::tokens {
namespace {

/// Counts bytes, and how often it was asked.
class ByteCounter final : public Tokenizer {
 public:
  explicit ByteCounter(std::size_t factor = 1) : factor_(factor) {}
  std::size_t count(std::string_view text) const override {
    ++asked;
    return text.size() * factor_;
  }
  std::string_view name() const override { return "bytes"; }
  bool is_estimate() const override { return true; }
  mutable std::atomic<int> asked = 0;

 private:
  std::size_t factor_;
};

std::string text_of(std::size_t length, int seed) {
  std::string text = std::to_string(seed) + "|";
  text.resize(length, 'x');
  return text;
}

TEST(CountCache, AsksOnceForATextThatComesAgain) {
  CountCache cache;
  const ByteCounter tokenizer;
  const std::string text = text_of(500, 1);
  EXPECT_EQ(cache.count(tokenizer, text), 500u);
  EXPECT_EQ(cache.count(tokenizer, std::string(text)), 500u);
  EXPECT_EQ(tokenizer.asked, 1);
  EXPECT_EQ(cache.stats().hits, 1u);
  EXPECT_EQ(cache.stats().misses, 1u);
}

TEST(CountCache, CountsShortTextsDirectly) {
  CountCache cache;
  const ByteCounter tokenizer;
  const std::string text = text_of(CountCache::kMinLength - 1, 1);
  cache.count(tokenizer, text);
  cache.count(tokenizer, text);
  EXPECT_EQ(tokenizer.asked, 2);
  EXPECT_EQ(cache.stats().misses, 0u);
}

TEST(CountCache, KeepsTokenizersApart) {
  CountCache cache;
  const ByteCounter one(1), two(2);
  const std::string text = text_of(100, 1);
  EXPECT_EQ(cache.count(one, text), 100u);
  EXPECT_EQ(cache.count(two, text), 200u);
  EXPECT_EQ(cache.count(one, text), 100u);
}

TEST(CountCache, StaysRightWhenItIsTooSmall) {
  CountCache cache(64);
  const ByteCounter tokenizer;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 1000; ++i) {
      const std::size_t length = 64 + static_cast<std::size_t>(i);
      ASSERT_EQ(cache.count(tokenizer, text_of(length, i)), length);
    }
  }
  EXPECT_GT(tokenizer.asked, 2000) << "64 entries cannot hold 1000 texts";
}

TEST(CountCache, KeepsWhatIsUsedOverWhatIsNot) {
  CountCache cache(64);
  const ByteCounter tokenizer;
  const std::string hot = text_of(200, -1);
  cache.count(tokenizer, hot);
  for (int i = 0; i < 2000; ++i) {
    cache.count(tokenizer, text_of(100, i));
    cache.count(tokenizer, hot);
  }
  EXPECT_EQ(tokenizer.asked, 2001);
}

TEST(CountCache, GivesOneAnswerToManyThreads) {
  CountCache cache(256);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, &wrong, t] {
      const Tokenizer& tokenizer = o200k_base();
      for (int i = 0; i < 400; ++i) {
        const std::string text = text_of(64 + static_cast<std::size_t>((i * 7 + t) % 97), i % 50);
        wrong += cache.count(tokenizer, text) != tokenizer.count(text);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace headroom::tokens
