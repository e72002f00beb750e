#include "proxy/answer_merger.h"
#include "retrieval_fixture.h"

// The retrieve tool in OpenAI Responses and in Gemini's formats.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;

class ResponsesRetrieval : public RetrievalFixture {
 protected:
  static std::string body(std::string_view more = R"("store":false,)") {
    return fmt::format(R"({{"model":"gpt-5",{}"tools":[{{"type":"function","name":"q","parameters":{{}}}}],)"
                       R"("input":[{{"role":"user","content":"Which rows are slow?"}},)"
                       R"({{"type":"function_call","call_id":"c1","name":"q","arguments":"{{}}"}},)"
                       R"({{"type":"function_call_output","call_id":"c1","output":"{}"}}]}})",
                       more, escaped_rows(400));
  }
  static std::string own_call(std::string_view arguments) {
    return fmt::format(
        R"({{"type":"function_call","id":"fc_1","call_id":"call_own","name":"headroom_retrieve","arguments":{},"status":"completed"}})",
        arguments);
  }
};

std::string message(std::string_view text) {
  return fmt::format(
      R"({{"type":"message","id":"msg_1","role":"assistant","content":[{{"type":"output_text","text":"{}"}}]}})", text);
}

std::string response(std::string_view id, std::string_view output, int tokens) {
  return fmt::format(
      R"({{"id":"{0}","status":"completed","output":[{1}],"usage":{{"input_tokens":{2},"input_tokens_details":{{"cached_tokens":{2}}},"output_tokens":3}}}})",
      id, output, tokens);
}

TEST_F(ResponsesRetrieval, AnswersACall) {
  const std::string reasoning = R"({"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"e=="})";
  const std::string call = own_call(call_args(hash()));
  start_script({answer(response("r1", reasoning + "," + message("Let me look.") + "," + call, 10), kJson),
                answer(response("r2", message("Row 4."), 20), kJson)});
  const std::string reply = ask(post("/v1/responses", body()));
  EXPECT_EQ(body_of(reply),
            R"({"id":"r2","status":"completed","output":[)" + reasoning + "," + message("Let me look.") + "," +
                message("Row 4.") +
                R"(],"usage":{"input_tokens":30,"input_tokens_details":{"cached_tokens":30},"output_tokens":6}})");
  const std::string before = sent(0);
  EXPECT_THAT(before, HasSubstr(R"(,{"type":"function","name":"headroom_retrieve")"));
  EXPECT_THAT(before, HasSubstr(R"("strict":false)"));
  EXPECT_THAT(sent(1), testing::StartsWith(before.substr(0, before.size() - 2)));
  EXPECT_THAT(sent(1), HasSubstr("," + reasoning + "," + message("Let me look.") + "," + call +
                                 R"(,{"type":"function_call_output","call_id":"call_own","output":"{\"id\":3,)"));
}

TEST_F(ResponsesRetrieval, ReasoningThatNobodyKeepsIsNotReferredTo) {
  start_script(
      {answer(response("r1", R"({"type":"reasoning","id":"rs_1","summary":[]},)" + own_call(call_args(hash())), 10),
              kJson),
       answer(response("r2", message("Row 4."), 20), kJson)});
  ask(post("/v1/responses", body()));
  EXPECT_THAT(sent(1), Not(HasSubstr("rs_1")));
  EXPECT_THAT(sent(1), Not(HasSubstr("fc_1")));
  EXPECT_THAT(sent(1), HasSubstr(R"({"type":"function_call","call_id":"call_own","name":"headroom_retrieve")"));
}

TEST_F(ResponsesRetrieval, IsNotOfferedWhereTheProviderKeepsTheCall) {
  start_script({answer(response("r", message("x"), 1), kJson)});
  const auto offered = [&](const std::string& request, std::string_view path = "/v1/responses") {
    ask(post(path, request));
    return sent(upstream->requests().size() - 1).contains("headroom_retrieve");
  };
  EXPECT_FALSE(offered(body("")));
  EXPECT_FALSE(offered(body(R"("store":true,)")));
  EXPECT_FALSE(offered(body(R"("store":false,"background":true,)")));
  EXPECT_FALSE(offered(body(R"("store":false,"tool_choice":{"type":"function","name":"q"},)")));
  EXPECT_FALSE(offered(body(), "/v1/responses/compact"));
  EXPECT_TRUE(offered(body()));
}

/// The events of a Responses stream, numbered in their order.
class Sequence {
 public:
  Sequence& event(std::string_view type, std::string_view members) {
    text +=
        fmt::format("event: {0}\ndata: {{\"type\":\"{0}\",\"sequence_number\":{1},{2}}}\n\n", type, next_++, members);
    return *this;
  }
  Sequence& item(int index, std::string_view item, std::string_view between = "") {
    event("response.output_item.added", fmt::format(R"("output_index":{},"item":{})", index, item));
    if (!between.empty()) {
      event("response.output_text.delta", fmt::format(R"("output_index":{},"delta":"{}")", index, between));
    }
    return event("response.output_item.done", fmt::format(R"("output_index":{},"item":{})", index, item));
  }
  Sequence& begin(std::string_view id) {
    event("response.created", fmt::format(R"("response":{{"id":"{}","output":[]}})", id));
    return event("response.in_progress", fmt::format(R"("response":{{"id":"{}","output":[]}})", id));
  }
  std::string end(const std::string& response) { return event("response.completed", R"("response":)" + response).text; }

  std::string text;

 private:
  int next_ = 0;
};

struct Streams {
  std::vector<std::string> rounds;
  std::string expected;
};

Streams responses_streams(const std::string& call) {
  const std::string client_call = R"({"type":"function_call","call_id":"call_c","name":"q","arguments":"{}"})";
  const std::string look = message("Let me look."), row = message("Row 4.");
  Sequence first, second, merged;
  Streams out;
  out.rounds.push_back(
      first.begin("r1").item(0, look, "Let me look.").item(1, call).end(response("r1", look + "," + call, 10)));
  out.rounds.push_back(
      second.begin("r2").item(0, row, "Row 4.").item(1, client_call).end(response("r2", row + "," + client_call, 20)));
  std::string whole = response("r2", look + "," + row + "," + client_call, 30);
  whole.replace(whole.find("\"output_tokens\":3"), 17, "\"output_tokens\":6");
  merged.begin("r1").item(0, look, "Let me look.").item(1, row, "Row 4.").item(2, client_call);
  out.expected = merged.end(whole);
  return out;
}

TEST_F(ResponsesRetrieval, StreamIsOneAnswer) {
  const Streams streams = responses_streams(own_call(call_args(hash())));
  start_script({events_answer(streams.rounds[0]), events_answer(streams.rounds[1])}, 7);
  EXPECT_EQ(unchunked(ask(post("/v1/responses", body(R"("store":false,"stream":true,)")))), streams.expected);
  EXPECT_THAT(sent(1), HasSubstr(R"("call_id":"call_own","output":"{\"id\":3,)"));
}

TEST_F(ResponsesRetrieval, FailureInTheSecondRoundIsAnEvent) {
  const Streams streams = responses_streams(own_call(call_args(hash())));
  start_script({events_answer(streams.rounds[0]),
                answer(R"({"error":{"code":"rate_limit_exceeded","message":"slow down"}})", kJson, "429 Slow")});
  EXPECT_THAT(unchunked(ask(post("/v1/responses", body(R"("store":false,"stream":true,)")))),
              testing::EndsWith("event: error\ndata: {\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":"
                                "\"slow down\",\"param\":null,\"sequence_number\":5}\n\n"));
}

TEST_F(ResponsesRetrieval, CallsBesideTheClientsAreAnsweredInItsNextRequest) {
  const std::string client_call = R"({"type":"function_call","call_id":"call_c","name":"q","arguments":"{}"})";
  const std::string own = own_call(call_args(hash()));
  Sequence stream;
  stream.begin("r1").item(0, own).item(1, client_call);
  const std::string events = events_answer(stream.end(response("r1", own + "," + client_call, 10)));
  const std::string whole = answer(response("r1", own + "," + client_call, 10), kJson);
  for (const std::string& first : {whole, events}) {
    served = 0;
    server.reset();
    start_script({first, answer(response("r2", message("Row 4."), 20), kJson)});
    const std::string reply = ask(post("/v1/responses", body()));
    EXPECT_THAT(reply, Not(HasSubstr("call_own")));
    EXPECT_THAT(reply, HasSubstr(R"("output":[)" + client_call + "]"));
    std::string next = body();
    next.insert(next.size() - 2,
                "," + client_call + R"(,{"type":"function_call_output","call_id":"call_c","output":"done"})");
    ask(post("/v1/responses", next));
    EXPECT_THAT(sent(1), HasSubstr(client_call + "," + own +
                                   R"(,{"type":"function_call_output","call_id":"call_c","output":"done"},)"
                                   R"({"type":"function_call_output","call_id":"call_own","output":"{\"id\":3,)"));
  }
}

TEST_F(ResponsesRetrieval, WhatWasThoughtBehindACallStaysBehindIt) {
  const std::string thought = R"({"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"e1=="})";
  const std::string again = R"({"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"e2=="})";
  const std::string own = own_call(call_args(hash()));
  Sequence first;
  first.begin("r1").item(0, thought).item(1, own);
  Sequence second;
  second.begin("r2").item(0, again).item(1, message("Row 4."));
  const std::vector<std::vector<std::string>> scripts = {
      {answer(response("r1", thought + "," + own, 10), kJson),
       answer(response("r2", again + "," + message("Row 4."), 20), kJson)},
      {events_answer(first.end(response("r1", thought + "," + own, 10))),
       events_answer(second.end(response("r2", again + "," + message("Row 4."), 20)))}};
  for (std::vector<std::string> script : scripts) {
    served = 0;
    server.reset();
    script.push_back(answer(response("r3", message("Row 5."), 20), kJson));
    start_script(script);
    std::string asked = body();
    asked.replace(asked.find("gpt-5"), 5, "gpt-6.2-sol");
    ask(post("/v1/responses", asked));
    std::string next = asked;
    next.insert(next.size() - 2,
                "," + thought + "," + again + "," + message("Row 4.") + R"(,{"role":"user","content":"And row 5?"})");
    ask(post("/v1/responses", next));
    EXPECT_EQ(sent(2).substr(0, sent(1).size() - 2), sent(1).substr(0, sent(1).size() - 2));
    EXPECT_THAT(sent(2), HasSubstr(again + "," + message("Row 4.") + R"(,{"role":"user","content":"And row 5?"}]})"));
  }
}

class GeminiRetrieval : public RetrievalFixture {
 protected:
  static std::string body(std::string_view more = "") {
    return fmt::format(
        R"({{{}"tools":[{{"functionDeclarations":[{{"name":"q","parameters":{{"type":"OBJECT"}}}}]}}],)"
        R"("contents":[{{"role":"user","parts":[{{"text":"Which rows are slow?"}}]}},)"
        R"({{"role":"model","parts":[{{"functionCall":{{"name":"q","args":{{}}}}}}]}},)"
        R"({{"role":"user","parts":[{{"functionResponse":{{"name":"q","response":{{"result":"{}"}}}}}}]}}]}})",
        more, escaped_rows(400));
  }
  static std::string own_call(std::string_view hash) {
    return fmt::format(
        R"({{"functionCall":{{"name":"headroom_retrieve","args":{{"hash":"{}","items":"3-4"}}}},"thoughtSignature":"s=="}})",
        hash);
  }
};

std::string piece(std::string_view parts, std::string_view finish, int tokens) {
  return fmt::format(
      R"({{"candidates":[{{"content":{{"parts":[{}],"role":"model"}}{},"index":0}}],"usageMetadata":{{"promptTokenCount":{}}}}})",
      parts, finish, tokens);
}
constexpr std::string_view kStop = R"(,"finishReason":"STOP")";
constexpr std::string_view kLook = R"({"text":"Let me look."})";
constexpr std::string_view kRow = R"({"text":"Row 4."})";

TEST_F(GeminiRetrieval, AnswersACall) {
  const std::string call = own_call(hash());
  start_script(
      {answer(piece(fmt::format("{},{}", kLook, call), kStop, 10), kJson), answer(piece(kRow, kStop, 20), kJson)});
  const std::string reply = ask(post("/v1beta/models/gemini-2.5-pro:generateContent", body()));
  EXPECT_EQ(body_of(reply), piece(fmt::format("{},{}", kLook, kRow), kStop, 30));
  const std::string before = sent(0);
  EXPECT_THAT(before, HasSubstr(R"(,{"name":"headroom_retrieve")"));
  EXPECT_THAT(sent(1), testing::StartsWith(before.substr(0, before.size() - 2)));
  EXPECT_THAT(sent(1),
              HasSubstr(fmt::format(R"(,{{"role":"model","parts":[{},{}]}},{{"role":"user","parts":[)", kLook, call) +
                        R"({"functionResponse":{"name":"headroom_retrieve","response":{"result":"{\"id\":3,)"));
}

TEST_F(GeminiRetrieval, IsNotOfferedWhereItCannotWork) {
  start_script({answer(piece(kRow, kStop, 1), kJson)});
  const auto offered = [&](const std::string& request, std::string_view method = "generateContent") {
    ask(post("/v1beta/models/gemini-2.5-pro:" + std::string(method), request));
    return sent(upstream->requests().size() - 1).contains("headroom_retrieve");
  };
  EXPECT_FALSE(offered(body(), "streamGenerateContent")) << "an array, not events";
  EXPECT_FALSE(offered(body(R"("toolConfig":{"functionCallingConfig":{"mode":"NONE"}},)")));
  EXPECT_FALSE(offered(body(R"("generationConfig":{"candidateCount":2},)")));
  EXPECT_TRUE(offered(body(R"("generationConfig":{"candidateCount":1},)")));
  EXPECT_TRUE(offered(body(), "streamGenerateContent?alt=sse"));
}

TEST_F(GeminiRetrieval, TheSignatureStaysWithTheCallsThatAreLeft) {
  const std::string call = own_call(hash()) + R"(,{"functionCall":{"name":"q","args":{}}})";
  start_script({answer(piece(call, kStop, 10), kJson)});
  EXPECT_EQ(body_of(ask(post("/v1beta/models/gemini-2.5-pro:generateContent", body()))),
            piece(R"({"functionCall":{"name":"q","args":{}},"thoughtSignature":"s=="})", kStop, 10));
}

/// A turn with a call of ours and one of the client's, and what stands in the client's next request.
TEST_F(GeminiRetrieval, CallsBesideTheClientsAreAnsweredInItsNextRequest) {
  struct Case {
    std::string own, client, bare, id;
    bool first;  // ours is
  };
  const std::string arguments =
      fmt::format(R"("name":"headroom_retrieve","args":{{"hash":"{}","items":"3-4"}})", hash());
  const std::string signature = R"("thoughtSignature":"s==")";
  for (const Case& one : {
           Case{fmt::format(R"({{"functionCall":{{"id":"o1",{}}},{}}})", arguments, signature),
                R"({"functionCall":{"id":"c1","name":"q","args":{"n":1}}})",
                fmt::format(R"({{"functionCall":{{"id":"o1",{}}}}})", arguments), R"("id":"o1",)", true},
           Case{fmt::format(R"({{"functionCall":{{{}}},{}}})", arguments, signature),
                R"({"functionCall":{"name":"q","args":{"n":1}}})",
                fmt::format(R"({{"functionCall":{{{}}}}})", arguments), "", true},
           Case{fmt::format(R"({{"functionCall":{{{}}}}})", arguments),
                R"({"functionCall":{"name":"q","args":{"n":1}},"thoughtSignature":"s=="})",
                fmt::format(R"({{"functionCall":{{{}}}}})", arguments), "", false},
       }) {
    const std::string parts = one.first ? one.own + "," + one.client : one.client + "," + one.own;
    const std::string events =
        events_answer("data: " + piece(kLook, "", 10) + "\n\ndata: " + piece(parts, kStop, 10) + "\n\n");
    for (const bool streams : {false, true}) {
      SCOPED_TRACE(testing::Message() << parts << streams);
      served = 0;
      server.reset();
      start_script({streams ? events : answer(piece(parts, kStop, 10), kJson), answer(piece(kRow, kStop, 20), kJson)});
      const std::string reply = ask(post(streams ? "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse"
                                                 : "/v1beta/models/gemini-2.5-pro:generateContent",
                                         body()));
      EXPECT_THAT(reply, Not(HasSubstr("headroom_retrieve")));
      // As a library writes it that reads and writes JSON.
      const std::string echoed = fmt::format(R"({{"functionCall": {{"args": {{"n": 1}}, "name": "q"{}}}, {}}})",
                                             one.id.empty() ? "" : R"(, "id": "c1")", signature);
      const std::string result =
          fmt::format(R"({{"functionResponse":{{{}"name":"q","response":{{"result":"done"}}}}}})",
                      one.id.empty() ? "" : R"("id":"c1",)");
      std::string next = body();
      next.insert(next.size() - 2,
                  fmt::format(R"(,{{"role":"model","parts":[{}]}},{{"role":"user","parts":[{}]}})", echoed, result));
      ask(post("/v1beta/models/gemini-2.5-pro:generateContent", next));
      EXPECT_THAT(sent(1), HasSubstr(echoed + "," + one.bare + "]}"));
      EXPECT_THAT(sent(1), HasSubstr(result + R"(,{"functionResponse":{)" + one.id +
                                     R"("name":"headroom_retrieve","response":{"result":"{\"id\":3,)"));
      std::string third = next;
      third.insert(third.size() - 2,
                   R"(,{"role":"model","parts":[{"text":"Row 4."}]},{"role":"user","parts":[{"text":"And?"}]})");
      ask(post("/v1beta/models/gemini-2.5-pro:generateContent", third));
      EXPECT_THAT(sent(2), testing::StartsWith(sent(1).substr(0, sent(1).size() - 2))) << "the same bytes from then on";
    }
  }
}

TEST_F(GeminiRetrieval, ACallWithoutAnIdThatIsNotInItsPlaceAnyMoreIsLeftOut) {
  const std::string client = R"({"functionCall":{"name":"q","args":{"n":1}}})";
  start_script(
      {answer(piece(client + "," + own_call(hash()), kStop, 10), kJson), answer(piece(kRow, kStop, 20), kJson)});
  ask(post("/v1beta/models/gemini-2.5-pro:generateContent", body()));
  std::string next = body();
  next.insert(next.size() - 2,
              R"(,{"role":"model","parts":[{"functionCall":{"name":"q","args":{"n":2}}}]},)"
              R"({"role":"user","parts":[{"functionResponse":{"name":"q","response":{"result":"done"}}}]})");
  ask(post("/v1beta/models/gemini-2.5-pro:generateContent", next));
  EXPECT_THAT(sent(1), Not(HasSubstr(R"("functionCall":{"name":"headroom_retrieve")"))) << "other arguments";
}

Streams gemini_streams(const std::string& call) {
  const auto data = [](const std::string& json) { return "data: " + json + "\n\n"; };
  const std::string client_call = R"({"functionCall":{"name":"q","args":{}}})";
  Streams out;
  out.rounds.push_back(data(piece(R"({"text":"hm","thought":true})", "", 10)) +
                       data(piece(fmt::format("{},{}", kLook, call), kStop, 10)));
  out.rounds.push_back(data(piece(kRow, "", 20)) + data(piece(client_call, kStop, 20)));
  out.expected = data(piece(R"({"text":"hm","thought":true})", "", 10)) + data(piece(kLook, "", 10)) +
                 data(piece(kRow, "", 30)) + data(piece(client_call, kStop, 30));
  return out;
}

TEST_F(GeminiRetrieval, StreamIsOneAnswer) {
  const Streams streams = gemini_streams(own_call(hash()));
  start_script({events_answer(streams.rounds[0]), events_answer(streams.rounds[1])}, 5);
  EXPECT_EQ(unchunked(ask(post("/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse", body()))),
            streams.expected);
  EXPECT_THAT(sent(1), HasSubstr(R"({"text":"hm","thought":true},{"text":"Let me look."},{"functionCall")"));
}

/// Every way to cut the streams in two gives the same.
TEST(AnswerFormats, StreamsMayBeCutAnywhere) {
  const std::string arguments = call_args(std::string(24, 'a'));
  const auto responses = responses_streams(fmt::format(
      R"({{"type":"function_call","id":"f","call_id":"call_own","name":"headroom_retrieve","arguments":{}}})",
      arguments));
  const auto gemini = gemini_streams(R"({"functionCall":{"id":"i","name":"headroom_retrieve","args":{"hash":"a"}}})");
  for (const auto& [api, streams] :
       {std::pair(wire::Api::kOpenAiResponses, responses), std::pair(wire::Api::kGeminiGenerate, gemini)}) {
    for (std::size_t cut = 0; cut <= streams.rounds[0].size(); ++cut) {
      const auto merger = proxy::make_answer_merger(api, true);
      std::string out;
      for (const std::string& round : streams.rounds) {
        merger->begin_round(true);
        const std::size_t at = std::min(cut, round.size());
        merger->feed(std::string_view(round).substr(0, at), out);
        merger->feed(std::string_view(round).substr(at), out);
        ASSERT_EQ(merger->finish_round(out).size(), &round == &streams.rounds[0] ? 1U : 0U) << cut;
      }
      ASSERT_EQ(out, streams.expected) << cut;
    }
  }
}

}  // namespace
}  // namespace headroom::proxy_test
