#include <future>

#include "base/hash.h"
#include "base/json_document.h"
#include "proxy/test_encoded.h"
#include "retrieval_fixture.h"
#include "store/test_support.h"

// Bodies in content codings: requests are read, changed and sent on in the coding that they came in, or go through to
// the byte.

namespace headroom::proxy_test {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;
using testing::Not;

/// A request as `coding` names it.
std::string encoded(std::string_view coding, std::string_view text) {
  if (coding == "zstd") return zstd_stream_of(text);
  return deflated(text, coding == "deflate" ? 15 : 31);
}

std::string decoded(std::string_view coding, std::string_view body) {
  if (coding == "zstd") return unzstd(body);
  return inflated(body, coding == "deflate" ? 15 : 31);
}

std::string named(std::string_view coding) {
  return fmt::format("Content-Encoding: {}\r\n", coding);
}

class CodingsTest : public ProxyTest {
 protected:
  void start_here(std::string response = answer("{}")) {
    upstream = std::make_unique<FakeUpstream>([this, response = std::move(response)](TestSocket& socket) {
      for (std::string request = socket.read_message(); !request.empty(); request = socket.read_message()) {
        upstream->record(std::move(request));
        if (!socket.send(response)) return;
      }
    });
    options.chatgpt_api_url = upstream->url();
    start(upstream->url());
  }
  std::string sent() const { return upstream->requests().back(); }

  static std::string responses_body() {
    return fmt::format(
        R"({{"model":"gpt-5","stream":true,"store":false,"input":[)"
        R"({{"type":"message","role":"user","content":[{{"type":"input_text","text":"Which rows are slow?"}}]}},)"
        R"({{"type":"function_call","call_id":"c1","name":"q","arguments":"{{}}"}},)"
        R"({{"type":"function_call_output","call_id":"c1","output":"{}"}}]}})",
        escaped_rows(400));
  }
};

TEST_F(CodingsTest, AConversationIsCompressedInsideItsCoding) {
  start_here();
  for (const auto& [path, body] :
       {std::pair("/v1/messages", anthropic_body()), std::pair("/v1/chat/completions", openai_body()),
        std::pair("/v1/responses", responses_body()), std::pair("/backend-api/codex/responses", responses_body())}) {
    ask(post(path, body));
    const std::string plain = body_of(sent());
    ASSERT_LT(plain.size() * 2, body.size()) << path;
    for (const char* coding : {"zstd", "gzip", "x-gzip"}) {
      const std::string reply = ask(post(path, encoded(coding, body), named(coding)));
      EXPECT_EQ(status_of(reply), 200);
      EXPECT_EQ(header(sent(), "content-encoding"), coding) << path;
      EXPECT_EQ(decoded(coding, body_of(sent())), plain) << path << ' ' << coding;
      EXPECT_LT(body_of(sent()).size(), encoded(coding, body).size()) << path << ' ' << coding;
      EXPECT_LT(std::stoll(header(reply, "x-headroom-tokens-after")),
                std::stoll(header(reply, "x-headroom-tokens-before")));
    }
  }
}

TEST_F(CodingsTest, WhatIsNotWrittenHereGoesOnWithoutACoding) {
  start_here();
  const std::string body = anthropic_body();
  ask(post("/v1/messages", body));
  const std::string plain = body_of(sent());
  for (const auto& [fields, bytes] :
       {std::pair(named("deflate"), deflated(body, 15)), std::pair(named("deflate"), deflated(body, -15)),
        std::pair(named("gzip, zstd"), zstd_of(deflated(body))),
        std::pair(named("gzip") + named("identity") + named("zstd"), zstd_of(deflated(body)))}) {
    ask(post("/v1/messages", bytes, fields + "x-api-key: k\r\n"));
    EXPECT_EQ(body_of(sent()), plain) << fields;
    EXPECT_THAT(sent(), Not(HasSubstr("Content-Encoding"))) << fields;
    EXPECT_EQ(header(sent(), "x-api-key"), "k");
  }
}

TEST_F(CodingsTest, WhatIsNotChangedGoesOnToTheByte) {
  start_here();
  const std::string body =
      R"({"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"Which rows are slow?"}]})";
  for (const auto& [coding, bytes] :
       {std::pair("zstd"sv, zstd_of(body, 19)), std::pair("zstd"sv, zstd_of("") + zstd_of(body, 1)),
        std::pair("gzip"sv, deflated("") + deflated(body)), std::pair("deflate"sv, deflated(body, -15)),
        std::pair("gzip, zstd"sv, zstd_of(deflated(body)))}) {
    const std::string reply = ask(post("/v1/messages", bytes, named(coding)));
    EXPECT_EQ(body_of(sent()), bytes) << coding;
    EXPECT_EQ(header(sent(), "content-encoding"), coding);
    EXPECT_NE(header(reply, "x-headroom-tokens-before"), "") << "it was read";
  }
}

TEST_F(CodingsTest, WhatCannotBeReadGoesThroughToTheByte) {
  start_here();
  const std::string body = anthropic_body();
  const std::string zstd = zstd_of(body), gzip = deflated(body);
  std::string broken = gzip;
  broken[broken.size() / 2] = static_cast<char>(~broken[broken.size() / 2]);
  for (const auto& [coding, bytes] :
       {std::pair("zstd"sv, zstd.substr(0, zstd.size() - 1)), std::pair("zstd"sv, zstd + "x"),
        std::pair("zstd"sv, body), std::pair("zstd"sv, gzip), std::pair("zstd"sv, std::string()),
        std::pair("zstd"sv, zstd_stream_of(body, 27)), std::pair("gzip"sv, broken),
        std::pair("gzip"sv, gzip + std::string(8, '\0')), std::pair("gzip, gzip"sv, gzip), std::pair("br"sv, gzip),
        std::pair("compress"sv, zstd), std::pair("gzip, zstd;q=1"sv, zstd_of(gzip)),
        std::pair("gzip,gzip,gzip,gzip"sv, deflated(deflated(deflated(gzip))))}) {
    const std::string reply = ask(post("/v1/messages", bytes, named(coding)));
    EXPECT_EQ(status_of(reply), 200) << coding;
    EXPECT_EQ(body_of(sent()), bytes) << coding;
    EXPECT_EQ(header(sent(), "content-encoding"), coding);
    EXPECT_EQ(header(reply, "x-headroom-tokens-before"), "") << coding;
  }
}

TEST_F(CodingsTest, ALargeConversationWaitsForRoomAsOneThatComesAsItIs) {
  limits.body_room_bytes = 1000;
  limits.body_room_patience = std::chrono::milliseconds(20);
  start_here();
  const std::string body = anthropic_body(12'000);
  ASSERT_GT(body.size(), limits.large_body_bytes * 4);
  const std::string zstd = zstd_stream_of(body);
  TestSocket held = client();
  held.send("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n{");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(status_of(ask(post("/v1/messages", zstd, named("zstd")))), 200);
    EXPECT_LT(unzstd(body_of(sent())).size() * 2, body.size());
  }
  std::string chunked = fmt::format(
      "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n{}Transfer-Encoding: chunked\r\n\r\n", named("zstd"));
  for (std::size_t at = 0; at < zstd.size(); at += 5000) {
    const std::string part = zstd.substr(at, 5000);
    chunked += fmt::format("{:x}\r\n{}\r\n", part.size(), part);
  }
  const std::string before = body_of(sent());
  EXPECT_EQ(status_of(ask(chunked + "0\r\n\r\n")), 200);
  EXPECT_EQ(body_of(sent()), before);
}

TEST_F(CodingsTest, BypassAndASwitchedOffProxyReadNothing) {
  start_here();
  const std::string zstd = zstd_of(anthropic_body());
  ask(post("/v1/messages", zstd, named("zstd") + "x-headroom-bypass: true\r\n"));
  EXPECT_EQ(body_of(sent()), zstd);
}

TEST_F(CodingsTest, CountsAndBatchesAreReadToo) {
  start_here();
  const std::string body = anthropic_body();
  ask(post("/v1/messages", body));
  const std::string plain = body_of(sent());
  ask(post("/v1/messages/count_tokens", zstd_of(body), named("zstd")));
  EXPECT_EQ(unzstd(body_of(sent())), plain);
  const std::string batch = R"({"requests":[{"custom_id":"a","params":)" + body + "}]}";
  ask(post("/v1/messages/batches", batch));
  const std::string plain_batch = body_of(sent());
  ASSERT_NE(plain_batch, batch);
  ask(post("/v1/messages/batches", deflated(batch), named("gzip")));
  EXPECT_EQ(inflated(body_of(sent())), plain_batch);
  const std::string file = std::string(300'000, '\xff');
  ask(post("/v1/files", deflated(file), named("gzip")));
  EXPECT_EQ(body_of(sent()), deflated(file));
}

TEST_F(CodingsTest, ABatchAsAFileIsReadInItsCoding) {
  start_here();
  const std::string line =
      fmt::format(R"({{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{}}})", openai_body());
  const std::string form =
      "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
      "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b.jsonl\"\r\n\r\n" +
      line + "\n" + line + "\r\n--x--\r\n";
  const auto upload = [&](std::string_view fields, std::string_view bytes) {
    ask(
        fmt::format("POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                    "{}Content-Length: {}\r\n\r\n{}",
                    fields, bytes.size(), bytes));
    return body_of(sent());
  };
  const std::string plain = upload("", form);
  ASSERT_LT(plain.size() * 2, form.size());
  EXPECT_EQ(inflated(upload(named("gzip"), deflated(form))), plain);
  EXPECT_EQ(unzstd(upload(named("zstd"), zstd_of(form))), plain);
}

// A digest of what the client has sent would make the provider refuse what goes out in its place.
TEST_F(CodingsTest, DigestsGoWhereTheBodyChanges) {
  start_here();
  const std::string digests =
      "Content-MD5: a\r\nDigest: sha-256=b\r\nContent-Digest: sha-256=:c=:\r\nRepr-Digest: sha-256=:d=:\r\n"
      "X-Digest: kept\r\n";
  for (const auto& [fields, body] :
       {std::pair(std::string(), anthropic_body()), std::pair(named("gzip"), deflated(anthropic_body()))}) {
    ask(post("/v1/messages", body, fields + digests));
    ASSERT_NE(body_of(sent()), body);
    for (const char* name : {"content-md5", "digest", "content-digest", "repr-digest"}) {
      EXPECT_EQ(header(sent(), name), "") << name;
    }
    EXPECT_EQ(header(sent(), "x-digest"), "kept");
  }
  ask(post("/v1/messages", R"({"messages":[]})", digests));
  EXPECT_THAT(sent(), HasSubstr(digests));
}

TEST_F(CodingsTest, TheTrailHoldsDigestsOfWhatPassedAndSaysWhatItMeant) {
  const std::string path = testing::TempDir() + "codings_audit.jsonl";
  std::remove(path.c_str());
  auto trail = audit::Log::open(path, clock, {true, {}});
  ASSERT_TRUE(trail) << trail.error().message;
  audit = trail->get();
  start_here();
  const std::string body = anthropic_body();
  const std::string zstd = zstd_of(body);
  ask(post("/v1/messages", zstd, named("zstd")));
  const std::string passed = body_of(sent());
  server.reset();
  trail->reset();
  const std::string lines = store::testing::read_file(path);
  EXPECT_THAT(lines, HasSubstr(fmt::format(R"({{"bytes":{},"sha256":"{}"}})", zstd.size(), base::sha256_hex(zstd))));
  EXPECT_THAT(lines,
              HasSubstr(fmt::format(R"({{"bytes":{},"sha256":"{}"}})", passed.size(), base::sha256_hex(passed))));
  EXPECT_THAT(lines, HasSubstr(R"("received_content":"{\"model\":\"claude-sonnet-4-5\")"));
  EXPECT_THAT(lines, HasSubstr(R"("sent_content":"{\"model\":\"claude-sonnet-4-5\")"));
}

TEST_F(CodingsTest, TheSameBytesGetTheSameAnswer) {
  options.response_cache = 60;
  start_here(answer("{\"n\":1}", kJson));
  const std::string body = anthropic_body();
  ask(post("/v1/messages", zstd_of(body), named("zstd")));
  ask(post("/v1/messages", zstd_of(body), named("zstd")));
  EXPECT_EQ(upstream->requests().size(), 1U);
  ask(post("/v1/messages", deflated(body), named("gzip")));
  EXPECT_EQ(upstream->requests().size(), 2U);
}

std::string messages_of(const std::string& body) {
  const auto document = base::JsonDocument::parse(body);
  const base::JsonNode* messages = document ? document->find(document->root(), "messages") : nullptr;
  return messages == nullptr ? std::string() : std::string(messages->raw);
}

TEST_F(CodingsTest, CompressApiReadsThem) {
  start_here();
  const std::string body = anthropic_body();
  const std::string plain = messages_of(body_of(ask(post("/v1/compress", body))));
  ASSERT_THAT(plain, HasSubstr("Which rows are slow?"));
  for (const char* coding : {"zstd", "gzip", "deflate"}) {
    const std::string reply = ask(post("/v1/compress", encoded(coding, body), named(coding)));
    EXPECT_EQ(status_of(reply), 200) << reply;
    EXPECT_EQ(messages_of(body_of(reply)), plain) << coding;
  }
  EXPECT_EQ(status_of(ask(post("/v1/compress", zstd_of(body) + "x", named("zstd")))), 400);
  const std::string unknown = ask(post("/v1/compress", body, named("compress")));
  EXPECT_EQ(status_of(unknown), 415);
  EXPECT_EQ(header(unknown, "accept-encoding"), "zstd, gzip, deflate, br");
  const std::string small = ask(post("/v1/retrieve", deflated("{}"), named("gzip")));
  EXPECT_EQ(status_of(small), 415);
  EXPECT_EQ(header(small, "accept-encoding"), "identity");
}

constexpr std::string_view kUsage = R"({"usage":{"input_tokens":1234,"output_tokens":56}})";

TEST_F(CodingsTest, AnAnswersUsageIsReadAndItsBytesStay) {
  for (const auto& [coding, bytes] : {std::pair("gzip"sv, deflated(kUsage)), std::pair("zstd"sv, zstd_of(kUsage)),
                                      std::pair("deflate"sv, deflated(kUsage, 15))}) {
    ledger = store::make_memory_ledger();
    start_here(answer(bytes, std::string(kJson) + named(coding)));
    const std::string reply = ask(post("/v1/messages", anthropic_body()));
    EXPECT_EQ(body_of(reply), bytes) << coding;
    EXPECT_EQ(header(reply, "content-encoding"), coding);
    EXPECT_THAT(ask_until("/stats", "1234"), HasSubstr("1234")) << coding;
    server.reset();
  }
}

// Each event is with the client before the next one is written.
TEST_F(CodingsTest, AStreamInACodingStaysAStream) {
  Deflater gzip;
  const std::vector<std::string> events{
      gzip.flushed("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":"
                   "{\"input_tokens\":1234,\"output_tokens\":1}}}\n\n"),
      gzip.flushed("event: ping\ndata: {\"type\":\"ping\"}\n\n"),
      gzip.flushed("event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":56}}\n\n"),
      gzip.ended()};
  std::promise<void> got[3];
  start([&](TestSocket& socket) {
    if (socket.read_message().empty()) return;
    socket.send(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n"
        "Transfer-Encoding: chunked\r\n\r\n");
    for (std::size_t i = 0; i < events.size(); ++i) {
      socket.send(fmt::format("{:x}\r\n{}\r\n", events[i].size(), events[i]));
      if (i < std::size(got)) got[i].get_future().wait_for(std::chrono::seconds(10));
    }
    socket.send("0\r\n\r\n");
  });
  {
    TestSocket socket = client();
    socket.send(post("/v1/messages", R"({"model":"claude-x","messages":[],"stream":true})"));
    EXPECT_EQ(header(socket.read_until("\r\n\r\n"), "content-encoding"), "gzip");
    for (std::size_t i = 0; i < std::size(got); ++i) {
      const std::string chunk = fmt::format("{:x}\r\n{}\r\n", events[i].size(), events[i]);
      EXPECT_EQ(socket.read_exactly(chunk.size()), chunk);
      got[i].set_value();
    }
    EXPECT_THAT(socket.read_until("\r\n0\r\n\r\n"), HasSubstr(events.back()));
  }
  ask_until("/metrics", "\nheadroom_requests_total 1\n");
  const std::string stats = ask(get("/stats"));
  EXPECT_THAT(stats, HasSubstr("1234"));
  EXPECT_THAT(stats, HasSubstr("\"output\":56"));
  server.reset();
  upstream->stop();
}

TEST_F(CodingsTest, ADamagedAnswerIsRelayed) {
  std::string bytes = deflated(kUsage);
  bytes[bytes.size() - 6] = static_cast<char>(~bytes[bytes.size() - 6]);
  start_here(answer(bytes, std::string(kJson) + named("gzip")));
  const std::string reply = ask(post("/v1/messages", anthropic_body()));
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_EQ(body_of(reply), bytes);
  EXPECT_THAT(ask_until("/metrics", "\nheadroom_requests_total 1\n"), Not(HasSubstr("1234")));
}

class EncodedRetrievalTest : public RetrievalFixture {
 protected:
  static std::string with_tools(std::string body) {
    return body.insert(1, R"("tools":[{"name":"run_query","input_schema":{"type":"object"}}],)");
  }
  std::string call_answer(std::string_view more = "") const {
    return answer(
        fmt::format(
            R"({{"id":"m1","type":"message","content":[)"
            R"({{"type":"tool_use","id":"toolu_own","name":"headroom_retrieve","input":{{"hash":"{}","items":"3-4"}}}}{}],)"
            R"("stop_reason":"tool_use","usage":{{"input_tokens":100,"output_tokens":7}}}})",
            hash(), more),
        kJson);
  }
  static std::string final_answer() {
    return answer(
        R"({"id":"m2","type":"message","content":[{"type":"text","text":"Row 4."}],"stop_reason":"end_turn"})", kJson);
  }
  std::string field(std::size_t request, std::string_view name) {
    return header(upstream->requests().at(request), name);
  }
};

TEST_F(EncodedRetrievalTest, FurtherRoundsBuildOnWhatTheBodySays) {
  const std::string body = with_tools(anthropic_body());
  start_script({call_answer(), final_answer()});
  ask(post("/v1/messages", body));
  const std::string first = sent(0), second = sent(1);
  ASSERT_THAT(second, HasSubstr("\"tool_result\",\"tool_use_id\":\"toolu_own\""));
  std::size_t at = 2;
  for (const char* coding : {"zstd", "gzip", "deflate"}) {
    served = 0;
    const std::string reply = ask(post("/v1/messages", encoded(coding, body), named(coding)));
    EXPECT_THAT(reply, HasSubstr("Row 4."));
    const bool kept = coding != "deflate"sv;
    for (const std::string& plain : {first, second}) {
      EXPECT_EQ(field(at, "content-encoding"), kept ? coding : "");
      EXPECT_EQ(kept ? decoded(coding, sent(at)) : sent(at), plain) << coding;
      ++at;
    }
  }
}

TEST_F(EncodedRetrievalTest, WhatWasAnsweredBesideIsInTheNextRequest) {
  const std::string client_call = R"({"type":"tool_use","id":"toolu_c","name":"run_query","input":{}})";
  const std::string first = with_tools(anthropic_body());
  std::string second = first;
  second.insert(second.size() - 2,
                fmt::format(R"(,{{"role":"assistant","content":[{}]}},{{"role":"user","content":[)"
                            R"({{"type":"tool_result","tool_use_id":"toolu_c","content":"done"}}]}})",
                            client_call));
  start_script({call_answer("," + client_call), final_answer()});
  ask(post("/v1/messages", zstd_of(first), named("zstd")));
  ask(post("/v1/messages", zstd_of(second), named("zstd")));
  EXPECT_THAT(unzstd(sent(1)), HasSubstr(client_call + R"(,{"type":"tool_use","id":"toolu_own")"));
}

}  // namespace
}  // namespace headroom::proxy_test
