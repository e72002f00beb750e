#include "store/sqlite_ledger.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "store/original_store.h"
#include "store/purge.h"
#include "store/sqlite.h"
#include "store/test_support.h"

namespace headroom::store {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing::mode_of;

constexpr std::int64_t kDay = 24LL * 3600 * 1000;

class SqliteLedgerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Ledger> open(LedgerSettings settings = {}) {
    auto ledger = open_sqlite_ledger(path_, settings, clock_);
    EXPECT_TRUE(ledger) << ledger.error().message;
    return ledger ? std::move(*ledger) : nullptr;
  }
  LedgerRow row(std::int64_t age_ms = 0) { return LedgerRow{.time_ms = clock_.now_ms() - age_ms}; }

  testing::TempFolder folder_;
  std::string path_ = folder_.file("data/ledger.db");
  base::FakeClock clock_;
};

TEST_F(SqliteLedgerTest, TheDestructorWritesWhatIsQueued) {
  {
    auto ledger = open({.interval = hours(1)});
    for (int i = 0; i < 100; ++i) ledger->append(row());
  }
  EXPECT_EQ(open()->summary(0)->requests, 100);
}

TEST_F(SqliteLedgerTest, FilesArePrivate) {
  auto ledger = open();
  EXPECT_EQ(mode_of(folder_.file("data")), 0700u);
  for (const char* suffix : {"", "-wal", "-shm"}) EXPECT_EQ(mode_of(path_ + suffix), 0600u) << suffix;
}

// Rows are changed behind its back only to see which of them it reads.
TEST_F(SqliteLedgerTest, ASummaryReadsWhatIsNewSinceTheLast) {
  auto ledger = open();
  const auto add = [&](std::int64_t tokens, std::string project) {
    ledger->append({.time_ms = clock_.now_ms(), .tokens_before = tokens, .project = std::move(project)});
    ledger->flush();
  };
  add(10, "a");
  add(20, "b");
  EXPECT_EQ(ledger->summary(0)->tokens_before, 30);
  EXPECT_EQ(ledger->summary(0, "a")->tokens_before, 10);
  EXPECT_EQ(ledger->summary(clock_.now_ms() + 1)->requests, 0);
  auto other = Connection::open(path_);
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->execute("UPDATE ledger SET tokens_before = 1000"));
  add(3, "a");
  clock_.advance_ms(2);
  add(4, "b");
  EXPECT_EQ(ledger->summary(0)->tokens_before, 37);
  EXPECT_EQ(ledger->summary(0, "a")->tokens_before, 13);
  EXPECT_EQ(ledger->summary(clock_.now_ms() - 1)->tokens_before, 4);
  EXPECT_EQ(ledger->summary(0, "b")->tokens_before, 1004) << "this is asked for the first time";
}

TEST_F(SqliteLedgerTest, WhatIsDeletedIsInNoSummaryAnyMore) {
  auto ledger = open();
  ledger->append({.time_ms = clock_.now_ms(), .tokens_before = 10, .project = "secret"});
  ledger->append({.time_ms = clock_.now_ms(), .tokens_before = 20, .project = "b"});
  ledger->flush();
  EXPECT_EQ(ledger->summary(0)->by_project.size(), 2U);
  ASSERT_TRUE(purge("", path_, 0, "secret", clock_));
  const auto left = ledger->summary(0);
  EXPECT_EQ(left->tokens_before, 20);
  ASSERT_EQ(left->by_project.size(), 1U);
  EXPECT_EQ(left->by_project[0].key, "b");
  EXPECT_EQ(ledger->summary(0)->requests, 1);
  ASSERT_TRUE(purge("", path_, 0, kEveryProject, clock_));
  EXPECT_EQ(ledger->summary(0)->requests, 0);
  ledger->append({.time_ms = clock_.now_ms(), .tokens_before = 5});
  ledger->flush();
  EXPECT_EQ(ledger->summary(0)->tokens_before, 5);
}

TEST_F(SqliteLedgerTest, OverflowDropsTheNewestAndCountsThem) {
  auto ledger = open({.queue_rows = 10, .interval = hours(1)});
  for (int i = 0; i < 25; ++i) ledger->append(LedgerRow{.time_ms = clock_.now_ms(), .status = i});
  ledger->flush();
  auto summary = ledger->summary(0);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->requests, 10);
  EXPECT_EQ(summary->dropped, 15);
  EXPECT_EQ(ledger->recent(1)->front().status, 9);
  ledger->append(row());
  ledger->flush();
  EXPECT_EQ(ledger->summary(0)->requests, 11) << "there is room again";
}

TEST_F(SqliteLedgerTest, RowsThatTheFileDoesNotTakeAreTriedAgain) {
  auto ledger = open({.queue_rows = 10, .interval = hours(1)});
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_busy_timeout(other, 5000), SQLITE_OK);  // the ledger's thread may be pruning
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  for (int i = 0; i < 8; ++i) ledger->append(row());
  ledger->flush();
  EXPECT_EQ(ledger->summary(0)->requests, 0);
  EXPECT_EQ(ledger->summary(0)->dropped, 0);
  for (int i = 0; i < 5; ++i) ledger->append(row());
  sqlite3_close(other);
  ledger->flush();
  EXPECT_EQ(ledger->summary(0)->requests, 10);
  EXPECT_EQ(ledger->summary(0)->dropped, 3) << "what waits is bounded by the size of the queue";
}

TEST_F(SqliteLedgerTest, OldRowsGoWhenItIsOpened) {
  {
    auto ledger = open();
    ledger->append(row(401 * kDay));
    ledger->append(row(399 * kDay));
    ledger->append(row());
    ledger->flush();
    EXPECT_EQ(ledger->summary(0)->requests, 3);
  }
  auto ledger = open();
  ledger->flush();
  ledger->append(row());
  ledger->flush();  // the thread prunes before it writes
  EXPECT_EQ(ledger->summary(0)->requests, 3);
}

TEST_F(SqliteLedgerTest, OldRowsGoWhileItRuns) {
  auto ledger = open({.interval = hours(1), .prune_every = milliseconds(0)});
  ledger->append(row(401 * kDay));
  ledger->flush();  // prunes after this batch
  ledger->append(row());
  ledger->flush();
  EXPECT_EQ(ledger->summary(0)->requests, 1);
}

TEST_F(SqliteLedgerTest, SharesAFileWithTheOriginals) {
  auto store = open_sqlite_store(path_, {}, clock_);
  ASSERT_TRUE(store);
  auto ledger = open();
  const Original original = testing::make_original("text");
  ASSERT_TRUE((*store)->put(std::array{original}));
  ledger->append(row());
  ledger->flush();
  EXPECT_EQ(ledger->summary(0)->requests, 1);
  EXPECT_EQ((*store)->get(original.id)->content, "text");
}

TEST_F(SqliteLedgerTest, TwoProcessesWorthOfLedgersShareAFile) {
  auto first = open(), second = open();
  first->append(row());
  second->append(row());
  first->flush();
  second->flush();
  EXPECT_EQ(first->summary(0)->requests, 2);
}

TEST_F(SqliteLedgerTest, AnOlderFileIsMigratedAndKeepsItsRows) {
  open()->append(row());
  testing::run_sql(path_,
                   "ALTER TABLE ledger DROP COLUMN drifts; ALTER TABLE ledger DROP COLUMN drifts_accepted;"
                   "ALTER TABLE ledger DROP COLUMN revised; ALTER TABLE ledger DROP COLUMN rewritten;"
                   "ALTER TABLE conversations DROP COLUMN unused_cache;"
                   "ALTER TABLE originals DROP COLUMN project; ALTER TABLE conversations DROP COLUMN project;"
                   "ALTER TABLE ledger DROP COLUMN project; DROP TABLE also_of; DROP TABLE sealing; DROP TABLE "
                   "offered; DROP TRIGGER ledger_row_deleted; DROP TABLE ledger_deletions; PRAGMA user_version=2;");
  auto ledger = open();
  LedgerRow later = row();
  later.drifts = 2;
  ledger->append(later);
  ledger->flush();
  EXPECT_EQ(ledger->summary(0)->requests, 2);
  EXPECT_EQ(ledger->summary(0)->drifts, 2);
  EXPECT_EQ(ledger->summary(0, "")->requests, 2) << "of no project";
}

TEST_F(SqliteLedgerTest, ABadFileIsAClearError) {
  testing::write_file(folder_.file("bad.db"), std::string(5000, 'x'));
  auto ledger = open_sqlite_ledger(folder_.file("bad.db"));
  ASSERT_FALSE(ledger);
  EXPECT_EQ(ledger.error().code, base::ErrorCode::kIo);
}

}  // namespace
}  // namespace headroom::store
