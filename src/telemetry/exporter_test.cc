#include "telemetry/exporter.h"

#include <atomic>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::telemetry {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Answers as it is told, and the same for all that follows.
class FakeCollector final : public Transport {
 public:
  struct Seen {
    SignalKind kind;
    std::string json;
  };
  explicit FakeCollector(std::vector<Delivery> answers) : answers_(std::move(answers)) {}

  Delivery send(SignalKind kind, std::string_view json) override {
    std::unique_lock lock(mutex_);
    seen_.push_back({kind, std::string(json)});
    changed_.notify_all();
    if (stuck_) changed_.wait(lock, [this] { return ending_; });
    const Delivery answer = answers_.front();
    if (answers_.size() > 1) answers_.erase(answers_.begin());
    return answer;
  }
  void end_within(milliseconds /*left*/) override {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  /// Every send() lasts until the end of the exporter.
  void get_stuck() { stuck_ = true; }
  std::vector<Seen> await(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(20), [&] { return seen_.size() >= count; }));
    return seen_;
  }
  std::vector<Seen> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Delivery> answers_;  // guarded by mutex_, as all below
  std::vector<Seen> seen_;
  bool ending_ = false;
  std::atomic<bool> stuck_ = false;
};

Delivery status(int code, std::optional<milliseconds> retry_after = std::nullopt, std::string body = "") {
  return {code, std::move(body), "", retry_after};
}

class ExporterTest : public testing::Test {
 protected:
  ExporterTest() {
    settings.traces.url = "http://collector/v1/traces";
    settings.span_delay = milliseconds(1);
    settings.first_retry = milliseconds(1);
    settings.metric_interval = milliseconds(1);
  }
  void start(std::vector<Delivery> answers) {
    auto made = std::make_unique<FakeCollector>(std::move(answers));
    collector = made.get();
    exporter = std::make_unique<Exporter>(
        settings, "1", std::move(made), clock,
        [this](std::span<unsigned char> bytes) { std::ranges::fill(bytes, ++random); },
        [this](std::string_view text) { warnings.emplace_back(text); });
  }
  static ModelCall call(std::string model = "m") {
    ModelCall made;
    made.model = std::move(model);
    made.status = 200;
    return made;
  }
  ExportCounts counts_when(const std::function<bool(const ExportCounts&)>& good) const {
    for (int tries = 0; tries < 2000 && !good(exporter->counts()); ++tries) {
      std::this_thread::sleep_for(milliseconds(10));
    }
    return exporter->counts();
  }

  base::SystemClock clock;
  Settings settings;
  std::atomic<unsigned char> random = 0;
  std::vector<std::string> warnings;  // of the exporter's thread: to be read after its end
  FakeCollector* collector = nullptr;
  std::unique_ptr<Exporter> exporter;
};

TEST_F(ExporterTest, SendsWhatIsRecorded) {
  start({status(200)});
  exporter->record(call("model-one"));
  EXPECT_THAT(collector->await(1)[0].json, HasSubstr("chat model-one"));
  EXPECT_EQ(counts_when([](const auto& it) { return it.spans_sent == 1; }).spans_sent, 1U);
  EXPECT_EQ(exporter->counts().spans_dropped, 0U);
}

TEST_F(ExporterTest, TriesAgainWhatPasses) {
  start({{0, "", "nobody is there", std::nullopt}, status(503), status(429, milliseconds(1)), status(200)});
  exporter->record(call());
  const auto seen = collector->await(4);
  for (const auto& it : seen) EXPECT_EQ(it.json, seen[0].json);
  EXPECT_EQ(counts_when([](const auto& it) { return it.spans_sent == 1; }).failures, 3U);
  exporter.reset();
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("nobody is there"), HasSubstr("takes traces again")));
}

TEST_F(ExporterTest, WhatIsRefusedForGoodIsDropped) {
  start({status(400), status(200)});
  exporter->record(call("bad"));
  EXPECT_EQ(counts_when([](const auto& it) { return it.spans_dropped == 1; }).spans_dropped, 1U);
  exporter->record(call("good"));
  EXPECT_THAT(collector->await(2)[1].json, HasSubstr("chat good"));
}

TEST_F(ExporterTest, GivesUpAfterSomeAttempts) {
  settings.max_attempts = 3;
  start({status(503)});
  exporter->record(call());
  EXPECT_EQ(counts_when([](const auto& it) { return it.spans_dropped == 1; }).failures, 3U);
}

TEST_F(ExporterTest, PartOfABatchMayBeLeftOut) {
  settings.span_delay = std::chrono::hours(1);
  settings.max_batch = 3;
  start({status(200, {}, R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}})")});
  for (int i = 0; i < 3; ++i) exporter->record(call());
  EXPECT_EQ(counts_when([](const auto& it) { return it.spans_sent == 1; }).spans_dropped, 2U);
  exporter.reset();
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("too old")));
}

TEST_F(ExporterTest, ACollectorThatHangsHoldsNobodyUp) {
  settings.max_queue = 10;
  settings.max_batch = 5;
  start({status(200)});
  collector->get_stuck();
  exporter->record(call());
  collector->await(1);
  for (int i = 0; i < 25; ++i) exporter->record(call());
  EXPECT_EQ(exporter->counts().spans_dropped, 15U);
  EXPECT_EQ(collector->seen().size(), 1U);
}

TEST_F(ExporterTest, WhatWaitsIsSentAtTheEnd) {
  settings.span_delay = settings.metric_interval = std::chrono::hours(1);
  settings.metrics.url = "http://collector/v1/metrics";
  auto made = std::make_unique<FakeCollector>(std::vector{status(200)});
  std::vector<FakeCollector::Seen> seen;
  struct Forward final : Transport {  // lives on after the exporter
    Forward(std::unique_ptr<FakeCollector> to_in, std::vector<FakeCollector::Seen>& seen_in)
        : to(std::move(to_in)), seen(seen_in) {}
    ~Forward() override { seen = to->seen(); }
    Delivery send(SignalKind kind, std::string_view json) override { return to->send(kind, json); }
    void end_within(milliseconds left) override { to->end_within(left); }
    std::unique_ptr<FakeCollector> to;
    std::vector<FakeCollector::Seen>& seen;
  };
  exporter = std::make_unique<Exporter>(
      settings, "1", std::make_unique<Forward>(std::move(made), seen), clock,
      [](std::span<unsigned char> bytes) { std::ranges::fill(bytes, static_cast<unsigned char>(3)); }, [](auto) {});
  exporter->record(call("last-one"));
  exporter.reset();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].kind, SignalKind::kMetrics);
  EXPECT_THAT(seen[1].json, HasSubstr("chat last-one"));
}

TEST_F(ExporterTest, WhoSaysWhenToComeAgainIsNotAskedBefore) {
  start({status(503, std::chrono::hours(1))});
  exporter->record(call());
  collector->await(1);
  counts_when([](const auto& it) { return it.failures == 1; });
  for (int i = 0; i < 1000; ++i) exporter->record(call());
  EXPECT_EQ(collector->seen().size(), 1U);
}

TEST_F(ExporterTest, TheClientsDecisionAboutSamplingCounts) {
  settings.metrics.url = "http://collector/v1/metrics";
  settings.metric_interval = std::chrono::hours(1);
  start({status(200)});
  ModelCall quiet = call("unsampled");
  quiet.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
  exporter->record(quiet);
  ModelCall told = call("sampled");
  told.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  exporter->record(told);
  const auto seen = collector->await(1);
  EXPECT_THAT(seen[0].json, HasSubstr(R"("parentSpanId":"b7ad6b7169203331")"));
  EXPECT_THAT(seen[0].json, Not(HasSubstr("unsampled")));
}

TEST_F(ExporterTest, SumsSinceTheStartGrow) {
  settings.traces.url.clear();
  settings.metrics.url = "http://collector/v1/metrics";
  start({status(503), status(200)});
  exporter->record(call());
  collector->await(2);
  exporter->record(call());
  for (int tries = 0; tries < 2000; ++tries) {
    const auto seen = collector->seen();
    if (seen.back().json.contains(R"("asInt":"2")")) {
      EXPECT_THAT(seen.back().json, HasSubstr(R"("aggregationTemporality":2)"));
      return;
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  FAIL() << "never two";
}

TEST_F(ExporterTest, DifferencesAreSentAgainUntilTheyArrive) {
  settings.traces.url.clear();
  settings.metrics.url = "http://collector/v1/metrics";
  settings.delta = true;
  start({status(503), status(200)});
  exporter->record(call());
  const auto first = collector->await(2);
  EXPECT_EQ(first[0].json, first[1].json);
  exporter->record(call());
  const auto seen = collector->await(3);
  EXPECT_THAT(seen[2].json, HasSubstr(R"("asInt":"1")"));
  EXPECT_THAT(seen[2].json, HasSubstr(R"("aggregationTemporality":1)"));
}

TEST_F(ExporterTest, NothingIsSentOfNothing) {
  settings.metrics.url = "http://collector/v1/metrics";
  start({status(200)});
  std::this_thread::sleep_for(milliseconds(30));
  EXPECT_THAT(collector->seen(), IsEmpty());
}

}  // namespace
}  // namespace headroom::telemetry
