#include "context/events.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include "proxy_fixture.h"

namespace headroom::proxy_test {
namespace {

using testing::ElementsAre;

class Recorder final : public context::EventSink {
 public:
  struct Told {
    context::Event event;
    std::string stage, address, session, reason;
  };
  void on_event(const context::Event& event) noexcept override {
    const std::lock_guard lock(mutex_);
    told_.push_back({event, std::string(stage_name(event.stage)), std::string(event.address),
                     std::string(event.session), std::string(event.reason)});
  }
  /// What was told once so many answers are over.
  std::vector<Told> after_answers(std::ptrdiff_t count) {
    for (int tries = 0; tries < 500; ++tries) {
      {
        const std::lock_guard lock(mutex_);
        if (std::ranges::count(told_, "response_received", &Told::stage) == count) return told_;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return {};
  }

 private:
  std::mutex mutex_;
  std::vector<Told> told_;  // guarded by mutex_
};

std::vector<std::string> stages_of(const std::vector<Recorder::Told>& told) {
  std::vector<std::string> names;
  for (const Recorder::Told& it : told) names.push_back(it.stage);
  return names;
}

class EventsTest : public ProxyTest {
 protected:
  void start_heard(FakeUpstream::Serve serve) {
    upstream = std::make_unique<FakeUpstream>(std::move(serve));
    options.port = 0;
    options.threads = 2;
    options.anthropic_api_url = options.openai_api_url = upstream->url();
    auto started = proxy::ProxyServer::start(options, {heard, store.get(), *ledger, clock}, limits);
    ASSERT_TRUE(started) << started.error().message;
    server = std::move(*started);
  }
  ~EventsTest() override { server.reset(); }  // before what it borrows

  static context::PipelineOptions heard_by(context::EventSink& sink) {
    context::PipelineOptions settings;
    settings.events = &sink;
    return settings;
  }
  std::string authority() const { return "127.0.0.1:" + std::to_string(upstream->port()); }

  Recorder recorder;
  context::Pipeline heard{registry, store.get(), clock, heard_by(recorder)};
};

TEST_F(EventsTest, OneRequestFromTheStartToItsAnswer) {
  const std::string body = R"({"usage":{"input_tokens":90,"cache_read_input_tokens":10,"output_tokens":20}})";
  start_heard([&](TestSocket& socket) {
    upstream->record(socket.read_message());
    socket.send(answer(body, "Content-Type: application/json\r\n"));
  });
  const std::string reply = ask(post("/v1/messages", anthropic_body(), "x-headroom-session-id: s1\r\n"));
  ASSERT_EQ(status_of(reply), 200);
  const auto told = recorder.after_answers(1);
  ASSERT_THAT(stages_of(told),
              ElementsAre("setup", "pre_start", "post_start", "input_received", "input_cached", "input_routed",
                          "input_compressed", "input_remembered", "pre_send", "post_send", "response_received"));
  EXPECT_EQ(told[2].address, "127.0.0.1:" + std::to_string(server->port()));
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(told[i].event.request, i < 3 ? 0U : 1U) << told[i].stage;
    EXPECT_EQ(told[i].session, i < 3 ? "" : "s1") << told[i].stage;
  }
  EXPECT_EQ(told[3].event.bytes, anthropic_body().size());
  EXPECT_EQ(told[8].address, authority());
  EXPECT_EQ(told[8].event.bytes, body_of(upstream->requests().at(0)).size());
  EXPECT_EQ(told[9].event.bytes, told[8].event.bytes);
  const context::Event& last = told[10].event;
  EXPECT_EQ(last.status, 200);
  EXPECT_EQ(last.bytes, body.size());
  EXPECT_EQ(last.billed_input, 100);
  EXPECT_EQ(last.billed_cached, 10);
  EXPECT_EQ(last.billed_output, 20);
  EXPECT_EQ(std::to_string(last.tokens_after), header(reply, "x-headroom-tokens-after"));
  EXPECT_GE(last.ttfb_us, 0);
  EXPECT_GE(last.total_us, last.ttfb_us);
}

TEST_F(EventsTest, WhatIsOnlyRelayedBeginsWithItsSending) {
  start_heard(FakeUpstream::always(answer("{}")));
  ask(get("/v1/models"));
  const std::string large(300'000, 'x');
  ask(post("/v1/files", large));
  const auto told = recorder.after_answers(2);
  ASSERT_EQ(told.size(), 9U);
  EXPECT_THAT(stages_of({told.begin() + 3, told.end()}),
              ElementsAre("pre_send", "post_send", "response_received", "pre_send", "post_send", "response_received"));
  EXPECT_EQ(told[5].event.request, 1U);
  EXPECT_EQ(told[6].event.request, 2U);
  EXPECT_EQ(told[6].event.bytes, large.size());
  EXPECT_EQ(told[7].event.bytes, large.size()) << "passed on as it came";
}

TEST_F(EventsTest, ALargeRequestIsSentBesideItsAnswer) {
  start_heard(FakeUpstream::always(answer("{}")));
  std::string body = R"({"model":"claude-x","messages":[{"role":"user","content":")";
  body.resize(500'000, 'x');
  body += R"("}]})";
  ask(post("/v1/messages", body));
  const auto told = recorder.after_answers(1);
  ASSERT_THAT(stages_of(told),
              ElementsAre("setup", "pre_start", "post_start", "input_received", "input_cached", "input_compressed",
                          "input_remembered", "pre_send", "post_send", "response_received"));
  EXPECT_EQ(told[8].event.bytes, body.size());
}

TEST_F(EventsTest, AProviderThatDoesNotAnswerEndsTheRequestAllTheSame) {
  start_heard([](TestSocket& socket) { socket.read_message(); });
  EXPECT_EQ(status_of(ask(post("/v1/messages", anthropic_body()))), 502);
  const auto told = recorder.after_answers(1);
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back().event.status, 502);
  EXPECT_EQ(told.back().event.ttfb_us, -1);
  EXPECT_NE(told.back().reason, "");
}

}  // namespace
}  // namespace headroom::proxy_test
