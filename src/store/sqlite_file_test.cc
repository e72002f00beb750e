#include "store/sqlite_file.h"

#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "store/test_support.h"

namespace headroom::store {
namespace {

constexpr const char* kAnyRow = "INSERT INTO also_of(seq, project) VALUES(abs(random()), 'p')";

TEST(ConnectionTest, TellsCommitsOfOthersFromItsOwn) {
  const testing::TempFolder folder;
  auto own = Connection::open(folder.file("ccr.db")).value();
  EXPECT_FALSE(own.commits_of_others());
  own.leave_checkpoints();
  auto other = Connection::open(folder.file("ccr.db")).value();
  const auto before = own.commits_of_others();
  ASSERT_TRUE(before);
  ASSERT_TRUE(own.execute(kAnyRow));
  {
    auto transaction = Transaction::begin(own).value();
    ASSERT_TRUE(own.execute(kAnyRow));
    ASSERT_TRUE(transaction.commit());
    auto without_change = Transaction::begin(own).value();
    ASSERT_TRUE(without_change.commit());
    auto undone = Transaction::begin(own).value();
    ASSERT_TRUE(own.execute(kAnyRow));
  }
  EXPECT_TRUE(own.truncate_wal(1000).value());
  ASSERT_TRUE(own.execute(kAnyRow));
  EXPECT_EQ(own.commits_of_others(), before);
  ASSERT_TRUE(other.execute(kAnyRow));
  EXPECT_NE(own.commits_of_others(), before);
}

TEST(ConnectionTest, ToOpenAFileThatIsThereIsNoCommit) {
  const testing::TempFolder folder;
  auto own = Connection::open(folder.file("ccr.db")).value();
  own.leave_checkpoints();
  const auto before = own.commits_of_others();
  ASSERT_TRUE(Connection::open(folder.file("ccr.db")));
  EXPECT_EQ(own.commits_of_others(), before);
}

/// One process that shares a file among its stores, and another one.
class SqliteFileTest : public ::testing::Test {
 protected:
  struct Process {
    std::shared_ptr<SqliteFile> file;
    std::unique_ptr<OriginalStore> originals;
    std::unique_ptr<DecisionStore> decisions;
  };
  Process start() {
    Process process;
    process.file = SqliteFile::open(folder_.file("ccr.db")).value();
    process.originals = open_sqlite_store(process.file, {}, clock_).value();
    process.decisions = open_sqlite_decisions(process.file, {}, clock_).value();
    return process;
  }
  /// So that all conversations of the file are listed.
  void look_for_many(DecisionStore& decisions) {
    for (int i = 0; i < 20; ++i) ASSERT_EQ(decisions.last_use("nobody " + std::to_string(i))->idle_ms, -1);
  }
  static std::string find(DecisionStore& decisions, std::string_view conversation, const std::string& place) {
    return decisions.find(conversation, std::array{place}).value().front();
  }
  static std::vector<DecisionRow> row(const std::string& place, const std::string& value) { return {{place, value}}; }

  testing::TempFolder folder_;
  base::FakeClock clock_;
  Process own_ = start(), other_ = start();
};

TEST_F(SqliteFileTest, StoresThatShareItSeeWhatEachHasWritten) {
  const Original original = testing::make_original(testing::noise(9000));
  ASSERT_TRUE(own_.decisions->put("c", row("p", "names " + original.id))->empty());
  ASSERT_TRUE(own_.originals->put(std::array{original}));
  EXPECT_TRUE(own_.originals->touch(std::array{original.id}, {})->empty());
  EXPECT_EQ(find(*own_.decisions, "c", "p"), "names " + original.id);
  EXPECT_TRUE(own_.originals->erase(original.id).value());
  EXPECT_EQ(find(*own_.decisions, "c", "p"), "");
  EXPECT_EQ(own_.originals->touch(std::array{original.id}, {}).value(), std::vector{original.id});
}

TEST_F(SqliteFileTest, AConversationThatAnotherProcessBeganIsFound) {
  look_for_many(*own_.decisions);
  ASSERT_TRUE(other_.decisions->use("c"));
  ASSERT_TRUE(other_.decisions->put("c", row("p", "x"))->empty());
  EXPECT_EQ(own_.decisions->use("c")->requests, 2);
  EXPECT_EQ(find(*own_.decisions, "c", "p"), "x");
  EXPECT_EQ(other_.decisions->add_revision("c", {"r", "later"}).value(), "later");
  EXPECT_EQ(own_.decisions->revisions("c")->size(), 1U);
}

TEST_F(SqliteFileTest, WhatAnotherProcessAddsToAConversationThatBeganHereIsFound) {
  look_for_many(*own_.decisions);
  ASSERT_EQ(own_.decisions->use("c")->requests, 1);
  ASSERT_TRUE(own_.decisions->put("c", row("p", "x"))->empty());
  EXPECT_EQ(find(*own_.decisions, "c", "p"), "x");
  EXPECT_EQ(find(*own_.decisions, "c", "q"), "");
  EXPECT_TRUE(own_.decisions->revisions("c")->empty());
  ASSERT_TRUE(other_.decisions->put("c", row("q", "y"))->empty());
  EXPECT_EQ(other_.decisions->add_revision("c", {"r", "z"}).value(), "z");
  EXPECT_EQ(find(*own_.decisions, "c", "q"), "y");
  EXPECT_EQ(own_.decisions->revisions("c")->size(), 1U);
}

TEST_F(SqliteFileTest, WhatIsAddedHereIsFoundWithoutTheOthers) {
  look_for_many(*own_.decisions);
  ASSERT_EQ(own_.decisions->use("c")->requests, 1);
  ASSERT_TRUE(own_.decisions->put_late("c", {"late", "1"}));
  ASSERT_TRUE(own_.decisions->put("c", row("p", "x"))->empty());
  EXPECT_EQ(own_.decisions->add_revision("c", {"r", "z"}).value(), "z");
  EXPECT_EQ(find(*own_.decisions, "c", "late"), "1");
  EXPECT_EQ(find(*own_.decisions, "c", "p"), "x");
  EXPECT_EQ(own_.decisions->revisions("c")->size(), 1U);
  clock_.advance_ms(60'000);
  EXPECT_EQ(own_.decisions->use("c")->idle_ms, 60'000);
  EXPECT_EQ(own_.decisions->last_use("c")->requests, 3);
  EXPECT_EQ(find(*own_.decisions, "c", "late"), "1");
}

TEST_F(SqliteFileTest, WhatWasReadIsReadAgainWhenSomethingCameOrWent) {
  const Original original = testing::make_original(testing::noise(300));
  ASSERT_TRUE(own_.originals->put(std::array{original}));
  ASSERT_TRUE(other_.decisions->use("c"));
  ASSERT_TRUE(other_.decisions->put("c", row("p", "names " + original.id))->empty());
  ASSERT_TRUE(other_.decisions->put("c", row("q", "x"))->empty());
  EXPECT_EQ(other_.decisions->add_revision("c", {"r1", "names " + original.id}).value(), "names " + original.id);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(find(*own_.decisions, "c", "p"), "names " + original.id);
    EXPECT_EQ(find(*own_.decisions, "c", "q"), "x");
    EXPECT_EQ(own_.decisions->revisions("c")->size(), 1U);
  }
  EXPECT_EQ(own_.decisions->add_revision("c", {"r2", "z"}).value(), "z");
  EXPECT_EQ(own_.decisions->revisions("c")->size(), 2U);
  EXPECT_EQ(other_.decisions->add_revision("c", {"r3", "z"}).value(), "z");
  EXPECT_EQ(own_.decisions->revisions("c")->size(), 3U);
  EXPECT_TRUE(own_.originals->erase(original.id).value());
  EXPECT_EQ(own_.decisions->revisions("c")->size(), 2U);
  EXPECT_EQ(find(*own_.decisions, "c", "p"), "");
  EXPECT_EQ(find(*own_.decisions, "c", "q"), "x");
}

TEST_F(SqliteFileTest, AConversationThatASweepDroppedBeginsAnew) {
  ASSERT_TRUE(own_.decisions->use("c"));
  ASSERT_TRUE(own_.decisions->put("c", row("p", "x"))->empty());
  clock_.advance_ms(15LL * 24 * 3600 * 1000);
  EXPECT_EQ(own_.decisions->sweep().value(), 1);
  EXPECT_EQ(own_.decisions->use("c")->requests, 1);
  EXPECT_EQ(find(*own_.decisions, "c", "p"), "");
  ASSERT_TRUE(own_.decisions->put("c", row("p", "y"))->empty());
  EXPECT_EQ(other_.decisions->last_use("c")->requests, 2);
}

TEST_F(SqliteFileTest, WhatIsAddedAfterAnotherProcessDroppedTheConversationIsFound) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(own_.decisions->use("c", "one"));
  ASSERT_TRUE(own_.decisions->flush());
  testing::run_sql(folder_.file("ccr.db"), "DELETE FROM conversations");
  EXPECT_EQ(own_.decisions->add_revision("c", {"r", "z"}).value(), "z");
  clock_.advance_ms(60'000);
  ASSERT_TRUE(own_.decisions->use("c", "one"));
  EXPECT_EQ(own_.decisions->revisions("c")->size(), 1U);
}

TEST_F(SqliteFileTest, ADecisionIsFoundAfterAnotherProcessDroppedTheConversation) {
  ASSERT_TRUE(other_.decisions->use("c", "one"));
  ASSERT_TRUE(other_.decisions->put("c", row("p", "x"))->empty());
  ASSERT_TRUE(own_.decisions->use("c", "one"));
  ASSERT_TRUE(own_.decisions->flush());
  testing::run_sql(folder_.file("ccr.db"), "DELETE FROM conversations; DELETE FROM decisions");
  ASSERT_TRUE(own_.decisions->put("c", row("q", "y"))->empty());
  clock_.advance_ms(60'000);
  ASSERT_TRUE(own_.decisions->use("c", "one"));
  EXPECT_EQ(find(*own_.decisions, "c", "q"), "y");
  clock_.advance_ms(15LL * 24 * 3600 * 1000);
  EXPECT_EQ(other_.decisions->sweep().value(), 1) << "nor does it stay for ever";
  EXPECT_EQ(find(*own_.decisions, "c", "q"), "");
}

TEST_F(SqliteFileTest, ADecisionAfterAPurgeBelongsToItsProject) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(own_.decisions->use("c", "one"));
  ASSERT_TRUE(own_.decisions->flush());
  testing::run_sql(folder_.file("ccr.db"), "DELETE FROM conversations");
  ASSERT_TRUE(own_.decisions->put("c", row("q", "y"))->empty());
  testing::run_sql(folder_.file("ccr.db"),
                   "DELETE FROM decisions WHERE conversation IN (SELECT key FROM conversations WHERE project = 'one')");
  EXPECT_EQ(find(*own_.decisions, "c", "q"), "");
}

TEST_F(SqliteFileTest, GoesOnWhenSomebodyDeletedTheFile) {
  ASSERT_TRUE(std::filesystem::remove(folder_.file("ccr.db")));
  std::vector<std::string> ids;
  for (int i = 0; i < 8; ++i) {
    const Original original = testing::make_original(testing::noise(1 << 20, static_cast<std::uint32_t>(i + 1)));
    ASSERT_TRUE(own_.originals->put(std::array{original})) << i;
    ids.push_back(original.id);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // for the checkpointer
  }
  for (const std::string& id : ids) EXPECT_TRUE(own_.originals->get(id));
  EXPECT_FALSE(std::filesystem::exists(folder_.file("ccr.db")));
}

TEST_F(SqliteFileTest, WhatIsErasedIsAnnouncedNoMore) {
  const Original original = testing::make_original(testing::noise(300));
  own_.originals->announce(std::array{original});
  ASSERT_TRUE(own_.originals->erase(original.id));
  ASSERT_TRUE(own_.decisions->put("c", row("p", "x"))->empty());
  EXPECT_FALSE(own_.originals->get(original.id));
}

TEST_F(SqliteFileTest, ADecisionOfAConversationThatWasNotUsedGoesWithIt) {
  ASSERT_TRUE(own_.decisions->put("c", row("p", "x"))->empty());
  clock_.advance_ms(15LL * 24 * 3600 * 1000);
  EXPECT_EQ(own_.decisions->sweep().value(), 1);
  EXPECT_EQ(find(*own_.decisions, "c", "p"), "");
}

TEST_F(SqliteFileTest, WhatIsAnnouncedIsPutWithTheNextDecision) {
  Original original = testing::make_original(testing::noise(9000));
  original.project = "one";
  own_.originals->announce(std::array{original, original});
  EXPECT_EQ(own_.originals->touch(std::array{original.id}, "one").value(), std::vector{original.id});
  ASSERT_TRUE(own_.decisions->put("c", row("p", "names " + original.id))->empty());
  EXPECT_TRUE(own_.originals->touch(std::array{original.id}, "one")->empty());
  EXPECT_EQ(own_.originals->touch(std::array{original.id}, "two").value(), std::vector{original.id});
  const Original found = other_.originals->get(original.id).value();
  EXPECT_EQ(found.content, original.content);
  EXPECT_EQ(found.tool_name, original.tool_name);
  EXPECT_EQ(found.tokens, original.tokens);
  EXPECT_EQ(other_.originals->stats()->bytes, 9000);
  ASSERT_TRUE(own_.originals->put(std::array{original})) << "that is no other content";
  EXPECT_EQ(other_.originals->stats()->entries, 1);
}

TEST_F(SqliteFileTest, WhatIsAnnouncedChangesNothingThatIsThere) {
  const Original original = testing::make_original(testing::noise(300));
  ASSERT_TRUE(other_.originals->put(std::array{original}));
  testing::run_sql(folder_.file("ccr.db"), "UPDATE contents SET content = x'00'");
  own_.originals->announce(std::array{original});
  ASSERT_TRUE(own_.decisions->put("c", row("p", "x"))->empty()) << "nor does damage of it keep others back";
  EXPECT_FALSE(own_.originals->get(original.id));
}

TEST_F(SqliteFileTest, WhatIsAnnouncedWithDecisionsThatDoNotCountMayBeMissingStill) {
  const Original original = testing::make_original(testing::noise(300));
  ASSERT_TRUE(other_.decisions->put("c", row("p", "x"))->empty());
  own_.originals->announce(std::array{original});
  EXPECT_EQ(own_.decisions->put("c", row("p", "names " + original.id)).value(), std::vector<std::string>{"x"});
  EXPECT_EQ(own_.originals->touch(std::array{original.id}, {}).value(), std::vector{original.id});
  ASSERT_TRUE(own_.originals->put(std::array{original}));
  EXPECT_TRUE(own_.originals->touch(std::array{original.id}, {})->empty());
}

TEST_F(SqliteFileTest, AnOriginalThatAnotherProcessErasedIsMissing) {
  const Original original = testing::make_original(testing::noise(300));
  ASSERT_TRUE(own_.originals->put(std::array{original}));
  EXPECT_TRUE(own_.originals->touch(std::array{original.id}, {})->empty());
  EXPECT_TRUE(other_.originals->erase(original.id).value());
  EXPECT_EQ(own_.originals->touch(std::array{original.id}, {}).value(), std::vector{original.id});
}

TEST_F(SqliteFileTest, AnOriginalIsMissingForAProjectThatHasNotPutIt) {
  Original original = testing::make_original(testing::noise(300));
  original.project = "one";
  ASSERT_TRUE(own_.originals->put(std::array{original}));
  EXPECT_TRUE(own_.originals->touch(std::array{original.id}, "one")->empty());
  EXPECT_EQ(own_.originals->touch(std::array{original.id}, "two").value(), std::vector{original.id});
}

TEST_F(SqliteFileTest, AUseIsNotedThoughTheOriginalIsKnown) {
  const Original original = testing::make_original(testing::noise(300));
  ASSERT_TRUE(own_.originals->put(std::array{original}));
  for (int day = 0; day < 20; ++day) {  // unused it would go after seven
    clock_.advance_ms(24LL * 3600 * 1000);
    EXPECT_TRUE(own_.originals->touch(std::array{original.id}, {})->empty()) << day;
  }
  EXPECT_EQ(other_.originals->get(original.id, {})->content, original.content);
}

}  // namespace
}  // namespace headroom::store
