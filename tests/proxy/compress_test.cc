#include <mutex>

#include "base/json_document.h"
#include "proxy/log.h"
#include "proxy_fixture.h"

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kAnthropicAnswer =
    R"({"type":"message","usage":{"input_tokens":90,"cache_read_input_tokens":7,"cache_creation_input_tokens":3,"output_tokens":20}})";

std::int64_t number(const std::string& json, std::initializer_list<std::string_view> path) {
  const auto doc = base::JsonDocument::parse(json);
  if (!doc) return -1;
  const base::JsonNode* node = &doc->root();
  for (const std::string_view key : path) {
    node = node->kind == base::JsonKind::kObject ? doc->find(*node, key) : nullptr;
    if (node == nullptr) return -1;
  }
  return std::stoll(std::string(node->raw));
}

std::string member(const std::string& json, std::string_view key) {
  const auto doc = base::JsonDocument::parse(json);
  const base::JsonNode* node = doc ? doc->find(doc->root(), key) : nullptr;
  if (node == nullptr) return {};
  return std::string(node->kind == base::JsonKind::kString ? node->text : node->raw);
}

/// A store whose disk is full.
class FullStore final : public store::OriginalStore {
 public:
  base::Result<void> put(std::span<const store::Original>) override { return full(); }
  base::Result<store::Original> get(std::string_view, store::Scope) override { return full(); }
  base::Result<std::vector<std::string>> touch(std::span<const std::string>, std::string_view) override {
    return full();
  }
  base::Result<bool> erase(std::string_view) override { return full(); }
  base::Result<std::int64_t> sweep() override { return full(); }
  base::Result<store::StoreStats> stats(store::Scope) override { return full(); }

 private:
  static std::unexpected<base::Error> full() { return base::fail(base::ErrorCode::kIo, "no space left on device"); }
};

TEST_F(ProxyTest, CompressesAndSaysSo) {
  start_answering(answer(kAnthropicAnswer, "Content-Type: application/json\r\nrequest-id: r1\r\n"));
  const std::string body = anthropic_body();
  const std::string reply = ask(post("/v1/messages?beta=true", body, "anthropic-beta: a,b\r\nX-Headroom-Tag: t\r\n"));
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_EQ(header(reply, "request-id"), "r1");
  const std::int64_t before = std::stoll(header(reply, "x-headroom-tokens-before"));
  const std::int64_t after = std::stoll(header(reply, "x-headroom-tokens-after"));
  EXPECT_LT(after, before);
  EXPECT_EQ(std::stoll(header(reply, "x-headroom-tokens-saved")), before - after);
  EXPECT_EQ(header(reply, "x-headroom-model"), "claude-sonnet-4-5");
  EXPECT_NE(header(reply, "x-headroom-transforms"), "");
  const std::string sent = upstream->requests().at(0);
  EXPECT_THAT(sent, testing::StartsWith("POST /v1/messages?beta=true HTTP/1.1\r\n"));
  EXPECT_EQ(header(sent, "content-length"), std::to_string(body_of(sent).size()));
  EXPECT_LT(body_of(sent).size(), body.size());
  EXPECT_THAT(body_of(sent), HasSubstr(R"("model":"claude-sonnet-4-5", "max_tokens":1.0e2,)"))
      << "bytes around the edit stay";
  EXPECT_EQ(header(sent, "anthropic-beta"), "a,b");
  EXPECT_THAT(sent, Not(HasSubstr("eadroom")));
}

TEST_F(ProxyTest, CountTokensCountsWhatWillBeSent) {
  start_answering(answer(R"({"input_tokens":1})"));
  ask(post("/v1/messages", anthropic_body()));
  ask(post("/v1/messages/count_tokens", anthropic_body()));
  EXPECT_EQ(body_of(upstream->requests().at(0)), body_of(upstream->requests().at(1)));
}

TEST_F(ProxyTest, CountTokensLeavesNoTrace) {
  start_answering(answer(R"({"input_tokens":1})"));
  const std::string counted = ask(post("/v1/messages/count_tokens", anthropic_body()));
  EXPECT_LT(std::stoll(header(counted, "x-headroom-tokens-after")),
            std::stoll(header(counted, "x-headroom-tokens-before")));
  EXPECT_EQ(store->stats()->entries, 0);
  ask(post("/v1/messages", anthropic_body()));
  EXPECT_GT(store->stats()->entries, 0);
  const std::string stats = body_of(ask_until("/stats", R"("total":1)"));
  EXPECT_EQ(number(stats, {"requests", "total"}), 1);
  EXPECT_EQ(body_of(upstream->requests().at(0)), body_of(upstream->requests().at(1)));
}

TEST_F(ProxyTest, CompressesChatCompletions) {
  start_answering(
      answer(R"({"usage":{"prompt_tokens":10,"completion_tokens":2}})", "Content-Type: application/json\r\n"));
  ask(post("/v1/chat/completions", openai_body()));
  ask(post("/chat/completions", openai_body()));
  EXPECT_LT(body_of(upstream->requests().at(0)).size(), openai_body().size());
  EXPECT_EQ(body_of(upstream->requests().at(0)), body_of(upstream->requests().at(1)));
}

TEST_F(ProxyTest, TakesFiftyMegabytes) {
  start([](TestSocket& socket) {
    const std::string request = socket.read_message();
    socket.send(answer(std::to_string(body_of(request).size())));
  });
  std::string body = R"({"model":"claude-x","messages":[{"role":"user","content":")";
  body.resize(50'000'000, 'x');
  body += R"("}]})";
  EXPECT_EQ(body_of(ask(post("/v1/messages", body))), std::to_string(body.size()));
}

TEST_F(ProxyTest, BypassLeavesEverythingAlone) {
  start_answering(answer("{}"));
  const std::string reply = ask(post("/v1/messages", anthropic_body(), "x-headroom-bypass: true\r\n"));
  EXPECT_EQ(body_of(upstream->requests().at(0)), anthropic_body());
  EXPECT_EQ(header(reply, "x-headroom-tokens-before"), "");
}

TEST_F(ProxyTest, OptimizeOffIsARelay) {
  options.optimize = false;
  start_answering(answer("{}"));
  ask(post("/v1/messages", anthropic_body()));
  EXPECT_EQ(body_of(upstream->requests().at(0)), anthropic_body());
}

TEST_F(ProxyTest, ForwardsWhatItCannotRead) {
  start_answering(answer("{}"));
  const std::string truncated = anthropic_body().substr(0, 5000);
  const std::string binary("\0\x01\xff{\"messages\":", 14);
  for (const std::string& body :
       {truncated, binary, std::string("[]"), std::string("{}"), std::string("{\"messages\":7}")}) {
    EXPECT_EQ(status_of(ask(post("/v1/messages", body))), 200);
    EXPECT_EQ(body_of(upstream->requests().back()), body);
  }
}

TEST_F(ProxyTest, FullDiskFailsOpen) {
  FullStore full;
  const context::Pipeline broken(registry, &full, clock, {});
  upstream = std::make_unique<FakeUpstream>([this](TestSocket& socket) {
    upstream->record(socket.read_message());
    socket.send(answer("{}"));
  });
  options.port = 0;
  options.anthropic_api_url = upstream->url();
  auto started = proxy::ProxyServer::start(options, {broken, &full, *ledger, clock});
  ASSERT_TRUE(started);
  server = std::move(*started);
  // Nothing but dropping records makes this smaller, so an original would have to be stored.
  std::string lines;
  for (int i = 0; i < 3000; ++i) {
    lines += fmt::format("2025-06-01T10:{:02}:{:02} INFO worker-{} handled request {} in {} ms\\n", i / 60 % 60, i % 60,
                         i % 7, i * 31, i % 90);
  }
  const std::string body = fmt::format(
      R"({{"model":"claude-x","messages":[{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"t","content":"{}"}}]}}]}})",
      lines);
  const std::string reply = ask(post("/v1/messages", body));
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_EQ(header(reply, "x-headroom-compression-failed"), "true");
  EXPECT_EQ(body_of(upstream->requests().at(0)), body);
  EXPECT_EQ(status_of(ask(get("/readyz"))), 503);
  server.reset();
}

TEST_F(ProxyTest, CompressApiGivesTheMessagesInTheirOwnBytes) {
  start("http://127.0.0.1:1");
  for (const std::string& body : {anthropic_body(), openai_body()}) {
    const std::string reply = body_of(ask(post("/v1/compress", body)));
    const std::int64_t before = number(reply, {"tokens_before"});
    const std::int64_t after = number(reply, {"tokens_after"});
    EXPECT_LT(after, before);
    EXPECT_EQ(number(reply, {"tokens_saved"}), before - after);
    EXPECT_NE(member(reply, "transforms_applied"), "[]");
    EXPECT_NE(member(reply, "transforms_summary"), "{}");
    const std::string messages = member(reply, "messages");
    EXPECT_LT(messages.size(), body.size());
    EXPECT_EQ(messages.substr(0, 120), body.substr(body.find("[{"), 120)) << "untouched bytes are the request's own";
  }
  const std::string input = "{\"model\":\"gpt-4o\",\"input\":[ {\"role\":\"user\", \"content\":\"hi\"} ]}";
  EXPECT_EQ(member(body_of(ask(post("/v1/compress", input))), "messages"),
            "[ {\"role\":\"user\", \"content\":\"hi\"} ]");
}

TEST_F(ProxyTest, CompressApiKnowsItsModes) {
  start("http://127.0.0.1:1");
  const auto with_mode = [](std::string_view mode) {
    std::string body = openai_body();
    return body.substr(0, body.size() - 1) + fmt::format(R"(,"config":{{"mode":"{}"}}}})", mode);
  };
  EXPECT_EQ(member(body_of(ask(post("/v1/compress", with_mode("lossless")))), "ccr_hashes"), "[]");
  const std::string unknown = ask(post("/v1/compress", with_mode("magic")));
  EXPECT_EQ(status_of(unknown), 400);
  EXPECT_THAT(body_of(unknown), testing::StartsWith(R"({"error":{"type":"invalid_request","message":)"));
  for (const char* bad :
       {"", "{", "[]", "{}", R"({"messages":1})", R"({"messages":[],"config":1})", R"({"messages":[],"model":1})"}) {
    EXPECT_EQ(status_of(ask(post("/v1/compress", bad))), 400) << bad;
  }
}

TEST_F(ProxyTest, CompressApiKeepsToABudget) {
  start("http://127.0.0.1:1");
  const auto asked = [this](const std::string& members) {
    const std::string body = openai_body();
    return body_of(ask(post("/v1/compress", body.substr(0, body.size() - 1) + members + "}")));
  };
  const std::string usual = asked("");
  EXPECT_EQ(member(usual, "budget_note"), "");
  for (const char* none : {R"(,"token_budget":null)", R"(,"token_budget":0)", R"(,"token_budget":1000000)"}) {
    EXPECT_EQ(member(asked(none), "messages"), member(usual, "messages")) << none;
    EXPECT_EQ(member(asked(none), "budget_note"), "") << none;
  }
  const std::string least = asked(R"(,"token_budget":1)");
  EXPECT_THAT(member(least, "budget_note"), HasSubstr("over the budget of 1"));
  EXPECT_LT(number(least, {"tokens_after"}), number(usual, {"tokens_after"}));
  EXPECT_EQ(member(asked(R"(,"config":{"token_budget":1})"), "messages"), member(least, "messages"));
  EXPECT_NE(member(asked(""), "messages"), member(least, "messages")) << "without a name each budget is its own";
}

/// What is logged at each level.
class KeptLog final : public proxy::Log {
 public:
  void request(const proxy::RequestLine&) override {}
  void debug(std::string_view text) override { keep("debug: ", text); }
  void info(std::string_view text) override { keep("info: ", text); }
  void warn(std::string_view text) override { keep("warn: ", text); }
  std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  void keep(std::string_view level, std::string_view text) {
    const std::lock_guard lock(mutex_);
    text_ += std::string(level) + std::string(text) + "\n";
  }
  std::mutex mutex_;
  std::string text_;
};

/// A conversation of so many requests, on a day, in which the same call is made again and again.
std::string dated_body(std::string_view day, int calls) {
  std::string body = fmt::format(
      R"({{"model":"claude-sonnet-4-5","system":"Today's date: {}. Be brief.","messages":[{{"role":"user","content":"build it"}})",
      day);
  for (int call = 0; call < calls; ++call) {
    body += fmt::format(
        R"(,{{"role":"assistant","content":[{{"type":"tool_use","id":"t{0}","name":"Bash","input":{{"command":"make"}}}}]}})"
        R"(,{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"t{0}","content":")",
        call);
    for (int i = 0; i < 60; ++i) body += fmt::format("FAILED {} test_{} is not as it was\\n", call, i * i);
    body += R"("}]})";
  }
  return body + "]}";
}

TEST_F(ProxyTest, DriftsAndSumsAreInTheLogAndInTheFigures) {
  KeptLog kept;
  log = &kept;
  start_answering(answer(kAnthropicAnswer, "Content-Type: application/json\r\n"));
  ask(post("/v1/messages", dated_body("2026-11-25", 1)));
  ask(post("/v1/messages", dated_body("2026-11-26", 2)));
  std::string other = dated_body("2026-11-26", 3);
  other.replace(other.find("Be brief"), 8, "Be kind!");
  ask(post("/v1/messages", other));
  const std::string stats = body_of(ask_until("/stats", R"("total":3)"));
  EXPECT_EQ(number(stats, {"prefixes", "drifts"}), 2) << stats;
  EXPECT_EQ(number(stats, {"prefixes", "drifts_sent_as_they_came"}), 1);
  EXPECT_EQ(number(stats, {"prefixes", "requests_that_revised"}), 0);
  EXPECT_EQ(number(stats, {"prefixes", "old_results_rewritten"}), 0);
  const std::string metrics = body_of(ask(get("/metrics")));
  EXPECT_THAT(metrics, HasSubstr("\nheadroom_prefix_drifts_total 2\n"));
  EXPECT_THAT(metrics, HasSubstr("\nheadroom_prefix_drifts_accepted_total 1\n"));
  EXPECT_THAT(metrics, HasSubstr("\nheadroom_requests_revised_total 0\n"));
  EXPECT_THAT(metrics, HasSubstr("\nheadroom_results_rewritten_total 0\n"));
  server.reset();
  const std::string text = kept.text();
  EXPECT_THAT(text,
              testing::ContainsRegex("debug: conversation [0-9a-f]+: request 2, system: date or time drifted at"));
  EXPECT_THAT(text, testing::ContainsRegex("info: conversation [0-9a-f]+: request 3, system: instructions drifted at"));
  EXPECT_THAT(text, testing::ContainsRegex("debug: conversation [0-9a-f]+: left 1 old results that later ones"));
  EXPECT_THAT(text, Not(HasSubstr("2026-11-2"))) << "what a prompt holds is not for the log";
}

TEST_F(ProxyTest, LearnsFromAnswersThatNothingIsCached) {
  for (const bool caches : {true, false}) {
    ledger = store::make_memory_ledger();
    start_answering(answer(
        fmt::format(
            R"({{"usage":{{"input_tokens":9000,"cache_read_input_tokens":{},"cache_creation_input_tokens":0,"output_tokens":20}}}})",
            caches ? 4000 : 0),
        "Content-Type: application/json\r\n"));
    for (int calls = 1; calls <= 8; ++calls) {
      std::string body = dated_body("2026-11-25", calls);
      if (caches) body.replace(body.find("build it"), 8, "cache it");
      ask(post("/v1/messages", body));
    }
    const std::string stats = body_of(ask_until("/stats", R"("total":8)"));
    if (caches) {
      EXPECT_EQ(number(stats, {"prefixes", "old_results_rewritten"}), 0);
    } else {
      EXPECT_GT(number(stats, {"prefixes", "old_results_rewritten"}), 2);
    }
    EXPECT_EQ(number(stats, {"prefixes", "requests_that_revised"}) > 0, !caches);
    server.reset();
  }
}

TEST_F(ProxyTest, CompressApiSaysWhatDriftedAndWhatRewritingWouldCost) {
  start("http://127.0.0.1:1");
  const std::string first = body_of(ask(post("/v1/compress", dated_body("2026-11-25", 1))));
  EXPECT_EQ(member(first, "drifts"), "[]");
  EXPECT_EQ(member(first, "rewrite"), "null");
  EXPECT_EQ(member(first, "revision_note"), "");
  const std::string body = dated_body("2026-11-26", 2);
  const std::string second = body_of(ask(post("/v1/compress", body)));
  EXPECT_EQ(member(second, "drifts"),
            fmt::format(R"([{{"where":"system","what":"date or time","before":"2026-11-25","now":"2026-11-26",)"
                        R"("offset":{},"size":10,"request":2,"action":"told"}}])",
                        body.find("2026-11-26")));
  EXPECT_EQ(number(second, {"rewrite", "results"}), 1);
  EXPECT_EQ(number(second, {"rewrite", "first_message"}), 2);
  EXPECT_GT(number(second, {"rewrite", "broken_tokens"}), number(second, {"rewrite", "saved_tokens"}));
  EXPECT_THAT(second, HasSubstr(R"("rewrite":{"done":false,"why_not":"the cache is warm)"));
}

TEST_F(ProxyTest, CompressApiTakesAProfile) {
  start("http://127.0.0.1:1");
  const auto asked = [this](std::string_view profile) {
    const std::string body = openai_body();
    return ask(post("/v1/compress",
                    body.substr(0, body.size() - 1) + fmt::format(R"(,"config":{{"profile":{}}}}})", profile)));
  };
  EXPECT_EQ(member(body_of(asked(R"("lossless")")), "ccr_hashes"), "[]");
  EXPECT_EQ(member(body_of(asked(R"("balanced")")), "messages"), member(body_of(asked("null")), "messages"));
  EXPECT_LE(number(body_of(asked(R"("aggressive")")), {"tokens_after"}),
            number(body_of(asked(R"("balanced")")), {"tokens_after"}));
}

TEST_F(ProxyTest, CompressApiSaysWhatIsWrongWithItsSettings) {
  start("http://127.0.0.1:1");
  const auto refused = [this](const std::string& members) {
    const std::string reply = ask(post("/v1/compress", R"({"model":"gpt-4o","messages":[])" + members + "}"));
    EXPECT_EQ(status_of(reply), 400) << members;
    return body_of(reply);
  };
  for (const char* bad : {"-1", "1.5", "1e3", R"("800")", "true", "[]", "{}", "99999999999999999999999"}) {
    EXPECT_THAT(refused(fmt::format(R"(,"token_budget":{})", bad)), HasSubstr("token_budget must be a whole number"));
    EXPECT_THAT(refused(fmt::format(R"(,"config":{{"token_budget":{}}})", bad)),
                HasSubstr("token_budget must be a whole number"));
  }
  for (const char* bad : {R"("huge")", R"("")", R"("Balanced")", "1", "[]", "false"}) {
    EXPECT_THAT(refused(fmt::format(R"(,"config":{{"profile":{}}})", bad)), HasSubstr("config.profile must be"));
  }
}

TEST_F(ProxyTest, RetrievesTheWholeOrAPart) {
  start("http://127.0.0.1:1");
  store::Original original;
  original.content = "one\ntwo\n\"three\"\n";
  original.id = "0123456789abcdef01234567";
  original.tool_name = "read";
  original.tokens = 6;
  ASSERT_TRUE(store->put({&original, 1}));
  const std::string whole = body_of(ask(get("/v1/retrieve/0123456789abcdef01234567")));
  EXPECT_EQ(member(whole, "original_content"), original.content);
  EXPECT_EQ(number(whole, {"original_tokens"}), 6);
  EXPECT_EQ(member(whole, "tool_name"), "read");
  EXPECT_EQ(number(whole, {"retrieval_count"}), 1);
  EXPECT_EQ(member(body_of(ask(get("/v1/retrieve/0123456789ab?lines=2:2"))), "original_content"), "two\n");
  EXPECT_EQ(member(body_of(ask(post("/v1/retrieve", R"({"hash":"0123456789ab","lines":"1-2"})"))), "original_content"),
            "one\ntwo\n");
  const std::string missing = ask(get("/v1/retrieve/ffffffffffffffffffffffff"));
  EXPECT_EQ(status_of(missing), 404);
  EXPECT_THAT(body_of(missing), testing::StartsWith(R"({"detail":)"));
  EXPECT_EQ(status_of(ask(get("/v1/retrieve/xyz"))), 400);
  EXPECT_EQ(number(body_of(ask(get("/v1/retrieve/stats"))), {"store", "entry_count"}), 1);
}

TEST_F(ProxyTest, StatsAndMetricsAgreeWithTheAnswers) {
  start_answering(answer(kAnthropicAnswer, "Content-Type: application/json\r\n"));
  const std::string reply = ask(post("/v1/messages", anthropic_body()));
  ask(post("/v1/messages", R"({"model":"claude-x","messages":[]})"));
  ask_until("/metrics", "\nheadroom_requests_total 2\n");
  const std::string stats = body_of(ask(get("/stats")));
  EXPECT_EQ(number(stats, {"requests", "total"}), 2);
  EXPECT_EQ(number(stats, {"requests", "compressed"}), 1);
  const std::string saved = header(reply, "x-headroom-tokens-saved");
  EXPECT_EQ(std::to_string(number(stats, {"tokens", "saved"})), saved);
  EXPECT_EQ(number(stats, {"tokens", "input"}), 200);
  EXPECT_EQ(number(stats, {"tokens", "cached_input"}), 14);
  EXPECT_EQ(number(stats, {"tokens", "output"}), 40);
  const std::string metrics = body_of(ask(get("/metrics")));
  EXPECT_THAT(metrics, HasSubstr("\nheadroom_requests_total 2\n"));
  EXPECT_THAT(metrics, HasSubstr("\nheadroom_tokens_saved_total " + saved + "\n"));
  EXPECT_THAT(metrics, HasSubstr("\nheadroom_tokens_input_total 200\n"));
  EXPECT_THAT(metrics, HasSubstr("headroom_requests_by_model{model=\"claude-x\"} 1\n"));
}

TEST_F(ProxyTest, SaysHowItIs) {
  start("http://127.0.0.1:1");
  for (const char* path : {"/livez", "/readyz", "/health"}) {
    const std::string reply = ask(get(path));
    EXPECT_EQ(status_of(reply), 200) << path;
    EXPECT_EQ(member(body_of(reply), "status"), "healthy");
  }
  EXPECT_NE(member(body_of(ask(get("/health"))), "config"), "");
  EXPECT_EQ(member(body_of(ask("GET /health HTTP/1.1\r\nHost: probe.example\r\n\r\n")), "config"), "");
}

TEST_F(ProxyTest, ReadsTheUsageOfAnEventStream) {
  start([](TestSocket& socket) {
    socket.read_message();
    socket.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string events =
        "event: message_start\ndata: "
        "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":50,\"output_tokens\":1}}}\n\n"
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":31}}\n\n";
    // Cut at every seventh byte: events do not come in one piece.
    for (std::size_t at = 0; at < events.size(); at += 7) {
      const std::string part = events.substr(at, 7);
      socket.send(fmt::format("{:x}\r\n{}\r\n", part.size(), part));
    }
    socket.send("0\r\n\r\n");
  });
  ask(post("/v1/messages", R"({"model":"claude-x","messages":[],"stream":true})"));
  ask_until("/metrics", "\nheadroom_requests_total 1\n");
  const std::string stats = body_of(ask(get("/stats")));
  EXPECT_EQ(number(stats, {"tokens", "input"}), 50);
  EXPECT_EQ(number(stats, {"tokens", "output"}), 31);
}

}  // namespace
}  // namespace headroom::proxy_test
