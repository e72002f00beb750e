#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/log.h"
#include "aws/account.h"
#include "base/clock.h"
#include "compress/registry/registry.h"
#include "context/pipeline.h"
#include "proxy/log.h"
#include "proxy/server.h"
#include "store/ledger.h"
#include "store/original_store.h"
#include "telemetry/exporter.h"
#include "test_net.h"

namespace headroom::proxy_test {

/// Keeps the lines of requests, and warnings.
class RequestLog final : public proxy::Log {
 public:
  void request(const proxy::RequestLine& line) override {
    const std::lock_guard lock(mutex_);
    lines_ += fmt::format("{} {} {} {}\n", line.method, line.path, line.status, line.note);
  }
  void debug(std::string_view) override {}
  void info(std::string_view) override {}
  void warn(std::string_view text) override {
    const std::lock_guard lock(mutex_);
    lines_ += fmt::format("{}\n", text);
  }
  std::string lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  /// It comes before long.
  bool await(std::string_view line) {
    for (int tries = 0; tries < 1000 && !lines().contains(line); ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return lines().contains(line);
  }

 private:
  std::mutex mutex_;
  std::string lines_;
};

/// A proxy in this process, in front of an upstream that the test gives.
class ProxyTest : public testing::Test {
 protected:
  void start(const std::string& upstream_url) {
    options.host = "127.0.0.1";
    options.port = 0;
    options.threads = 2;
    options.anthropic_api_url = options.openai_api_url = options.gemini_api_url = upstream_url;
    proxy::Services services{*pipeline_in_use, store_in_use, *ledger, *clock_in_use, {}, aws};
    services.offers = offers_in_use;
    services.telemetry = telemetry;
    services.audit = audit;
    auto started = proxy::ProxyServer::start(options, std::move(services), limits, log);
    ASSERT_TRUE(started) << started.error().message;
    server = std::move(*started);
  }
  /// Serves every connection with `serve`.
  void start(FakeUpstream::Serve serve) {
    upstream = std::make_unique<FakeUpstream>(std::move(serve));
    start(upstream->url());
  }
  /// Answers every request alike, and keeps the requests in upstream->requests().
  void start_answering(std::string response) {
    start([this, response = std::move(response)](TestSocket& socket) {
      for (;;) {
        std::string request = socket.read_message();
        if (request.empty()) return;
        upstream->record(std::move(request));
        if (!socket.send(response)) return;
      }
    });
  }
  TestSocket client() const { return TestSocket::connect(server->port()); }
  std::string ask(const std::string& request) const {
    TestSocket socket = client();
    socket.send(request);
    return socket.read_message(!request.starts_with("HEAD "));
  }
  /// Asks for `target` until the answer holds `text`, or for long enough: a request is counted after its answer has
  /// left.
  std::string ask_until(std::string_view target, std::string_view text) const {
    std::string reply;
    for (int tries = 0; tries < 500 && !reply.contains(text); ++tries) {
      if (tries > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      reply = ask(get(target));
    }
    return reply;
  }
  static std::string get(std::string_view target, std::string_view headers = "") {
    return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", target, headers);
  }
  static std::string post(std::string_view target, std::string_view body, std::string_view headers = "") {
    return fmt::format(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{}Content-Length: {}\r\n\r\n{}",
        target, headers, body.size(), body);
  }
  /// A conversation with a tool result that any compressor can make smaller.
  static std::string anthropic_body(int rows = 400) {
    return fmt::format(
        R"({{"model":"claude-sonnet-4-5", "max_tokens":1.0e2,"messages":[{{"role":"user","content":"Which rows are slow?"}},)"
        R"({{"role":"assistant","content":[{{"type":"tool_use","id":"t1","name":"run_query","input":{{"q":"all"}}}}]}},)"
        R"({{"role":"user","content":[{{"type":"tool_result","tool_use_id":"t1","content":"{}"}}]}}]}})",
        escaped_rows(rows));
  }
  static std::string openai_body(int rows = 400) {
    return fmt::format(
        R"({{"model":"gpt-4o","messages":[{{"role":"user","content":"Which rows are slow?"}},)"
        R"({{"role":"assistant","content":null,"tool_calls":[{{"id":"c1","type":"function","function":{{"name":"q","arguments":"{{}}"}}}}]}},)"
        R"({{"role":"tool","tool_call_id":"c1","content":"{}"}}]}})",
        escaped_rows(rows));
  }
  static std::string escaped_rows(int count) {
    std::string rows = "[";
    for (int i = 0; i < count; ++i) {
      rows += fmt::format(R"({}{{\"id\":{},\"name\":\"item-{}\",\"state\":\"ok\",\"delay_ms\":{}}})", i > 0 ? "," : "",
                          i, i % 17, 20 + i * 7 % 90);
    }
    return rows + "]";
  }

  config::Options options;
  proxy::Limits limits;
  proxy::Log* log = nullptr;
  telemetry::Exporter* telemetry = nullptr;
  audit::Log* audit = nullptr;
  base::SystemClock clock;
  const base::Clock* clock_in_use = &clock;
  compress::Registry registry = compress::Registry::standard();
  std::unique_ptr<store::OriginalStore> store = store::make_memory_store({}, clock);
  store::OriginalStore* store_in_use = store.get();
  std::unique_ptr<store::Ledger> ledger = store::make_memory_ledger();
  context::Pipeline pipeline{registry, store.get(), clock, {}};
  const context::Pipeline* pipeline_in_use = &pipeline;
  store::OfferRecord* offers_in_use = nullptr;
  /// Of a machine without AWS credentials, whatever this one has.
  aws::Sources aws{[](std::string_view) { return std::nullopt; }, [](const std::string&) { return std::nullopt; }};
  std::unique_ptr<FakeUpstream> upstream;
  std::unique_ptr<proxy::ProxyServer> server;
};

}  // namespace headroom::proxy_test
