#include "store/decision_store.h"

#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "store/test_support.h"

namespace headroom::store {
namespace {

/// Both kinds, by the same clock.
class Decisions : public ::testing::TestWithParam<bool> {
 protected:
  std::unique_ptr<DecisionStore> open(DecisionRetention retention = {}) {
    if (!GetParam()) return make_memory_decisions(retention, clock_);
    auto store = open_sqlite_decisions(folder_.file("ccr.db"), retention, clock_);
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }
  testing::TempFolder folder_;
  base::FakeClock clock_;
};

std::vector<std::string> find(DecisionStore& store, std::string_view conversation, std::vector<std::string> places) {
  auto values = store.find(conversation, places);
  EXPECT_TRUE(values);
  return values ? *values : std::vector<std::string>{};
}

TEST_P(Decisions, TheFirstCounts) {
  auto store = open();
  const std::vector<DecisionRow> first{{"p1", "one"}, {"p2", std::string("t\0o", 3)}};
  ASSERT_TRUE(store->put("c", first));
  ASSERT_TRUE(store->put("c", std::vector<DecisionRow>{{"p1", "other"}}));
  EXPECT_EQ(find(*store, "c", {"p2", "p1", "p3"}), (std::vector<std::string>{std::string("t\0o", 3), "one", ""}));
  EXPECT_EQ(find(*store, "d", {"p1"}), std::vector<std::string>{""}) << "another conversation knows nothing of it";
}

TEST_P(Decisions, WhoIsLateLearnsWhatCountsAndAddsNothing) {
  auto store = open();
  ASSERT_TRUE(store->put("c", std::vector<DecisionRow>{{"p1", "one"}, {"p2", "two"}})->empty());
  const auto there = store->put("c", std::vector<DecisionRow>{{"p1", "one"}, {"p2", "other"}, {"p3", "by p2"}});
  ASSERT_TRUE(there);
  EXPECT_EQ(*there, (std::vector<std::string>{"one", "two", ""}));
  EXPECT_EQ(find(*store, "c", {"p3"}), std::vector<std::string>{""});
  EXPECT_TRUE(store->put("c", std::vector<DecisionRow>{{"p1", "one"}, {"p3", "three"}})->empty()) << "the same again";
  EXPECT_EQ(find(*store, "c", {"p3"}), std::vector<std::string>{"three"});
}

TEST_P(Decisions, RevisionsComeInTheOrderOfTime) {
  auto store = open();
  EXPECT_EQ(store->add_revision("c", {"p2", "a"}).value(), "a");
  EXPECT_EQ(store->add_revision("c", {"p1", "b"}).value(), "b");
  EXPECT_EQ(store->add_revision("c", {"p2", "late"}).value(), "a");
  const auto rows = store->revisions("c").value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].value, "a");
  EXPECT_EQ(rows[1].place, "p1");
  EXPECT_TRUE(store->revisions("d").value().empty());
}

TEST_P(Decisions, KnowWhenAConversationWasLastSeen) {
  auto store = open();
  EXPECT_EQ(store->last_use("c").value().idle_ms, -1);
  EXPECT_EQ(store->use("c").value().idle_ms, -1) << "asking is no use";
  clock_.advance_ms(60'000);
  for (int i = 0; i < 2; ++i) {
    const ConversationUse seen = store->last_use("c").value();
    EXPECT_GE(seen.idle_ms, 60'000 - ConversationUse::kLateNoteMs);
    EXPECT_EQ(seen.requests, 2);
  }
  EXPECT_EQ(store->use("c").value().requests, 2);
  clock_.advance_ms(5000);
  const ConversationUse use = store->use("c").value();
  EXPECT_EQ(use.idle_ms, 5000);
  EXPECT_EQ(use.requests, 3);
}

TEST_P(Decisions, KnowWhetherTheProvidersCacheIsUsed) {
  auto store = open();
  EXPECT_EQ(store->use("c").value().unused_cache, 0);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(store->note_cache("c", false));
  EXPECT_EQ(store->use("c").value().unused_cache, 2);
  ASSERT_TRUE(store->note_cache("c", true));
  ASSERT_TRUE(store->note_cache("c", false));
  EXPECT_EQ(store->use("c").value().unused_cache, -1) << "it once was";
  ASSERT_TRUE(store->note_cache("unknown", false));
  EXPECT_EQ(store->use("d").value().unused_cache, 0);
}

TEST_P(Decisions, GoWithTheirConversation) {
  auto store = open({.idle_ttl_ms = 1000, .max_conversations = 2});
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_TRUE(store->use(name));
    ASSERT_TRUE(store->put(name, std::vector<DecisionRow>{{"p", name}}));
    clock_.advance_ms(100);
  }
  ASSERT_TRUE(store->sweep());
  EXPECT_EQ(find(*store, "a", {"p"}).front(), "") << "two fit";
  EXPECT_EQ(find(*store, "c", {"p"}).front(), "c");
  clock_.advance_ms(2000);
  ASSERT_TRUE(store->sweep());
  EXPECT_EQ(find(*store, "c", {"p"}).front(), "");
}

INSTANTIATE_TEST_SUITE_P(Kinds, Decisions, ::testing::Bool(),
                         [](const ::testing::TestParamInfo<bool>& kind) { return kind.param ? "sqlite" : "memory"; });

TEST(SqliteDecisions, NoteUsesSeldomAndNeverCallAWarmConversationCold) {
  const testing::TempFolder folder;
  base::FakeClock clock;
  auto one = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  auto two = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  EXPECT_EQ(one->use("c")->idle_ms, -1);
  ASSERT_TRUE(one->flush());
  clock.advance_ms(7'000);
  EXPECT_EQ(one->use("c")->idle_ms, 7'000) << "in memory, exactly";
  EXPECT_EQ(two->use("c")->idle_ms, 0) << "the row is 7 s old, and may be noted late";
  EXPECT_EQ(two->use("c")->requests, 3) << "one of the first process is not noted yet";
  clock.advance_ms(400'000);
  const ConversationUse later = one->use("c").value();
  EXPECT_LE(later.idle_ms, 400'000);
  EXPECT_GE(later.idle_ms, 400'000 - ConversationUse::kLateNoteMs);
  EXPECT_EQ(later.requests, 3) << "two of its own and this; the other's is not noted yet";
}

TEST(SqliteDecisions, UsesWaitForTheirRowsButNotLongerThanWhatIsDecided) {
  const testing::TempFolder folder;
  base::FakeClock clock;
  auto one = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  auto two = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  for (const char* name : {"asked", "decided", "revised"}) ASSERT_TRUE(one->use(name, "p"));
  ASSERT_TRUE(one->put("decided", std::vector<DecisionRow>{{"p1", "one"}})->empty());
  ASSERT_TRUE(one->add_revision("revised", {"p1", "one"}));
  EXPECT_EQ(two->last_use("decided")->requests, 2);
  EXPECT_EQ(two->last_use("revised")->requests, 2);
  ASSERT_TRUE(one->put_late("asked", {"p2", "late"}));
  ASSERT_TRUE(one->put_late("decided", {"p2", "at once"})) << "its row waits no more";
  EXPECT_EQ(find(*one, "asked", {"p1", "p2"}), (std::vector<std::string>{"", "late"}));
  EXPECT_EQ(find(*two, "decided", {"p1", "p2"}), (std::vector<std::string>{"one", "at once"}));
  one.reset();
  clock.advance_ms(20'000);
  for (const char* name : {"asked", "decided", "revised"}) {
    EXPECT_EQ(two->last_use(name)->requests, 2) << name << " was used once, at the latest when its store was closed";
  }
  EXPECT_EQ(find(*two, "asked", {"p1", "p2"}), (std::vector<std::string>{"", "late"}));
}

TEST(SqliteDecisions, WhatAnotherHasDecidedMeanwhileCountsAllTheSame) {
  const testing::TempFolder folder;
  base::FakeClock clock;
  auto one = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  auto two = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  for (const auto* store : {&one, &two}) ASSERT_TRUE((*store)->use("c"));
  ASSERT_TRUE(two->put("c", std::vector<DecisionRow>{{"p1", "two's"}})->empty());
  EXPECT_EQ(find(*one, "c", {"p1"}), std::vector<std::string>{""}) << "looked for before that";
  EXPECT_EQ(one->put("c", std::vector<DecisionRow>{{"p1", "one's"}}).value(), std::vector<std::string>{"two's"});
  ASSERT_TRUE(one->flush());
  EXPECT_EQ(find(*one, "c", {"p1"}), std::vector<std::string>{"two's"});
  EXPECT_EQ(two->last_use("c")->requests, 2);
  clock.advance_ms(20'000);
  EXPECT_EQ(two->last_use("c")->requests, 3) << "one of each";
}

TEST(SqliteDecisions, ProcessesThatEndSoonCountTheirRequests) {
  const testing::TempFolder folder;
  base::FakeClock clock;
  for (int i = 1; i <= 4; ++i) {
    clock.advance_ms(500);
    EXPECT_EQ(open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value()->use("c")->requests, i);
  }
}

TEST(SqliteDecisions, OfThousandsOfOneRequestTheOldestAreForgotten) {
  const testing::TempFolder folder;
  base::FakeClock clock;
  auto one = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(one->use("goes on"));
  const auto others = [&](int from, int to) {
    for (int i = from; i < to; ++i) ASSERT_EQ(one->use(std::to_string(i))->idle_ms, -1);
  };
  others(0, 3000);
  ASSERT_TRUE(one->use("recent"));
  others(3000, 6000);
  EXPECT_EQ(one->use("recent")->requests, 2) << "three thousand came since";
  others(6000, 20'000);
  EXPECT_EQ(one->use("goes on")->requests, 3) << "it has a row";
  EXPECT_EQ(one->use("recent")->requests, 3);
  EXPECT_EQ(one->use("0")->requests, 1);
}

TEST(SqliteDecisions, ManyNewConversationsAreWrittenWhileOthersCome) {
  const testing::TempFolder folder;
  base::FakeClock clock;
  auto one = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(one->use(std::to_string(i))->idle_ms, -1);
  ASSERT_TRUE(one->flush());
  auto two = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(two->last_use(std::to_string(i))->requests, 2) << i;
}

TEST(SqliteDecisions, WhatIsKnownOfTheCacheIsSharedAndOutlivesTheProcess) {
  const testing::TempFolder folder;
  base::FakeClock clock;
  auto one = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  auto two = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  ASSERT_TRUE(one->use("c"));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(one->note_cache("c", false));
  clock.advance_ms(20'000);
  EXPECT_EQ(one->use("c")->unused_cache, 3);
  ASSERT_TRUE(one->flush());
  EXPECT_EQ(two->use("c")->unused_cache, 3);
  ASSERT_TRUE(two->note_cache("c", true)) << "noted at once";
  one.reset();
  auto later = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  EXPECT_EQ(later->use("c")->unused_cache, -1);
}

TEST(SqliteDecisions, AreSharedAndOutliveTheProcess) {
  const testing::TempFolder folder;
  base::FakeClock clock;
  auto one = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  auto two = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  ASSERT_TRUE(one->put("c", std::vector<DecisionRow>{{"p", "x"}}));
  EXPECT_EQ(find(*two, "c", {"p"}).front(), "x");
  EXPECT_EQ(two->add_revision("c", {"p", "r"}).value(), "r");
  EXPECT_EQ(one->add_revision("c", {"p", "s"}).value(), "r");
  ASSERT_TRUE(one->use("c"));
  one.reset();
  two.reset();
  auto later = open_sqlite_decisions(folder.file("ccr.db"), {}, clock).value();
  EXPECT_EQ(find(*later, "c", {"p"}).front(), "x");
  EXPECT_EQ(later->use("c").value().requests, 2);
}

}  // namespace
}  // namespace headroom::store
