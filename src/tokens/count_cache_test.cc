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
  explicit ByteCounter(std::string_view name) : name_(name) {}
  std::size_t count(std::string_view text) const override {
    ++asked;
    return text.size();
  }
  std::string_view name() const override { return name_; }
  bool is_estimate() const override { return false; }
  mutable std::atomic<int> asked = 0;

 private:
  std::string_view name_;
};

TEST(CountCache, CountsATextOnce) {
  CountCache cache;
  const ByteCounter tokenizer("bytes");
  const std::string text(1000, 'x');
  for (int i = 0; i < 3; ++i) EXPECT_EQ(cache.count(tokenizer, text), 1000U);
  EXPECT_EQ(tokenizer.asked, 1);
  EXPECT_EQ(cache.count(tokenizer, text + "y"), 1001U);
  EXPECT_EQ(tokenizer.asked, 2);
}

TEST(CountCache, TokenizersAreKeptApart) {
  CountCache cache;
  const ByteCounter a("a");
  const ByteCounter b("b");
  const std::string text(100, 'x');
  cache.count(a, text);
  cache.count(b, text);
  EXPECT_EQ(b.asked, 1);
}

TEST(CountCache, StaysRightWhenFull) {
  CountCache cache;
  const ByteCounter tokenizer("bytes");
  for (int i = 0; i < 40'000; ++i) {
    const std::string text = std::string(CountCache::kDirect, '.') + std::to_string(i);
    ASSERT_EQ(cache.count(tokenizer, text), text.size());
  }
}

TEST(CountCache, ManyThreads) {
  CountCache cache;
  const ByteCounter tokenizer("bytes");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 3000; ++i) {
        const std::string text(CountCache::kDirect + static_cast<std::size_t>(i % 300), 'x');
        ASSERT_EQ(cache.count(tokenizer, text), text.size());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace headroom::tokens
