#include "store/purge.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "store/decision_store.h"
#include "store/ledger.h"
#include "store/sqlite_ledger.h"
#include "store/test_support.h"

namespace headroom::store {
namespace {

using testing::make_original;

class PurgeTest : public ::testing::Test {
 protected:
  Original put(std::string content, const char* project) {
    Original original = make_original(std::move(content));
    original.project = project;
    EXPECT_TRUE(originals()->put(std::array{original}));
    return original;
  }
  std::unique_ptr<OriginalStore> originals() { return *open_sqlite_store(path_, {}, clock_); }
  std::unique_ptr<DecisionStore> decisions() { return *open_sqlite_decisions(path_, {}, clock_); }
  Purged purge_of(const char* project, std::int64_t older_than_ms = 0) {
    clock_.advance_ms(2);  // what was used in this very millisecond counts as alive
    const auto purged = purge(path_, ledger_path_, older_than_ms, project, clock_);
    EXPECT_TRUE(purged);
    return *purged;
  }

  testing::TempFolder folder_;
  std::string path_ = folder_.file("ccr.db"), ledger_path_ = folder_.file("ledger.db");
  base::FakeClock clock_;
};

TEST_F(PurgeTest, OfAProjectTakesWhatIsOnlyThatProjects) {
  const Original own = put("only of the shop", "shop");
  const Original shared = put("of both", "shop");
  put("of both", "web");
  const Original other = put("only of the web", "web");
  {
    auto kept = decisions();
    for (const char* project : {"shop", "web"}) {
      ASSERT_TRUE(kept->use(project, project));
      ASSERT_TRUE(kept->put(project, std::array{DecisionRow{"place", "said in " + std::string(project)}}));
      ASSERT_TRUE(kept->add_revision(project, {"place", "later"}));
    }
    auto ledger = *open_sqlite_ledger(ledger_path_, LedgerSettings{}, clock_);
    LedgerRow row;
    row.time_ms = clock_.now_ms();
    ledger->append(row);
    row.project = "shop";
    ledger->append(row);
  }
  const Purged purged = purge_of("shop");
  EXPECT_EQ(purged.originals, 1);
  EXPECT_EQ(purged.bytes, static_cast<std::int64_t>(own.content.size()));
  EXPECT_EQ(purged.conversations, 1);
  EXPECT_EQ(purged.ledger_rows, 1);
  auto store = originals();
  EXPECT_FALSE(store->get(own.id));
  EXPECT_FALSE(store->get(shared.id, "shop"));
  EXPECT_TRUE(store->get(shared.id, "web"));
  EXPECT_TRUE(store->get(other.id, "web"));
  EXPECT_EQ(store->stats("web")->entries, 2);
  const auto places = std::array{std::string("place")};
  EXPECT_EQ(decisions()->find("shop", places)->front(), "");
  EXPECT_TRUE(decisions()->revisions("shop")->empty());
  EXPECT_EQ(decisions()->find("web", places)->front(), "said in web");
  for (const char* file : {"ccr.db", "ccr.db-wal"}) {
    const std::string bytes = testing::read_file(folder_.file(file));
    EXPECT_EQ(bytes.find(own.content), std::string::npos) << file;
    EXPECT_EQ(bytes.find("said in shop"), std::string::npos) << file;
  }
  EXPECT_EQ((*open_sqlite_ledger(ledger_path_, LedgerSettings{}, clock_))->summary(0)->requests, 1);
}

TEST_F(PurgeTest, OfAProjectCanTakeOnlyWhatIsOld) {
  const Original old = put("old", "shop");
  clock_.advance_ms(10'000);
  const Original young = put("young", "shop");
  EXPECT_EQ(purge_of("shop", 5'000).originals, 1);
  EXPECT_FALSE(originals()->get(old.id));
  EXPECT_TRUE(originals()->get(young.id, "shop"));
  EXPECT_EQ(purge_of("none").originals, 0);
}

}  // namespace
}  // namespace headroom::store
