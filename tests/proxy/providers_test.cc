#include "base/json_document.h"
#include "proxy_fixture.h"

// Gemini, Vertex and OpenAI's Responses: which bytes change on the way, and what the answers' usage comes to.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;

class ProvidersTest : public ProxyTest {
 protected:
  void start_for_all(std::string response) {
    upstream = std::make_unique<FakeUpstream>([this, response = std::move(response)](TestSocket& socket) {
      for (;;) {
        std::string request = socket.read_message();
        if (request.empty()) return;
        upstream->record(std::move(request));
        if (!socket.send(response)) return;
      }
    });
    for (std::string config::Options::* url : {&config::Options::gemini_api_url, &config::Options::cloudcode_api_url,
                                               &config::Options::vertex_api_url, &config::Options::chatgpt_api_url}) {
      options.*url = upstream->url();
    }
    start(upstream->url());
  }

  static std::string answer_with(std::string_view body, std::string_view type = "application/json") {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}", type, body.size(), body);
  }

  static std::string gemini_contents() {
    return fmt::format(
        R"("contents":[{{"role":"user","parts":[{{"text":"Which rows are slow?"}}]}},)"
        R"({{"role":"model","parts":[{{"functionCall":{{"name":"run_query","args":{{"q":"all"}}}},"thoughtSignature":"c2lnbmVk"}}]}},)"
        R"({{"role":"user","parts":[{{"functionResponse":{{"name":"run_query","response":{{"output":"{}"}}}}}}]}}],)"
        R"("generationConfig":{{"temperature":1.0e0,"unknownMember":[ 1 ]}})",
        escaped_rows(400));
  }

  static std::string responses_body() {
    return fmt::format(
        R"({{"model":"gpt-5","stream":true,"store":false,"include":["reasoning.encrypted_content"],"input":[)"
        R"({{"type":"message","role":"user","content":[{{"type":"input_text","text":"Which rows are slow?"}}]}},)"
        R"({{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAAAA=="}},)"
        R"({{"type":"function_call","call_id":"c1","name":"q","arguments":"{{}}"}},)"
        R"({{"type":"function_call_output","call_id":"c1","output":"{}"}},)"
        R"({{"type":"a_kind_of_the_future","x":{{"y":[null]}}}}]}})",
        escaped_rows(400));
  }

  std::string sent() const { return upstream->requests().back(); }

  std::string stats_with(std::string_view text) const { return ask_until("/stats", text); }
};

TEST_F(ProvidersTest, GeminiResultsAreCompressedAndAllElseStays) {
  start_for_all(answer_with(
      R"({"candidates":[],"usageMetadata":{"promptTokenCount":1234,"cachedContentTokenCount":77,"candidatesTokenCount":5,"thoughtsTokenCount":6}})"));
  const std::string body = "{" + gemini_contents() + "}";
  const std::string reply =
      ask(post("/v1beta/models/gemini-2.5-pro:generateContent?key=SECRET", body, "x-goog-api-key: k\r\n"));
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_EQ(header(reply, "x-headroom-model"), "gemini-2.5-pro");
  EXPECT_LT(std::stoll(header(reply, "x-headroom-tokens-after")),
            std::stoll(header(reply, "x-headroom-tokens-before")));
  EXPECT_THAT(sent(), HasSubstr("POST /v1beta/models/gemini-2.5-pro:generateContent?key=SECRET "));
  EXPECT_LT(body_of(sent()).size() * 2, body.size());
  EXPECT_TRUE(base::JsonDocument::parse(body_of(sent())));
  EXPECT_THAT(body_of(sent()), HasSubstr(R"("thoughtSignature":"c2lnbmVk")"));
  EXPECT_THAT(body_of(sent()), HasSubstr(R"("generationConfig":{"temperature":1.0e0,"unknownMember":[ 1 ]})"));
  EXPECT_THAT(stats_with("1234"), HasSubstr("1234"));
}

TEST_F(ProvidersTest, CloudCodeAndVertexHaveTheSameInside) {
  start_for_all(answer_with("{}"));
  ask(post("/v1internal:streamGenerateContent?alt=sse",
           R"({"model":"gemini-2.5-pro","project":"p","request":{)" + gemini_contents() + "}}"));
  EXPECT_THAT(sent(), HasSubstr("POST /v1internal:streamGenerateContent?alt=sse "));
  EXPECT_THAT(sent(), HasSubstr("<<ccr:"));
  ask(post("/v1/projects/p/locations/eu/publishers/google/models/gemini-2.5-flash:generateContent",
           "{" + gemini_contents() + "}"));
  EXPECT_THAT(sent(), HasSubstr("<<ccr:"));
  ask(post("/v1/projects/p/locations/eu/publishers/anthropic/models/claude-sonnet-4-5:streamRawPredict",
           anthropic_body()));
  EXPECT_THAT(sent(), HasSubstr("<<ccr:"));
}

TEST_F(ProvidersTest, AGeminiResultOfRowsBecomesAStringInsideItsObject) {
  start_for_all(answer_with("{}"));
  std::string rows = "[";
  for (int i = 0; i < 300; ++i)
    rows += fmt::format(R"({}{{"id":{},"state":"ok","node":"n{}"}})", i > 0 ? "," : "", i, i % 5);
  const std::string body =
      R"({"contents":[{"role":"user","parts":[{"functionResponse":{"name":"list","response":{"result":)" + rows +
      R"(],"total":300}}}]}]})";
  ask(post("/v1beta/models/gemini-2.5-pro:generateContent", body));
  EXPECT_LT(body_of(sent()).size() * 2, body.size());
  const auto doc = base::JsonDocument::parse(body_of(sent()));
  ASSERT_TRUE(doc);
  EXPECT_THAT(body_of(sent()), HasSubstr(R"("response":{"result":")"));
  EXPECT_THAT(body_of(sent()), HasSubstr(R"("total":300})"));
}

TEST_F(ProvidersTest, ResponsesKeepEveryItemAndTheUsageOfTheStreamCounts) {
  const std::string events =
      "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"usage\":null}}\n\n"
      "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"usage\":"
      "{\"input_tokens\":4321,\"input_tokens_details\":{\"cached_tokens\":21},\"output_tokens\":9}}}\n\n";
  start_for_all(answer_with(events, "text/event-stream"));
  const std::string body = responses_body();
  const std::string reply = ask(post("/v1/responses", body));
  EXPECT_EQ(body_of(reply), events);
  EXPECT_THAT(body_of(sent()),
              HasSubstr(R"({"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAAAA=="})"));
  EXPECT_THAT(body_of(sent()), HasSubstr(R"({"type":"a_kind_of_the_future","x":{"y":[null]}}]})"));
  EXPECT_THAT(body_of(sent()), HasSubstr("<<ccr:"));
  EXPECT_LT(body_of(sent()).size() * 2, body.size());
  EXPECT_THAT(stats_with("4321"), HasSubstr("4321"));
  ask(post("/backend-api/codex/responses", body));
  EXPECT_THAT(sent(), HasSubstr("<<ccr:"));
}

TEST_F(ProvidersTest, APrefixStaysTheSameInEveryShape) {
  start_for_all(answer_with("{}"));
  std::string gemini = "{" + gemini_contents() + "}";
  ask(post("/v1beta/models/gemini-2.5-pro:generateContent", gemini));
  const std::string first = body_of(sent());
  const std::size_t end = gemini.rfind("],\"generationConfig\"");
  gemini.insert(end, R"(,{"role":"model","parts":[{"text":"Row 3."}]},{"role":"user","parts":[{"text":"Go on."}]})");
  ask(post("/v1beta/models/gemini-2.5-pro:generateContent", gemini));
  EXPECT_EQ(body_of(sent()).substr(0, first.rfind("],\"generationConfig\"")),
            first.substr(0, first.rfind("],\"generationConfig\"")));
}

TEST_F(ProvidersTest, AnAddressThatEndsWithTheVersionIsOneToo) {
  upstream = std::make_unique<FakeUpstream>([this](TestSocket& socket) {
    for (std::string request = socket.read_message(); !request.empty(); request = socket.read_message()) {
      upstream->record(std::move(request));
      socket.send(answer("{}"));
    }
  });
  start(upstream->url() + "/openai/v1/");
  for (const char* path : {"/v1/chat/completions", "/chat/completions", "/v1/models?a=/v1/b", "/v1", "/v1beta/x"}) {
    ask(get(path));
  }
  std::vector<std::string> paths;
  for (const std::string& request : upstream->requests()) paths.push_back(request.substr(4, request.find(" HTTP") - 4));
  EXPECT_THAT(paths, testing::ElementsAre("/openai/v1/chat/completions", "/openai/v1/chat/completions",
                                          "/openai/v1/models?a=/v1/b", "/openai/v1/v1", "/openai/v1/v1beta/x"));
}

TEST_F(ProvidersTest, TheCompressApiTakesEveryShape) {
  start_for_all(answer_with("{}"));
  const std::string gemini = ask(post("/v1/compress", R"({"model":"gemini-2.5-pro",)" + gemini_contents() + "}"));
  EXPECT_EQ(status_of(gemini), 200);
  EXPECT_THAT(body_of(gemini), HasSubstr(R"({"messages":[{"role":"user","parts":[{"text":"Which rows are slow?"}]})"));
  EXPECT_THAT(body_of(gemini), HasSubstr("<<ccr:"));
  const std::string responses = ask(post("/v1/compress", responses_body()));
  EXPECT_THAT(body_of(responses), HasSubstr(R"("type":"function_call_output","call_id":"c1","output":")"));
  EXPECT_THAT(body_of(responses), HasSubstr("<<ccr:"));
}

}  // namespace
}  // namespace headroom::proxy_test
