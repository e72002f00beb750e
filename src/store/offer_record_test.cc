#include "store/offer_record.h"

#include <array>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "store/original_store.h"
#include "store/test_support.h"

namespace headroom::store {
namespace {

Offer offer_of(std::string_view text, std::string tool = "Bash", std::string compressor = "log", int step = 0) {
  return {base::content_id(text), std::move(tool), std::move(compressor), step};
}

/// Both kinds, by the same clock.
class Offers : public ::testing::TestWithParam<bool> {
 protected:
  std::unique_ptr<OfferRecord> open(OfferBounds bounds = {}) {
    if (!GetParam()) return make_memory_offers(bounds, clock_);
    auto record = open_sqlite_offers(folder_.file("ccr.db"), bounds, clock_);
    EXPECT_TRUE(record) << record.error().message;
    return std::move(*record);
  }
  testing::TempFolder folder_;
  base::FakeClock clock_;
};

TEST_P(Offers, CountDistinctOriginals) {
  auto record = open();
  const std::array offers{offer_of("a"), offer_of("b"), offer_of("a")};
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(record->offer("", offers));
  EXPECT_TRUE(record->retrieve(base::content_id("a"), "").value());
  EXPECT_TRUE(record->retrieve(base::content_id("a"), kEveryProject).value());
  EXPECT_FALSE(record->retrieve(base::content_id("never"), kEveryProject).value());
  const auto counts = record->counts(kEveryProject).value();
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].tool, "Bash");
  EXPECT_EQ(counts[0].compressor, "log");
  EXPECT_EQ(counts[0].offered, 2);
  EXPECT_EQ(counts[0].retrieved, 1);
}

TEST_P(Offers, TellStepsApartAndTheLatestIsTheOneThatIsAskedFor) {
  auto record = open();
  ASSERT_TRUE(record->offer("", std::array{offer_of("a", "Bash", "log", 0)}));
  clock_.advance_ms(1000);
  ASSERT_TRUE(record->offer("", std::array{offer_of("a", "Bash", "log", 1)}));
  EXPECT_TRUE(record->retrieve(base::content_id("a"), "").value());
  const auto counts = record->counts("").value();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].step, 0);
  EXPECT_EQ(counts[0].retrieved, 0);
  EXPECT_EQ(counts[1].step, 1);
  EXPECT_EQ(counts[1].retrieved, 1);
}

TEST_P(Offers, OfOneProjectAreNotAnothers) {
  auto record = open();
  ASSERT_TRUE(record->offer("shop", std::array{offer_of("a"), offer_of("b")}));
  ASSERT_TRUE(record->offer("web", std::array{offer_of("a")}));
  EXPECT_TRUE(record->retrieve(base::content_id("b"), "shop").value());
  EXPECT_FALSE(record->retrieve(base::content_id("b"), "web").value());
  EXPECT_EQ(record->counts("web")->at(0).offered, 1);
  EXPECT_EQ(record->retrieved_counts("shop")->at(0).offered, 2);
  EXPECT_TRUE(record->retrieved_counts("web")->empty()) << "nothing of it was asked for";
  EXPECT_EQ(record->counts(kEveryProject)->size(), 2U);
}

TEST_P(Offers, AreForgottenOnRequest) {
  auto record = open();
  ASSERT_TRUE(record->offer("", std::array{offer_of("a"), offer_of("b", "Read"), offer_of("c", "Read")}));
  EXPECT_EQ(record->forget("Read", "shop").value(), 0);
  EXPECT_EQ(record->forget("Read", kEveryProject).value(), 2);
  EXPECT_EQ(record->counts(kEveryProject)->size(), 1U);
  EXPECT_EQ(record->forget(std::nullopt, kEveryProject).value(), 1);
  EXPECT_TRUE(record->counts(kEveryProject)->empty());
}

TEST_P(Offers, AreForgottenInTime) {
  auto record = open({.keep_ms = 1000});
  ASSERT_TRUE(record->offer("", std::array{offer_of("a")}));
  ASSERT_TRUE(record->retrieve(base::content_id("a"), "").value());
  clock_.advance_ms(999);
  EXPECT_EQ(record->counts("")->at(0).retrieved, 1);
  clock_.advance_ms(1);
  EXPECT_TRUE(record->counts("")->empty());
  EXPECT_TRUE(record->retrieved_counts("")->empty());
  EXPECT_EQ(record->sweep().value(), 1);
  auto again = open({.keep_ms = 1000});
  ASSERT_TRUE(again->offer("", std::array{offer_of("a")}));
  EXPECT_EQ(again->counts("")->at(0).retrieved, 0) << "begins anew";
}

TEST_P(Offers, WhatIsTooOldBeginsAnewWithoutASweep) {
  auto record = open({.keep_ms = 1000});
  ASSERT_TRUE(record->offer("", std::array{offer_of("a")}));
  ASSERT_TRUE(record->retrieve(base::content_id("a"), "").value());
  clock_.advance_ms(2000);
  auto later = GetParam() ? open({.keep_ms = 1000}) : std::move(record);  // a process knows for a while what it noted
  ASSERT_TRUE(later->offer("", std::array{offer_of("a")}));
  const auto counts = later->counts("").value();
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].offered, 1);
  EXPECT_EQ(counts[0].retrieved, 0);
}

TEST_P(Offers, OnlyTheNewestAreKept) {
  auto record = open({.most_of_group = 3, .most = 4});
  for (const char* text : {"a", "b", "c", "d"}) {
    ASSERT_TRUE(record->offer("", std::array{offer_of(text)}));
    clock_.advance_ms(1);
  }
  EXPECT_EQ(record->counts("")->at(0).offered, 3);
  EXPECT_FALSE(record->retrieve(base::content_id("a"), "").value()) << "pushed out";
  ASSERT_TRUE(record->offer("", std::array{offer_of("e", "Read"), offer_of("f", "Read")}));
  ASSERT_TRUE(record->sweep());
  std::int64_t left = 0;
  const auto counts = record->counts("");
  for (const OfferCount& count : *counts) left += count.offered;
  EXPECT_LE(left, 4);
  EXPECT_EQ(record->retrieve(base::content_id("f"), "").value(), true) << "the newest stay";
}

TEST_P(Offers, OfAToolWithAnEndlessNameAreNotNoted) {
  auto record = open();
  ASSERT_TRUE(record->offer("", std::array{offer_of("a", std::string(OfferBounds::kLongestName + 1, 'x'))}));
  EXPECT_TRUE(record->counts("")->empty());
}

INSTANTIATE_TEST_SUITE_P(Kinds, Offers, ::testing::Bool(),
                         [](const ::testing::TestParamInfo<bool>& kind) { return kind.param ? "sqlite" : "memory"; });

TEST(SqliteOffers, AreSharedOutliveTheProcessAndGoWithTheOriginal) {
  const testing::TempFolder folder;
  base::FakeClock clock;
  const Original original = testing::make_original("the original");
  {
    auto originals = open_sqlite_store(folder.file("ccr.db"), {}, clock).value();
    ASSERT_TRUE(originals->put(std::array{original}));
    auto one = open_sqlite_offers(folder.file("ccr.db"), {}, clock).value();
    auto two = open_sqlite_offers(folder.file("ccr.db"), {}, clock).value();
    ASSERT_TRUE(one->offer("", std::array{offer_of("the original"), offer_of("other")}));
    ASSERT_TRUE(two->offer("", std::array{offer_of("the original")}));
    EXPECT_TRUE(two->retrieve(original.id, "").value());
  }
  auto later = open_sqlite_offers(folder.file("ccr.db"), {}, clock).value();
  EXPECT_EQ(later->counts("")->at(0).retrieved, 1);
  auto originals = open_sqlite_store(folder.file("ccr.db"), {}, clock).value();
  ASSERT_TRUE(originals->erase(original.id));
  EXPECT_EQ(later->counts("")->at(0).offered, 1);
  EXPECT_EQ(later->counts("")->at(0).retrieved, 0);
}

}  // namespace
}  // namespace headroom::store
