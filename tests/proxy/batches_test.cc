#include "base/json_document.h"
#include "proxy_fixture.h"

// Batches: what of their requests is compressed, and what is relayed.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;

class BatchesTest : public ProxyTest {
 protected:
  void start_here() {
    start_answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  }
  std::string sent() const { return upstream->requests().back(); }
  static std::string batch_of(std::string_view first, std::string_view second) {
    return fmt::format(
        R"({{"requests":[{{"custom_id":"a","params":{}}},{{"params":{}, "custom_id" : "b","x":1.0e0}}]}})", first,
        second);
  }
};

TEST_F(BatchesTest, EachRequestIsCompressedWithoutLoss) {
  start_here();
  const std::string body = batch_of(anthropic_body(400), anthropic_body(300));
  const std::string reply = ask(post("/v1/messages/batches", body, "x-api-key: k\r\n"));
  EXPECT_EQ(status_of(reply), 200);
  const std::string got = body_of(sent());
  EXPECT_TRUE(base::JsonDocument::parse(got));
  EXPECT_LT(got.size() * 10, body.size() * 9);
  EXPECT_THAT(got, Not(HasSubstr("<<ccr:"))) << "nobody could get it back in a batch";
  EXPECT_THAT(got,
              HasSubstr(R"({"requests":[{"custom_id":"a","params":{"model":"claude-sonnet-4-5", "max_tokens":1.0e2,)"));
  EXPECT_TRUE(got.ends_with(R"(}, "custom_id" : "b","x":1.0e0}]})")) << got.substr(got.size() - 60);
  EXPECT_LT(std::stoll(header(reply, "x-headroom-tokens-after")),
            std::stoll(header(reply, "x-headroom-tokens-before")));
}

TEST_F(BatchesTest, WhatIsNoBatchIsRelayed) {
  start_here();
  for (const std::string_view body : {R"({"requests":7})", R"({"requests":[1,{"params":[]}]})", "[]", "no JSON"}) {
    ask(post("/v1/messages/batches", body));
    EXPECT_EQ(body_of(sent()), body);
  }
  ask(post("/v1/messages/batches/b1/cancel", ""));
  EXPECT_THAT(sent(), HasSubstr("POST /v1/messages/batches/b1/cancel HTTP/1.1\r\n"));
  ask(get("/v1/messages/batches/b1/results"));
  EXPECT_THAT(sent(), HasSubstr("GET /v1/messages/batches/b1/results HTTP/1.1\r\n"));
}

TEST_F(BatchesTest, ABatchLargerThanWhatIsReadIsRelayed) {
  options.max_body_mb = 1;
  start_here();
  const std::string body = batch_of(anthropic_body(12'000), anthropic_body(12'000));
  ASSERT_GT(body.size(), 1U << 20);
  ask(post("/v1/messages/batches", body));
  EXPECT_EQ(body_of(sent()), body);
}

/// A form as the providers' libraries send it.
std::string form(std::string_view purpose, std::string_view file, std::string_view more = "") {
  return fmt::format(
      "--b0\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n{}\r\n"
      "--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n"
      "Content-Type: application/octet-stream\r\n\r\n{}\r\n{}--b0--\r\n",
      purpose, file, more);
}

class BatchFilesTest : public BatchesTest {
 protected:
  /// What the provider gets of a form.
  std::string uploaded(const std::string& body, std::string_view type = "multipart/form-data; boundary=b0",
                       std::string_view path = "/v1/files", std::string_view more = "") {
    const std::string head =
        fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {}\r\n{}Content-Length: {}\r\n\r\n", path,
                    type, more, body.size());
    EXPECT_EQ(status_of(ask(head + body)), 200);
    return body_of(sent());
  }
  static std::string line(std::string_view id, std::string_view url, std::string_view body) {
    return fmt::format(R"({{"custom_id":"{}", "method":"POST","url":"{}","body":{}}})", id, url, body);
  }
};

TEST_F(BatchFilesTest, EachLineIsCompressedWithoutLoss) {
  start_here();
  const std::string first = line("a", "/v1/chat/completions", openai_body(300));
  const std::string second = line("b", "/v1/chat/completions", openai_body(200));
  const std::string body = form("batch", first + "\n" + second + "\r\n\n");
  const std::string got = uploaded(body);
  EXPECT_LT(got.size() * 10, body.size() * 9);
  EXPECT_THAT(got, Not(HasSubstr("<<ccr:"))) << "nobody could get it back in a batch";
  EXPECT_TRUE(got.starts_with(body.substr(0, body.find("\"messages\""))));
  EXPECT_TRUE(got.ends_with("}]}}\r\n\n\r\n--b0--\r\n")) << got.substr(got.size() - 40);
  const std::size_t at = got.find("{\"custom_id\":\"b\", \"method\"");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(got[at - 1], '\n');
  EXPECT_TRUE(base::JsonDocument::parse(std::string_view(got).substr(at, got.find("\r\n", at) - at)));
  EXPECT_EQ(header(sent(), "content-length"), std::to_string(got.size()));
}

TEST_F(BatchFilesTest, LinesOfResponsesToo) {
  start_here();
  const std::string request = R"({"model":"gpt-5","input":[{"role":"user","content":"Which rows are slow?"},)"
                              R"({"type":"function_call","call_id":"c","name":"q","arguments":"{}"},)"
                              R"({"type":"function_call_output","call_id":"c","output":")" +
                              escaped_rows(300) + R"("}]})";
  const std::string body = form("batch", line("a", "/v1/responses", request));
  EXPECT_LT(uploaded(body).size() * 10, body.size() * 9);
}

TEST_F(BatchFilesTest, WhatIsNoBatchIsRelayedByteForByte) {
  start_here();
  const std::string good = line("a", "/v1/chat/completions", openai_body(300));
  const std::string extra = "--b0\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n";
  for (const std::string& body : {
           form("fine-tune", good),
           form("batch", good, extra),
           form("batch", line("a", "/v1/embeddings", openai_body(300))),
           form("batch", good.substr(0, good.size() - 1)),
           form("batch", "{\"url\":\"/v1/chat/completions\",\"body\":7}\nno JSON"),
           form("batch", good).substr(0, 2000),
           std::string("no form"),
       }) {
    EXPECT_EQ(uploaded(body), body);
  }
  const std::string body = form("batch", good);
  EXPECT_EQ(uploaded(body, "multipart/mixed; boundary=b0"), body);
  EXPECT_EQ(uploaded(body, "multipart/form-data; boundary=b1"), body);
  EXPECT_EQ(uploaded(body, "multipart/form-data; boundary=b0", "/v1/files", "anthropic-version: 2023-06-01\r\n"), body)
      << "Anthropic's files hold no batches";
  EXPECT_EQ(uploaded(body, "multipart/form-data; boundary=b0", "/v1/files", "x-headroom-bypass: true\r\n"), body);
  EXPECT_THAT(ask_until("/stats", "\"total\""), HasSubstr("\"total\":0")) << "they are no requests to a model";
}

TEST_F(BatchFilesTest, AFileOfUnknownOrLargeSizeGoesThroughAsItComes) {
  options.max_body_mb = 1;
  start_here();
  const std::string body = form("batch", line("a", "/v1/chat/completions", openai_body(20'000)));
  ASSERT_GT(body.size(), 1U << 20);
  EXPECT_EQ(uploaded(body), body);
  TestSocket socket = client();
  socket.send(
      "POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b0\r\n"
      "Transfer-Encoding: chunked\r\n\r\n5\r\n--b0\r\r\n0\r\n\r\n");
  EXPECT_EQ(status_of(socket.read_message()), 200);
  EXPECT_THAT(sent(), HasSubstr("\r\n\r\n5\r\n--b0\r\r\n0\r\n\r\n"));
}

TEST_F(BatchesTest, GeminisInlineRequests) {
  start_here();
  const std::string request = R"({"contents":[{"role":"user","parts":[{"text":"Which rows are slow?"}]},)"
                              R"({"role":"model","parts":[{"functionCall":{"name":"q","args":{}}}]},)"
                              R"({"role":"user","parts":[{"functionResponse":{"name":"q","response":{"output":")" +
                              escaped_rows(300) + R"("}}}]}]})";
  for (const std::string_view name : {"inputConfig", "input_config"}) {
    const std::string body = fmt::format(
        R"({{"batch":{{"displayName":"d", "{}":{{"requests":{{"requests":[{{"request":{},"metadata":{{"key":"k"}}}}]}}}}}}}})",
        name, request);
    ask(post("/v1beta/models/gemini-2.5-flash:batchGenerateContent", body, "x-goog-api-key: k\r\n"));
    const std::string got = body_of(sent());
    EXPECT_LT(got.size() * 10, body.size() * 9);
    EXPECT_THAT(got, Not(HasSubstr("<<ccr:")));
    EXPECT_TRUE(base::JsonDocument::parse(got));
    EXPECT_TRUE(got.ends_with(R"(,"metadata":{"key":"k"}}]}}}})"));
  }
  const std::string file = R"({"batch":{"input_config":{"file_name":"files/1"}}})";
  ask(post("/v1beta/models/gemini-2.5-flash:batchGenerateContent", file));
  EXPECT_EQ(body_of(sent()), file);
}

}  // namespace
}  // namespace headroom::proxy_test
