#include <condition_variable>
#include <future>
#include <map>
#include <mutex>

#include "aws/event_stream.h"
#include "aws/sigv4.h"
#include "base/base64.h"
#include "base/hash.h"
#include "base/json_document.h"
#include "proxy/test_encoded.h"
#include "proxy_fixture.h"

// Amazon Bedrock: what changes on the way and what does not.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kInvoke = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke";
constexpr std::string_view kConverse = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse";
constexpr std::string_view kBearer = "Authorization: Bearer ABSKtest\r\n";

const aws::Credentials kOurs{"AKIDOURS", "secret", ""};

class BedrockTest : public ProxyTest {
 protected:
  void start_for(std::string response) {
    upstream = std::make_unique<FakeUpstream>([this, response = std::move(response)](TestSocket& socket) {
      for (;;) {
        std::string request = socket.read_message();
        if (request.empty()) return;
        upstream->record(std::move(request));
        if (!socket.send(response)) return;
      }
    });
    options.bedrock_api_url = upstream->url();
    start(upstream->url());
  }

  static std::string answer_with(std::string_view body, std::string_view type = "application/json") {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}", type, body.size(), body);
  }

  static std::string invoke_body() {
    std::string body = anthropic_body();
    const std::string_view model = R"("model":"claude-sonnet-4-5",)";
    return body.replace(body.find(model), model.size(), R"("anthropic_version":"bedrock-2023-05-31",)");
  }

  static std::string converse_body() {
    return fmt::format(
        R"({{"messages":[{{"role":"user","content":[{{"text":"Which rows are slow?"}}]}},)"
        R"({{"role":"assistant","content":[{{"toolUse":{{"toolUseId":"t1","name":"q","input":{{"q":"all"}}}}}}]}},)"
        R"({{"role":"user","content":[{{"toolResult":{{"toolUseId":"t1","content":[{{"text":"{}"}}],"status":"success"}}}},)"
        R"({{"cachePoint":{{"type":"default"}}}},{{"aBlockOfTheFuture":{{"x":[ 1.0e0 ]}}}}]}}],)"
        R"("inferenceConfig":{{"maxTokens":64}},"additionalModelRequestFields":{{"top_k":2.50}}}})",
        escaped_rows(400));
  }

  void have_credentials(std::string token = "") {
    std::map<std::string, std::string, std::less<>> variables{{"AWS_ACCESS_KEY_ID", "AKIDOURS"},
                                                              {"AWS_SECRET_ACCESS_KEY", "secret"},
                                                              {"AWS_SESSION_TOKEN", std::move(token)}};
    aws.variable = [variables](std::string_view name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
  }

  /// A request as a client signs it that was told to find Bedrock at this proxy.
  std::string signed_request(std::string_view path, std::string_view body, const aws::Credentials& credentials,
                             std::int64_t age_ms = 0, std::string_view coding = "identity") const {
    const std::string time = aws::sign_time(clock.now_ms() - age_ms);
    const aws::Request request{"POST",
                               path,
                               "",
                               {{"content-encoding", coding},
                                {"content-type", "application/json"},
                                {"host", "localhost"},
                                {"x-amz-date", time},
                                {"x-amzn-bedrock-trace", "ENABLED"}},
                               base::sha256_hex(body)};
    return post(
        path, body,
        fmt::format("Content-Encoding: {}\r\nX-Amz-Date: {}\r\nX-Amzn-Bedrock-Trace: ENABLED\r\nAuthorization: {}\r\n",
                    coding, time, aws::authorization(request, {time, "eu-west-1", "bedrock"}, credentials)));
  }

  /// The last request that the upstream got is signed with the key and its secret.
  static bool is_signed(const std::string& request, std::string_view key, std::string_view secret) {
    const std::string value = header(request, "Authorization");
    const auto read = aws::read_authorization(value);
    if (!read || read->key_id != key) return false;
    const std::size_t path_at = request.find(' ') + 1;
    std::vector<std::string> values;
    for (const std::string_view name : read->signed_headers) values.push_back(header(request, std::string(name)));
    aws::Request again{"POST",
                       std::string_view(request).substr(path_at, request.find(' ', path_at) - path_at),
                       "",
                       {},
                       base::sha256_hex(body_of(request))};
    for (std::size_t i = 0; i < values.size(); ++i) again.headers.push_back({read->signed_headers[i], values[i]});
    const std::string time = header(request, "X-Amz-Date");
    return aws::signature(again, {time, read->region, read->service}, secret) == read->signature;
  }

  std::string sent() const { return upstream->requests().back(); }
};

TEST_F(BedrockTest, TheBodyOfInvokeIsAnthropics) {
  start_for(answer_with(
      R"({"id":"m","usage":{"input_tokens":1100,"cache_read_input_tokens":100,"cache_creation_input_tokens":34,"output_tokens":5}})"));
  const std::string body = invoke_body();
  const std::string reply = ask(post(kInvoke, body, kBearer));
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_EQ(header(reply, "x-headroom-model"), "us.anthropic.claude-sonnet-4-5-20250929-v1:0");
  EXPECT_THAT(sent(), HasSubstr(fmt::format("POST {} HTTP/1.1\r\n", kInvoke)));
  EXPECT_THAT(sent(), HasSubstr("Authorization: Bearer ABSKtest\r\n"));
  EXPECT_LT(body_of(sent()).size() * 2, body.size());
  EXPECT_THAT(body_of(sent()), HasSubstr(R"({"anthropic_version":"bedrock-2023-05-31", "max_tokens":1.0e2,)"));
  EXPECT_THAT(ask_until("/stats", "1234"), HasSubstr("1234")) << "all input, cached and written tokens among it";
}

TEST_F(BedrockTest, ConverseChangesResultsOnly) {
  start_for(answer_with(R"({"output":{},"usage":{"inputTokens":1100,"cacheReadInputTokens":134,"outputTokens":5}})"));
  const std::string body = converse_body();
  const std::string reply = ask(post(kConverse, body, kBearer));
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_LT(body_of(sent()).size() * 2, body.size());
  EXPECT_TRUE(base::JsonDocument::parse(body_of(sent())));
  EXPECT_THAT(body_of(sent()), HasSubstr("<<ccr:"));
  const std::size_t end = body.find(R"("status":"success")");
  EXPECT_TRUE(body_of(sent()).ends_with(body.substr(end)));
  EXPECT_TRUE(body_of(sent()).starts_with(body.substr(0, body.find(R"([{\"id)"))));
  EXPECT_THAT(ask_until("/stats", "1234"), HasSubstr("1234"));
}

TEST_F(BedrockTest, AnInvokeOfAnotherModelIsReadAsItsOwn) {
  start_for(answer_with("{}"));
  std::string chat = openai_body();
  ask(post("/model/openai.gpt-oss-120b-1%3A0/invoke", chat, kBearer));
  EXPECT_LT(body_of(sent()).size() * 2, chat.size());
  const std::string llama = R"({"prompt":"[INST] hi [/INST]","max_gen_len":5})";
  ask(post("/model/meta.llama3-1-70b-instruct-v1%3A0/invoke", llama, kBearer));
  EXPECT_EQ(body_of(sent()), llama);
}

TEST_F(BedrockTest, ErrorsHaveTheShapeThatItsClientsRead) {
  options.bedrock_api_url = "http://127.0.0.1:1";
  start("http://127.0.0.1:1");
  const std::string reply = ask(post(kConverse, converse_body(), kBearer));
  EXPECT_EQ(status_of(reply), 502);
  EXPECT_EQ(header(reply, "x-amzn-ErrorType"), "ServiceUnavailableException");
  EXPECT_THAT(body_of(reply), testing::StartsWith(R"({"message":)"));
}

TEST_F(BedrockTest, WithoutCredentialsWhatIsSignedStaysToTheByte) {
  start_for(answer_with("{}"));
  const std::string request = signed_request(kConverse, converse_body(), kOurs);
  ask(request);
  EXPECT_EQ(sent(), request) << "Host and all";
}

TEST_F(BedrockTest, WhoHasTheSameCredentialsGetsANewSignature) {
  have_credentials();
  start_for(answer_with("{}"));
  const std::string body = converse_body();
  const std::string request = signed_request(kConverse, body, kOurs);
  ASSERT_TRUE(is_signed(request, "AKIDOURS", "secret")) << "the test's own signature";
  ask(request);
  EXPECT_LT(body_of(sent()).size() * 2, body.size());
  EXPECT_TRUE(is_signed(sent(), "AKIDOURS", "secret")) << sent().substr(0, sent().find("\r\n\r\n"));
  EXPECT_FALSE(is_signed(sent(), "AKIDOURS", "another secret"));
  EXPECT_EQ("http://" + header(sent(), "Host"), upstream->url());
  EXPECT_THAT(header(sent(), "Authorization"),
              HasSubstr("/eu-west-1/bedrock/aws4_request, SignedHeaders="
                        "content-encoding;content-type;host;x-amz-date;x-amzn-bedrock-trace, "));
  EXPECT_EQ(header(sent(), "X-Amzn-Bedrock-Trace"), "ENABLED");
}

TEST_F(BedrockTest, ABodyInACodingIsSignedAsItIsSent) {
  have_credentials();
  start_for(answer_with("{}"));
  const std::string body = converse_body();
  ask(signed_request(kConverse, body, kOurs));
  const std::string plain = body_of(sent());
  ask(signed_request(kConverse, zstd_of(body), kOurs, 0, "zstd"));
  EXPECT_EQ(unzstd(body_of(sent())), plain);
  EXPECT_EQ(header(sent(), "Content-Encoding"), "zstd");
  EXPECT_TRUE(is_signed(sent(), "AKIDOURS", "secret"));
  ask(signed_request(kConverse, deflated(body, 15), kOurs, 0, "deflate"));
  EXPECT_EQ(body_of(sent()), plain);
  EXPECT_EQ(header(sent(), "Content-Encoding"), "");
  EXPECT_TRUE(is_signed(sent(), "AKIDOURS", "secret"));
}

TEST_F(BedrockTest, WhatIsNotCompressedIsSignedForItsHostToo) {
  have_credentials();
  start_for(answer_with("{}"));
  const std::string body = R"({"input":{}})";
  ask(signed_request("/model/x/count-tokens", body, kOurs));
  EXPECT_EQ(body_of(sent()), body);
  EXPECT_EQ("http://" + header(sent(), "Host"), upstream->url());
  EXPECT_TRUE(is_signed(sent(), "AKIDOURS", "secret"));
}

TEST_F(BedrockTest, TheCredentialsHereAreLentToNobody) {
  have_credentials();
  start_for(answer_with("{}"));
  const std::string body = converse_body();
  for (const std::string& request :
       {signed_request(kConverse, body, {"AKIDOURS", "a guess", ""}),
        signed_request(kConverse, body, {"AKIDOTHER", "s", ""}), signed_request(kConverse, body, kOurs, 16 * 60'000)}) {
    ask(request);
    EXPECT_EQ(sent(), request);
  }
  ask(post(kConverse, body));
  EXPECT_EQ(header(sent(), "Authorization"), "") << "without a signature it goes without one";
}

TEST_F(BedrockTest, TheOwnerNeedsNoCredentials) {
  have_credentials("session token");
  options.proxy_token = "the token of this proxy";
  start_for(answer_with("{}"));
  const std::string body = converse_body();
  const std::string token = "x-headroom-proxy-token: the token of this proxy\r\n";
  ask(post(kConverse, body, token));
  EXPECT_TRUE(is_signed(sent(), "AKIDOURS", "secret")) << sent().substr(0, sent().find("\r\n\r\n"));
  EXPECT_EQ(header(sent(), "X-Amz-Security-Token"), "session token");
  EXPECT_THAT(header(sent(), "Authorization"), HasSubstr("/us-east-1/bedrock/"));
  EXPECT_LT(body_of(sent()).size() * 2, body.size());
  EXPECT_THAT(sent(), Not(HasSubstr("the token of this proxy")));
}

TEST_F(BedrockTest, ARequestWaitsForTheCredentialsOfARoleAndOthersDoNot) {
  std::promise<void> given;
  const std::shared_future<void> waited = given.get_future().share();
  aws.file = [](const std::string& path) -> std::optional<std::string> {
    if (!path.ends_with("/config")) return std::nullopt;
    return "[default]\ncredential_process = give\n";
  };
  aws.run = [waited](const std::string&, const std::stop_token&) -> base::Result<std::string> {
    waited.wait();
    return R"({"Version":1,"AccessKeyId":"AKIDOURS","SecretAccessKey":"secret","SessionToken":"of the role",)"
           R"("Expiration":"2099-01-01T00:00:00Z"})";
  };
  options.threads = 1;
  start_for(answer_with("{}"));
  const std::string body = converse_body();
  TestSocket waiting = client();
  waiting.send(signed_request(kConverse, body, kOurs));
  EXPECT_EQ(status_of(ask(post(kConverse, body, kBearer))), 200);
  EXPECT_EQ(upstream->requests().size(), 1U);
  given.set_value();
  EXPECT_EQ(status_of(waiting.read_message()), 200);
  EXPECT_TRUE(is_signed(sent(), "AKIDOURS", "secret"));
  EXPECT_EQ(header(sent(), "X-Amz-Security-Token"), "of the role");
  EXPECT_LT(body_of(sent()).size() * 2, body.size());
}

TEST_F(BedrockTest, WhereARoleGivesNoneTheRequestGoesOutAsItCame) {
  aws.file = [](const std::string& path) -> std::optional<std::string> {
    if (!path.ends_with("/config")) return std::nullopt;
    return "[default]\ncredential_process = give\n";
  };
  aws.run = [](const std::string&, const std::stop_token&) -> base::Result<std::string> {
    return base::fail(base::ErrorCode::kTimeout, "it took longer than 60 s");
  };
  start_for(answer_with("{}"));
  const std::string request = signed_request(kConverse, converse_body(), kOurs);
  ask(request);
  EXPECT_EQ(sent(), request);
}

TEST_F(BedrockTest, AStopDoesNotWaitForCredentials) {
  aws.file = [](const std::string&) { return "[default]\ncredential_process = give\n"; };
  std::promise<void> asked;
  aws.run = [&asked](const std::string&, const std::stop_token& stop) -> base::Result<std::string> {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    asked.set_value();
    stopped.wait(lock, stop, [] { return false; });
    return base::fail(base::ErrorCode::kUnavailable, "it was stopped");
  };
  start_for(answer_with("{}"));
  TestSocket waiting = client();
  waiting.send(signed_request(kConverse, converse_body(), kOurs));
  asked.get_future().wait();
  server.reset();
  EXPECT_EQ(waiting.read_message(), "");
}

TEST_F(BedrockTest, AStreamOfConverseIsRelayedAndItsUsageCounts) {
  const std::string frames =
      aws::stream_message({":event-type", "messageStart", ":message-type", "event"}, R"({"role":"assistant"})") +
      aws::stream_message({":event-type", "metadata", ":message-type", "event"},
                          R"({"usage":{"inputTokens":1100,"cacheReadInputTokens":134,"outputTokens":5}})");
  start_for(answer_with(frames, "application/vnd.amazon.eventstream"));
  const std::string reply = ask(post(std::string(kConverse) + "-stream", converse_body(), kBearer));
  EXPECT_EQ(body_of(reply), frames);
  EXPECT_THAT(ask_until("/stats", "1234"), HasSubstr("1234"));
}

TEST_F(BedrockTest, AStreamOfInvokeHoldsEventsOfTheModelsProvider) {
  const auto chunk = [](std::string_view event) {
    return aws::stream_message({":event-type", "chunk", ":message-type", "event"},
                               fmt::format(R"({{"bytes":"{}","p":"abc"}})", base::base64_encode(event)));
  };
  const std::string frames =
      chunk(R"({"type":"message_start","message":{"usage":{"input_tokens":1200,"cache_read_input_tokens":34}}})") +
      chunk(R"({"type":"message_delta","usage":{"output_tokens":5678}})") +
      chunk(R"({"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":1,"outputTokenCount":1}})");
  start_for(answer_with(frames, "application/vnd.amazon.eventstream"));
  const std::string reply = ask(post(std::string(kInvoke) + "-with-response-stream", invoke_body(), kBearer));
  EXPECT_EQ(body_of(reply), frames);
  const std::string stats = ask_until("/stats", "1234");
  EXPECT_THAT(stats, HasSubstr("1234"));
  EXPECT_THAT(stats, HasSubstr("5678"));
}

constexpr std::string_view kCount = "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens";

TEST_F(BedrockTest, TokensAreCountedOfWhatWouldBeSent) {
  start_for(answer_with(R"({"inputTokens":1234})"));
  ask(post(kConverse, converse_body(), kBearer));
  const std::string converse = body_of(sent());
  ask(post(kInvoke, invoke_body(), kBearer));
  const std::string invoke = body_of(sent());
  EXPECT_THAT(ask_until("/stats", "\"requests\":2"), HasSubstr("\"requests\":2"));
  const std::string reply = ask(post(kCount, R"({ "input" : {"converse":)" + converse_body() + R"(,"x":1}})", kBearer));
  EXPECT_EQ(body_of(reply), R"({"inputTokens":1234})");
  EXPECT_EQ(body_of(sent()), R"({ "input" : {"converse":)" + converse + R"(,"x":1}})");
  const auto counted = [](std::string_view body) {
    return fmt::format(R"({{"input":{{"invokeModel":{{"body":"{}"}}}}}})", base::base64_encode(body));
  };
  ask(post(kCount, counted(invoke_body()), kBearer));
  EXPECT_EQ(body_of(sent()), counted(invoke));
  EXPECT_THAT(ask("GET /stats HTTP/1.1\r\nHost: localhost\r\n\r\n"), HasSubstr("\"requests\":2")) << "in no figure";
}

TEST_F(BedrockTest, CountingOfWhatIsNoRequestIsRelayed) {
  start_for(answer_with("{}"));
  for (const std::string_view body :
       {"", "no json", "[]", R"({"input":5})", R"({"input":{"converse":5}})",
        R"({"input":{"converse":{"messages":[]}}})", R"({"input":{"invokeModel":{"body":"no base64"}}})",
        R"({"input":{"invokeModel":{"body":"e30="}}})"}) {
    ask(post(kCount, body, kBearer));
    EXPECT_EQ(body_of(sent()), body);
  }
}

TEST_F(BedrockTest, OtherPathsAreRelayed) {
  start_for(answer_with("{}"));
  const std::string body = R"({"content":[{"text":{"text":"x"}}]})";
  ask(post("/guardrail/g/version/1/apply", body, kBearer));
  EXPECT_THAT(sent(), HasSubstr("POST /guardrail/g/version/1/apply HTTP/1.1\r\n"));
  EXPECT_EQ(body_of(sent()), body);
}

}  // namespace
}  // namespace headroom::proxy_test
