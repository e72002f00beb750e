#include "base/json_document.h"
#include "proxy_fixture.h"

// Amazon Bedrock: what changes on the way and what does not.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kInvoke = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke";
constexpr std::string_view kConverse = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse";
constexpr std::string_view kBearer = "Authorization: Bearer ABSKtest\r\n";

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

TEST_F(BedrockTest, WhatIsSignedStaysToTheByte) {
  start_for(answer_with("{}"));
  const std::string request = post(
      kConverse, converse_body(),
      "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20261125/eu-west-1/bedrock/aws4_request, SignedHeaders=host, "
      "Signature=00\r\n");
  ask(request);
  EXPECT_EQ(sent(), request) << "Host and all";
}

TEST_F(BedrockTest, OtherPathsAreRelayed) {
  start_for(answer_with("{}"));
  const std::string body = R"({"input":{"converse":{"messages":[]}}})";
  ask(post("/model/x/count-tokens", body, kBearer));
  EXPECT_THAT(sent(), HasSubstr("POST /model/x/count-tokens HTTP/1.1\r\n"));
  EXPECT_EQ(body_of(sent()), body);
}

}  // namespace
}  // namespace headroom::proxy_test
