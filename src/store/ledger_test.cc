// The contract that every ledger keeps.
#include "store/ledger.h"

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/clock.h"
#include "store/test_support.h"

namespace headroom::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Backend {
  const char* name;
  std::function<std::unique_ptr<Ledger>(const std::string& path)> make;
};

class LedgerTest : public ::testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    ledger_ = GetParam().make(folder_.file("ledger.db"));
    ASSERT_NE(ledger_, nullptr);
  }
  testing::TempFolder folder_;
  std::unique_ptr<Ledger> ledger_;
  const std::int64_t now_ = base::SystemClock().now_ms();
};

LedgerRow full_row(std::int64_t time_ms) {
  LedgerRow row;
  row.time_ms = time_ms;
  row.source = "proxy";
  row.api = "openai_chat";
  row.model = "model \"quoted\" ü";
  row.status = 200;
  row.stream = true;
  row.estimate = true;
  row.tokens_before = 1000;
  row.tokens_after = 400;
  row.billed_input = 390;
  row.billed_cached = 100;
  row.billed_output = 55;
  row.compress_us = 1500;
  row.total_us = 900'000;
  row.ttfb_us = 300'000;
  row.transforms = "json,log";
  row.skip_reason = "none";
  row.drifts = 3;
  row.drifts_accepted = 1;
  row.revised = true;
  row.rewritten = 2;
  row.project = "shop";
  return row;
}

TEST_P(LedgerTest, ProjectsAreToldApart) {
  ledger_->append(full_row(now_));
  LedgerRow other = full_row(now_);
  other.project = "web";
  ledger_->append(other);
  ledger_->append(LedgerRow{.time_ms = now_});
  ledger_->flush();
  EXPECT_EQ(ledger_->summary(0, "shop")->requests, 1);
  EXPECT_EQ(ledger_->summary(0, "")->requests, 1);
  EXPECT_EQ(ledger_->summary(0, "none")->requests, 0);
  auto all = ledger_->summary(0);
  EXPECT_EQ(all->requests, 3);
  ASSERT_EQ(all->by_project.size(), 2u) << "what names none is in no group";
  EXPECT_EQ(all->by_project[0].key, "shop");
  EXPECT_EQ(all->by_project[0].tokens_before, 1000);
  auto rows = ledger_->recent(10, "web");
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->front().project, "web");
}

TEST_P(LedgerTest, GivesBackEveryField) {
  ledger_->append(full_row(now_));
  ledger_->append(LedgerRow{.time_ms = now_ - 1});
  ledger_->flush();
  auto rows = ledger_->recent(10);
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2u);
  const LedgerRow& row = rows->front();
  const LedgerRow expected = full_row(now_);
  EXPECT_EQ(row.time_ms, expected.time_ms);
  EXPECT_EQ(row.source, expected.source);
  EXPECT_EQ(row.api, expected.api);
  EXPECT_EQ(row.model, expected.model);
  EXPECT_EQ(row.status, expected.status);
  EXPECT_EQ(row.stream, expected.stream);
  EXPECT_EQ(row.estimate, expected.estimate);
  EXPECT_EQ(row.tokens_before, expected.tokens_before);
  EXPECT_EQ(row.tokens_after, expected.tokens_after);
  EXPECT_EQ(row.billed_input, expected.billed_input);
  EXPECT_EQ(row.billed_cached, expected.billed_cached);
  EXPECT_EQ(row.billed_output, expected.billed_output);
  EXPECT_EQ(row.compress_us, expected.compress_us);
  EXPECT_EQ(row.total_us, expected.total_us);
  EXPECT_EQ(row.ttfb_us, expected.ttfb_us);
  EXPECT_EQ(row.transforms, expected.transforms);
  EXPECT_EQ(row.skip_reason, expected.skip_reason);
  EXPECT_EQ(row.drifts, expected.drifts);
  EXPECT_EQ(row.drifts_accepted, expected.drifts_accepted);
  EXPECT_EQ(row.revised, expected.revised);
  EXPECT_EQ(row.rewritten, expected.rewritten);
  EXPECT_EQ(rows->back().billed_input, -1);
  EXPECT_EQ(rows->back().ttfb_us, -1);
}

TEST_P(LedgerTest, RecentIsNewestFirstAndLimited) {
  for (int i : {0, 1, 3, 2, 3}) {
    LedgerRow row;
    row.time_ms = now_ + i;
    row.status = i;
    row.model = fmt::format("{}", ledger_->recent(100)->size());
    ledger_->append(row);
    ledger_->flush();
  }
  auto rows = ledger_->recent(4);
  ASSERT_TRUE(rows);
  std::vector<std::string> seen;
  for (const LedgerRow& row : *rows) seen.push_back(fmt::format("{}/{}", row.status, row.model));
  EXPECT_THAT(seen, ElementsAre("3/4", "3/2", "2/3", "1/1")) << "status / order of appending";
  EXPECT_THAT(*ledger_->recent(0), IsEmpty());
}

TEST_P(LedgerTest, SummaryOfNothingIsZeros) {
  auto summary = ledger_->summary(0);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->requests, 0);
  EXPECT_EQ(summary->compress_ms_p99, 0);
  EXPECT_THAT(summary->by_model, IsEmpty());
}

TEST_P(LedgerTest, SummaryCountsItsWindow) {
  LedgerRow row = full_row(now_ - 1000);
  ledger_->append(row);
  row.time_ms = now_;
  row.status = 502;
  row.tokens_after = row.tokens_before;
  row.estimate = false;
  row.billed_input = row.billed_cached = row.billed_output = -1;
  ledger_->append(row);
  ledger_->flush();
  auto all = ledger_->summary(0);
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->requests, 2);
  EXPECT_EQ(all->compressed, 1);
  EXPECT_EQ(all->failed, 1);
  EXPECT_EQ(all->dropped, 0);
  EXPECT_EQ(all->estimated_requests, 1);
  EXPECT_EQ(all->tokens_before, 2000);
  EXPECT_EQ(all->tokens_after, 1400);
  EXPECT_EQ(all->billed_input, 390);
  EXPECT_EQ(all->billed_cached, 100);
  EXPECT_EQ(all->billed_output, 55);
  EXPECT_EQ(all->drifts, 6);
  EXPECT_EQ(all->drifts_accepted, 2);
  EXPECT_EQ(all->revised, 2);
  EXPECT_EQ(all->rewritten, 4);
  auto late = ledger_->summary(now_);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->since_ms, now_);
  EXPECT_EQ(late->requests, 1);
  EXPECT_EQ(late->compressed, 0);
}

TEST_P(LedgerTest, ThreadsShareIt) {
  constexpr int kThreads = 4, kRows = 500;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRows; ++i) {
        LedgerRow row = full_row(now_ + i);
        row.model = fmt::format("m{}", t);
        ledger_->append(std::move(row));
        if (i % 100 == 0) ledger_->flush();
        if (i % 250 == 0) {
          EXPECT_TRUE(ledger_->summary(0));
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ledger_->flush();
  auto summary = ledger_->summary(0);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->requests, kThreads * kRows);
  ASSERT_EQ(summary->by_model.size(), 4u);
  for (const LedgerGroup& group : summary->by_model) EXPECT_EQ(group.requests, kRows) << group.key;
}

INSTANTIATE_TEST_SUITE_P(Backends, LedgerTest,
                         ::testing::Values(Backend{"memory", [](const std::string&) { return make_memory_ledger(); }},
                                           Backend{"sqlite",
                                                   [](const std::string& path) {
                                                     auto ledger = open_sqlite_ledger(path);
                                                     EXPECT_TRUE(ledger) << ledger.error().message;
                                                     return ledger ? std::move(*ledger) : nullptr;
                                                   }}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace headroom::store
