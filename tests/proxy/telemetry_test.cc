#include "retrieval_fixture.h"
#include "telemetry/exporter.h"

// What an OpenTelemetry collector is told of requests that went through the whole proxy.

namespace headroom::proxy_test {
namespace {

using telemetry::Delivery;
using telemetry::SignalKind;
using testing::HasSubstr;
using testing::Not;

class TelemetryTest : public RetrievalFixture {
 protected:
  TelemetryTest() {
    telemetry::Settings settings;
    settings.traces.url = "http://collector/v1/traces";
    settings.metrics.url = "http://collector/v1/metrics";
    settings.span_delay = settings.metric_interval = std::chrono::hours(1);
    exporter = std::make_unique<telemetry::Exporter>(
        settings, "1", std::make_unique<Keeper>(*this), clock,
        [this](std::span<unsigned char> bytes) { std::ranges::fill(bytes, ++random); }, [](std::string_view) {});
    telemetry = exporter.get();
  }
  /// Ends the proxy, and with it what tells the collector.
  void end() {
    server.reset();
    exporter.reset();
  }
  static std::string number(std::string_view key, std::int64_t value) {
    return fmt::format(R"({{"key":"{}","value":{{"intValue":"{}"}}}})", key, value);
  }
  static std::string text(std::string_view key, std::string_view value) {
    return fmt::format(R"({{"key":"{}","value":{{"stringValue":"{}"}}}})", key, value);
  }
  static int count(std::string_view haystack, std::string_view needle) {
    int found = 0;
    for (std::size_t at = haystack.find(needle); at != std::string_view::npos; at = haystack.find(needle, at + 1)) {
      ++found;
    }
    return found;
  }

  std::string traces, metrics;  // what the collector got; after end()

 private:
  class Keeper final : public telemetry::Transport {
   public:
    explicit Keeper(TelemetryTest& test) : test_(test) {}
    Delivery send(SignalKind kind, std::string_view json) override {
      (kind == SignalKind::kTraces ? test_.traces : test_.metrics) += json;
      return {200, "{}", "", std::nullopt};
    }
    void end_within(std::chrono::milliseconds /*left*/) override {}

   private:
    TelemetryTest& test_;
  };

  std::atomic<unsigned char> random = 0;
  std::unique_ptr<telemetry::Exporter> exporter;
};

TEST_F(TelemetryTest, ARequestWithARetrievalInIt) {
  const std::string calls =
      answer(fmt::format(R"({{"type":"message","content":[{{"type":"tool_use","id":"t9","name":"headroom_retrieve",)"
                         R"("input":{{"hash":"{}","items":"3-4"}}}}],"stop_reason":"tool_use",)"
                         R"("usage":{{"input_tokens":100,"cache_read_input_tokens":50,"output_tokens":7}}}})",
                         hash()),
             kJson);
  const std::string last = answer(
      R"({"type":"message","content":[{"type":"text","text":"Row 4."}],"stop_reason":"end_turn",)"
      R"("usage":{"input_tokens":120,"cache_read_input_tokens":60,"cache_creation_input_tokens":9,"output_tokens":5}})",
      kJson);
  start_script({calls, last});
  std::string body = anthropic_body();
  body.insert(1, R"("tools":[{"name":"run_query","input_schema":{"type":"object"}}],)");
  const std::string reply = ask(post("/v1/messages", body, "Authorization: Bearer sk-secret\r\n"));
  ASSERT_EQ(status_of(reply), 200);
  ASSERT_EQ(upstream->requests().size(), 2U);
  end();
  EXPECT_EQ(count(traces, R"("spanId")"), 3);
  EXPECT_THAT(traces, HasSubstr(R"("name":"chat claude-sonnet-4-5","kind":3)"));
  EXPECT_THAT(traces, HasSubstr(text("gen_ai.provider.name", "anthropic")));
  EXPECT_THAT(traces, HasSubstr(number("gen_ai.usage.input_tokens", 150 + 189)));
  EXPECT_THAT(traces, HasSubstr(number("gen_ai.usage.cache_read.input_tokens", 110)));
  EXPECT_THAT(traces, HasSubstr(number("gen_ai.usage.cache_write.input_tokens", 9)));
  EXPECT_THAT(traces, HasSubstr(number("gen_ai.usage.output_tokens", 12)));
  EXPECT_THAT(traces, HasSubstr(number("headroom.tokens.after", std::stol(header(reply, "x-headroom-tokens-after")))));
  EXPECT_THAT(traces, HasSubstr(R"("name":"headroom.compress","kind":1)"));
  EXPECT_THAT(traces, HasSubstr(R"("name":"headroom.retrieve","kind":1)"));
  EXPECT_THAT(traces, HasSubstr(number("headroom.retrieval.hits", 1)));
  EXPECT_THAT(traces, Not(HasSubstr("error.type")));
  EXPECT_THAT(metrics, HasSubstr(R"("name":"headroom.retrieval.rounds")"));
  EXPECT_THAT(traces + metrics, Not(testing::ContainsRegex("sk-secret|item-3|/v1/messages")));
}

TEST_F(TelemetryTest, ARequestThatIsOnlyRelayedHasNoCompression) {
  start_script({answer("{}", kJson)});
  ask(post("/v1/chat/completions", openai_body(), "x-headroom-bypass: true\r\n"));
  end();
  EXPECT_EQ(count(traces, R"("spanId")"), 1);
  EXPECT_THAT(traces, HasSubstr(R"("name":"chat","kind":3)"));
  EXPECT_THAT(traces, HasSubstr("headroom.request_sent"));
  EXPECT_THAT(metrics, HasSubstr("gen_ai.client.inference.duration"));
  EXPECT_THAT(metrics, Not(HasSubstr("headroom.tokens.before")));
}

TEST_F(TelemetryTest, WhatIsNoRequestToAModelIsNotTold) {
  start_script({answer("{}", kJson)});
  ask(get("/v1/models"));
  ask(get("/stats"));
  EXPECT_EQ(status_of(ask(post("/v1/messages", "{}", "Origin: http://evil.example\r\n"))), 403);
  end();
  EXPECT_EQ(traces + metrics, "");
}

TEST_F(TelemetryTest, FailuresAreNamedByTheirStatus) {
  start_script({answer(R"({"type":"error"})", kJson, "529 Overloaded"), ""});
  ask(post("/v1/messages", anthropic_body()));
  ask(post("/v1/messages", anthropic_body()));
  end();
  EXPECT_THAT(traces, HasSubstr(text("error.type", "529")));
  EXPECT_THAT(traces, HasSubstr(text("error.type", "502")));
  EXPECT_EQ(count(traces, R"("status":{"code":2})"), 2);
  EXPECT_THAT(metrics, HasSubstr(text("error.type", "529")));
}

TEST_F(TelemetryTest, AnAnswerThatIsCutIsNoSuccess) {
  start([](TestSocket& socket) {
    socket.read_message();
    socket.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"half\":");
  });
  ask(post("/v1/messages", anthropic_body()));
  end();
  EXPECT_THAT(traces, HasSubstr(text("error.type", "incomplete_answer")));
  EXPECT_THAT(traces, HasSubstr(number("http.response.status_code", 200)));
}

TEST_F(TelemetryTest, CountingTokensSavesNone) {
  start_script({answer(R"({"input_tokens":5})", kJson)});
  ask(post("/v1/messages/count_tokens", anthropic_body()));
  end();
  EXPECT_THAT(traces, HasSubstr("count_tokens claude-sonnet-4-5"));
  EXPECT_THAT(metrics, Not(HasSubstr("headroom.tokens.saved")));
}

}  // namespace
}  // namespace headroom::proxy_test
