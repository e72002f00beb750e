#include "context/events.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_string.h"
#include "compress/registry/registry.h"
#include "context/pipeline.h"

namespace headroom::context {
namespace {

using ::testing::ElementsAre;

/// Keeps what it is told; of views, what the tests look at.
class Recorder final : public EventSink {
 public:
  struct Told {
    Event event;
    std::string stage, tool, strategy, reason, model, session;
    std::size_t ids = 0;
  };
  void on_event(const Event& event) noexcept override {
    const std::lock_guard lock(mutex_);
    told.push_back({event, std::string(stage_name(event.stage)), std::string(event.tool), std::string(event.strategy),
                    std::string(event.reason), std::string(event.model), std::string(event.session), event.ids.size()});
  }
  std::vector<std::string> stages() const {
    std::vector<std::string> names;
    for (const Told& it : told) names.push_back(it.stage);
    return names;
  }
  std::vector<Told> told;

 private:
  std::mutex mutex_;
};

std::string log_of(int lines) {
  std::string log;
  for (int i = 0; i < lines; ++i) {
    log += fmt::format("2026-01-02T03:04:{:02d}Z INFO worker-{} job {} done\n", i % 60, i % 7, i);
  }
  return log;
}

/// A conversation with so many calls of a tool.
std::string body_of(int calls) {
  std::string body =
      R"({"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"Did a job fail?"})";
  for (int i = 0; i < calls; ++i) {
    body += fmt::format(
        R"(,{{"role":"assistant","content":[{{"type":"tool_use","id":"t{}","name":"Bash","input":{{"command":"run {}"}}}}]}})"
        R"(,{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"t{}","content":{}}}]}})",
        i, i, i, base::encode_json_string(log_of(300 + i * 50)));
  }
  return body + "]}";
}

class EventsTest : public ::testing::Test {
 protected:
  Outcome send(std::string_view body) {
    RequestOptions request;
    request.owner = "whose";
    request.session = "s1";
    return pipeline_.compress_request(wire::Api::kAnthropicMessages, body, request);
  }
  static PipelineOptions heard_by(EventSink& sink) {
    PipelineOptions options;
    options.events = &sink;
    return options;
  }

  Recorder recorder_;
  compress::Registry registry_ = compress::Registry::standard();
  base::FakeClock clock_;
  std::unique_ptr<store::OriginalStore> store_ = store::make_memory_store({}, clock_);
  Pipeline pipeline_{registry_, store_.get(), clock_, heard_by(recorder_)};
};

TEST_F(EventsTest, EachStepOfARequestIsToldInItsOrder) {
  const Outcome out = send(body_of(2));
  ASSERT_TRUE(out.changed) << out.skip_reason;
  ASSERT_THAT(recorder_.stages(), ElementsAre("input_received", "input_cached", "input_routed", "input_routed",
                                              "input_compressed", "input_remembered"));
  for (const Recorder::Told& it : recorder_.told) {
    EXPECT_EQ(it.event.request, 1U);
    EXPECT_EQ(it.event.time_ms, clock_.now_ms());
    EXPECT_EQ(it.model, "claude-sonnet-4-5");
    EXPECT_EQ(it.session, "s1");
  }
  EXPECT_EQ(recorder_.told[0].event.bytes, body_of(2).size());
  EXPECT_EQ(recorder_.told[0].event.blocks, 5U);
  EXPECT_EQ(recorder_.told[0].event.tokens_before, out.tokens_before);
  EXPECT_EQ(recorder_.told[1].event.results, 2U);
  EXPECT_EQ(recorder_.told[1].event.replayed, 0U);
  EXPECT_EQ(recorder_.told[2].tool, "Bash");
  EXPECT_EQ(recorder_.told[2].event.block, 2U);
  EXPECT_EQ(recorder_.told[2].strategy, out.blocks[0].strategy);
  EXPECT_EQ(recorder_.told[2].event.tokens_after, out.blocks[0].tokens_after);
  EXPECT_TRUE(recorder_.told[2].event.changed);
  EXPECT_EQ(recorder_.told[4].event.tokens_after, out.tokens_after);
  EXPECT_EQ(recorder_.told[4].ids, out.ids.size());
  EXPECT_EQ(recorder_.told[5].ids, out.ids.size());
  EXPECT_FALSE(recorder_.told[5].event.revision);
}

TEST_F(EventsTest, WhatWasDecidedBeforeIsReplayed) {
  send(body_of(2));
  recorder_.told.clear();
  send(body_of(3));
  ASSERT_THAT(recorder_.stages(),
              ElementsAre("input_received", "input_cached", "input_routed", "input_compressed", "input_remembered"));
  EXPECT_EQ(recorder_.told[0].event.request, 2U);
  EXPECT_EQ(recorder_.told[1].event.results, 3U);
  EXPECT_EQ(recorder_.told[1].event.replayed, 2U);
  EXPECT_EQ(recorder_.told[2].event.block, 6U);
}

TEST_F(EventsTest, WhatCannotBeReadSaysSo) {
  send("[1");
  ASSERT_THAT(recorder_.stages(), ElementsAre("input_received"));
  EXPECT_NE(recorder_.told[0].reason, "");
  EXPECT_EQ(recorder_.told[0].event.bytes, 2U);
}

TEST_F(EventsTest, ARequestWithoutResultsHasTheSameSteps) {
  send(body_of(0));
  ASSERT_THAT(recorder_.stages(),
              ElementsAre("input_received", "input_cached", "input_compressed", "input_remembered"));
  EXPECT_FALSE(recorder_.told[2].event.changed);
  EXPECT_EQ(recorder_.told[2].reason, "no tool results");
}

TEST_F(EventsTest, ListeningChangesNothingThatIsSent) {
  const Pipeline quiet(registry_, store_.get(), clock_, {});
  RequestOptions request;
  const auto api = wire::Api::kAnthropicMessages;
  EXPECT_EQ(send(body_of(3)).body, quiet.compress_request(api, body_of(3), request).body);
  CallbackSink throws([](const Event&) { throw 1; });
  const Pipeline annoyed(registry_, store_.get(), clock_, heard_by(throws));
  EXPECT_EQ(send(body_of(3)).body, annoyed.compress_request(api, body_of(3), request).body);
  EXPECT_EQ(throws.failures(), 7U);
}

}  // namespace
}  // namespace headroom::context
