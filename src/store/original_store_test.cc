// The contract that every backend keeps. A new backend is one more line in INSTANTIATE_TEST_SUITE_P.
#include "store/original_store.h"

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/test_support.h"

namespace headroom::store {
namespace {

using base::ErrorCode;
using testing::make_original;

constexpr std::int64_t kHour = 3600 * 1000;

struct Backend {
  const char* name;
  std::function<std::unique_ptr<OriginalStore>(const std::string& path, Retention, const base::Clock&)> make;
};

class OriginalStoreTest : public ::testing::TestWithParam<Backend> {
 protected:
  void open(Retention retention = {}) {
    store_ = nullptr;
    store_ = GetParam().make(folder_.file("ccr.db"), retention, clock_);
    ASSERT_NE(store_, nullptr);
  }
  base::Result<void> put(const Original& original) { return store_->put(std::array{original}); }
  bool has(const Original& original) {
    auto got = store_->get(original.id);
    return got && got->content == original.content;
  }

  testing::TempFolder folder_;
  base::FakeClock clock_;
  std::unique_ptr<OriginalStore> store_;
};

Original with_id(std::string id, std::string content) {
  Original original = make_original(std::move(content));
  original.id = std::move(id);
  return original;
}

Original of_project(Original original, std::string project) {
  original.project = std::move(project);
  return original;
}

TEST_P(OriginalStoreTest, WhatOneProjectPutsNoOtherFinds) {
  open();
  const Original original = make_original("only for the shop");
  ASSERT_TRUE(put(of_project(original, "shop")));
  EXPECT_TRUE(store_->get(original.id, "shop"));
  EXPECT_TRUE(store_->get(original.id)) << "who asks for no project may see all";
  for (const char* other : {"web", "", "sho", "Shop"}) {
    const auto got = store_->get(original.id, other);
    ASSERT_FALSE(got) << other;
    EXPECT_EQ(got.error().code, ErrorCode::kNotFound);
    EXPECT_EQ(store_->touch(std::array{original.id}, other)->size(), 1u) << other;
    EXPECT_EQ(store_->stats(other)->entries, 0);
  }
  EXPECT_TRUE(store_->touch(std::array{original.id}, "shop")->empty());
  EXPECT_EQ(store_->stats("shop")->entries, 1);
}

TEST_P(OriginalStoreTest, WhatSeveralProjectsPutEachFinds) {
  open();
  const Original original = make_original("the same bytes");
  for (const char* project : {"shop", "web", "web", ""}) ASSERT_TRUE(put(of_project(original, project)));
  for (const char* project : {"shop", "web", ""}) {
    EXPECT_TRUE(store_->get(original.id, project)) << project;
    EXPECT_TRUE(store_->touch(std::array{original.id}, project)->empty());
  }
  EXPECT_EQ(store_->stats()->entries, 1);
  ASSERT_TRUE(*store_->erase(original.id));
  ASSERT_TRUE(put(of_project(original, "web")));
  EXPECT_FALSE(store_->get(original.id, "shop")) << "it was erased for all";
}

TEST_P(OriginalStoreTest, WhatHasExpiredIsOnlyThatProjectsWhichPutsItAgain) {
  open({.idle_ttl_ms = kHour});
  const Original original = make_original("once for both");
  ASSERT_TRUE(put(of_project(original, "shop")));
  ASSERT_TRUE(put(of_project(original, "web")));
  clock_.advance_ms(2 * kHour);
  ASSERT_TRUE(put(of_project(original, "web")));
  EXPECT_TRUE(store_->get(original.id, "web"));
  EXPECT_FALSE(store_->get(original.id, "shop"));
}

TEST_P(OriginalStoreTest, GivesBackExactBytesAndWhatIsKnown) {
  open();
  const std::string every_byte = [] {
    std::string bytes;
    for (int i = 0; i < 1000; ++i) bytes.push_back(static_cast<char>(i % 256));
    return bytes;
  }();
  Original original = make_original(every_byte);
  original.tokens = 321;
  ASSERT_TRUE(put(original));
  clock_.advance_ms(5);
  auto got = store_->get(original.id);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->content, every_byte);
  EXPECT_EQ(got->id, original.id);
  EXPECT_EQ(got->content_type, "json");
  EXPECT_EQ(got->tool_name, "Read");
  EXPECT_EQ(got->tokens, 321);
  EXPECT_EQ(got->created_ms, clock_.now_ms() - 5);
  EXPECT_EQ(got->used_ms, clock_.now_ms());
  EXPECT_EQ(got->retrievals, 1);
  EXPECT_EQ(store_->get(original.id)->retrievals, 2);
}

TEST_P(OriginalStoreTest, KeepsEmptyAndLargeContent) {
  open();
  const Original empty = make_original("");
  const Original large = make_original(std::string(5 << 20, 'x'));
  ASSERT_TRUE(store_->put(std::array{empty, large}));
  EXPECT_TRUE(has(empty));
  EXPECT_TRUE(has(large));
}

TEST_P(OriginalStoreTest, FindsByPrefixOfTwelveOrMore) {
  open();
  const Original original = make_original("text");
  ASSERT_TRUE(put(original));
  for (std::size_t length = 12; length <= 24; ++length) {
    auto got = store_->get(original.id.substr(0, length));
    ASSERT_TRUE(got) << length << ": " << got.error().message;
    EXPECT_EQ(got->content, "text");
  }
}

TEST_P(OriginalStoreTest, RefusesWhatIsNoPrefix) {
  open();
  for (const char* bad : {"", "abc", "0123456789a", "0123456789aB", "0123456789a_", "0123456789ag", "0123456789a%"}) {
    auto got = store_->get(bad);
    ASSERT_FALSE(got) << bad;
    EXPECT_EQ(got.error().code, ErrorCode::kInvalidArgument) << bad;
  }
}

TEST_P(OriginalStoreTest, TellsAmbiguousFromUnknown) {
  open();
  const Original first = with_id("aaaaaaaaaaaa000000000001", "one");
  const Original second = with_id("aaaaaaaaaaaaf00000000002", "two");
  const Original next = with_id("aaaaaaaaaaab000000000000", "three");
  ASSERT_TRUE(store_->put(std::array{first, second, next}));
  EXPECT_EQ(store_->get("aaaaaaaaaaaa").error().code, ErrorCode::kAmbiguous);
  EXPECT_EQ(store_->get("aaaaaaaaaaaaf").value().content, "two");
  EXPECT_EQ(store_->get("aaaaaaaaaaaa0").value().content, "one");
  EXPECT_EQ(store_->get("aaaaaaaaaaab").value().content, "three");
  EXPECT_EQ(store_->get("aaaaaaaaaaac").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->get("aaaaaaaaaaaaf000000000020").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->get("ffffffffffff").error().code, ErrorCode::kNotFound);
}

TEST_P(OriginalStoreTest, RefusesBadIdsOnPut) {
  open();
  for (const char* bad : {"", "abcdef012345", "ABCDEF0123456789ABCDEF01", "abcdef0123456789abcdef0123"}) {
    auto done = put(with_id(bad, "x"));
    ASSERT_FALSE(done) << bad;
    EXPECT_EQ(done.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(store_->stats()->entries, 0);
}

TEST_P(OriginalStoreTest, PutTwiceIsOneEntryUsedNow) {
  open();
  const Original original = make_original("text");
  ASSERT_TRUE(store_->put(std::array{original, original}));
  clock_.advance_ms(1000);
  ASSERT_TRUE(put(original));
  auto stats = store_->stats();
  EXPECT_EQ(stats->entries, 1);
  EXPECT_EQ(stats->bytes, 4);
  EXPECT_EQ(store_->get(original.id)->created_ms, clock_.now_ms() - 1000);
}

TEST_P(OriginalStoreTest, CollisionIsAnErrorAndPutsNothing) {
  open();
  const Original kept = make_original("kept");
  ASSERT_TRUE(put(kept));
  const Original other = make_original("other");
  for (const auto& batch :
       {std::array{other, with_id(kept.id, "KEPT")}, std::array{other, with_id(other.id, "more")}}) {
    auto done = store_->put(batch);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(store_->get(other.id).error().code, ErrorCode::kNotFound) << "all or none";
  }
  EXPECT_EQ(store_->get(kept.id)->content, "kept");
}

TEST_P(OriginalStoreTest, EmptyPutAndTouchAreFine) {
  open();
  EXPECT_TRUE(store_->put({}));
  EXPECT_TRUE(store_->touch({})->empty());
  EXPECT_EQ(store_->touch(std::array<std::string, 2>{"not an id", "0123456789abcdef01234567"})->size(), 2U);
}

TEST_P(OriginalStoreTest, EraseReallyForgets) {
  open();
  const Original original = make_original("text");
  ASSERT_TRUE(put(original));
  EXPECT_EQ(store_->erase("abc").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store_->erase(original.id.substr(0, 12)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(store_->erase(original.id).value());
  EXPECT_FALSE(store_->erase(original.id).value());
  EXPECT_EQ(store_->get(original.id).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->stats()->entries, 0);
  ASSERT_TRUE(put(original));
  EXPECT_TRUE(has(original));
}

TEST_P(OriginalStoreTest, IdleExpiryCountsFromTheLastUse) {
  open({.idle_ttl_ms = kHour, .absolute_ttl_ms = 0});
  const Original got = make_original("got"), touched = make_original("touched"), idle = make_original("idle");
  ASSERT_TRUE(store_->put(std::array{got, touched, idle}));
  clock_.advance_ms(kHour - 1);
  EXPECT_TRUE(has(got));
  EXPECT_TRUE(store_->touch(std::array{touched.id})->empty());
  clock_.advance_ms(1);
  EXPECT_EQ(store_->get(idle.id).error().code, ErrorCode::kNotFound) << "expired before any sweep";
  EXPECT_EQ(store_->touch(std::array{idle.id}).value(), std::vector{idle.id}) << "expired is not there";
  EXPECT_EQ(store_->get(idle.id).error().code, ErrorCode::kNotFound) << "a touch does not bring it back";
  EXPECT_TRUE(has(got));
  EXPECT_TRUE(has(touched));
  EXPECT_EQ(store_->sweep().value(), 1);
  EXPECT_EQ(store_->stats()->entries, 2);
}

TEST_P(OriginalStoreTest, AbsoluteExpiryCountsFromCreation) {
  open({.idle_ttl_ms = 0, .absolute_ttl_ms = 3 * kHour});
  const Original original = make_original("text");
  ASSERT_TRUE(put(original));
  for (int i = 0; i < 2; ++i) {
    clock_.advance_ms(kHour);
    ASSERT_TRUE(has(original));
  }
  clock_.advance_ms(kHour);
  EXPECT_FALSE(has(original));
  EXPECT_EQ(store_->sweep().value(), 1);
}

TEST_P(OriginalStoreTest, PutRevivesWhatHasExpired) {
  open({.idle_ttl_ms = kHour, .absolute_ttl_ms = 2 * kHour});
  const Original original = make_original("text");
  ASSERT_TRUE(put(original));
  ASSERT_TRUE(has(original));
  clock_.advance_ms(3 * kHour);
  ASSERT_TRUE(put(original));
  auto got = store_->get(original.id);
  ASSERT_TRUE(got) << "what was put is readable";
  EXPECT_EQ(got->created_ms, clock_.now_ms());
  EXPECT_EQ(got->retrievals, 1);
}

TEST_P(OriginalStoreTest, ZeroTtlsKeepForEver) {
  open({.idle_ttl_ms = 0, .absolute_ttl_ms = 0});
  const Original original = make_original("text");
  ASSERT_TRUE(put(original));
  clock_.advance_ms(10'000 * kHour);
  EXPECT_EQ(store_->sweep().value(), 0);
  EXPECT_TRUE(has(original));
}

TEST_P(OriginalStoreTest, ASmallPrefixIsNotAmbiguousWithTheExpired) {
  open({.idle_ttl_ms = kHour, .absolute_ttl_ms = 0});
  ASSERT_TRUE(put(with_id("aaaaaaaaaaaa000000000001", "old")));
  clock_.advance_ms(kHour);
  ASSERT_TRUE(put(with_id("aaaaaaaaaaaa000000000002", "new")));
  EXPECT_EQ(store_->get("aaaaaaaaaaaa").value().content, "new");
}

TEST_P(OriginalStoreTest, TheLeastRecentlyUsedGoForRoomButNotTheLive) {
  open({.max_bytes = 2500, .live_ms = kHour});
  std::vector<Original> originals;
  for (int i = 0; i < 5; ++i) {
    originals.push_back(make_original(std::string(1000, static_cast<char>('a' + i))));
    ASSERT_TRUE(put(originals.back()));
    clock_.advance_ms(10);
  }
  EXPECT_EQ(store_->sweep().value(), 0) << "all are live";
  clock_.advance_ms(2 * kHour);
  ASSERT_TRUE(store_->touch(std::array{originals[0].id}));
  EXPECT_EQ(store_->sweep().value(), 3);
  EXPECT_TRUE(has(originals[0]));
  EXPECT_FALSE(has(originals[1]));
  EXPECT_FALSE(has(originals[3]));
  EXPECT_TRUE(has(originals[4]));
  EXPECT_EQ(store_->sweep().value(), 0);
}

TEST_P(OriginalStoreTest, ASweepOfManyEntriesDeletesThemAll) {
  open({.idle_ttl_ms = kHour});
  std::vector<Original> originals;
  for (int i = 0; i < 150; ++i) originals.push_back(make_original(fmt::format("entry {}", i)));
  ASSERT_TRUE(store_->put(originals));
  clock_.advance_ms(kHour);
  EXPECT_EQ(store_->sweep().value(), 150);
  EXPECT_EQ(store_->stats()->entries, 0);
}

TEST_P(OriginalStoreTest, StatsAddUp) {
  open();
  Original first = make_original("12345678"), second = make_original("1234");
  first.tokens = 3;
  second.tokens = 4;
  ASSERT_TRUE(store_->put(std::array{first, second}));
  ASSERT_TRUE(has(first));
  ASSERT_TRUE(has(first));
  ASSERT_TRUE(has(second));
  auto stats = store_->stats();
  ASSERT_TRUE(stats);
  EXPECT_EQ(stats->entries, 2);
  EXPECT_EQ(stats->bytes, 12);
  EXPECT_EQ(stats->tokens, 7);
  EXPECT_EQ(stats->retrievals, 3);
  EXPECT_EQ(stats->backend, GetParam().name);
}

TEST_P(OriginalStoreTest, ThreadsShareIt) {
  open({.max_bytes = 10'000, .live_ms = kHour});
  constexpr int kThreads = 6, kRounds = 60;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        const Original own = make_original(fmt::format("thread {} round {}", t, i));
        const Original common = make_original(fmt::format("common {}", i));
        if (!store_->put(std::array{own, common})) ++wrong;
        auto got = store_->get(own.id);
        if (!got || got->content != own.content) ++wrong;
        if (!store_->touch(std::array{common.id})) ++wrong;
        if (i % 7 == 0) {
          auto erased = store_->erase(own.id);  // kUnavailable: gone, but others keep its bytes in the file for now
          if (erased ? !*erased : erased.error().code != ErrorCode::kUnavailable) ++wrong;
        }
        if (i % 20 == 0 && (!store_->sweep() || !store_->stats())) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(store_->stats()->entries, kThreads * (kRounds - (kRounds + 6) / 7) + kRounds);
}

INSTANTIATE_TEST_SUITE_P(
    Backends, OriginalStoreTest,
    ::testing::Values(Backend{"memory", [](const std::string&, Retention retention,
                                           const base::Clock& clock) { return make_memory_store(retention, clock); }},
                      Backend{"sqlite",
                              [](const std::string& path, Retention retention, const base::Clock& clock) {
                                auto store = open_sqlite_store(path, retention, clock);
                                EXPECT_TRUE(store) << store.error().message;
                                return store ? std::move(*store) : nullptr;
                              }}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace headroom::store
