#include "base/hash.h"
#include "base/json_document.h"
#include "base/json_string.h"
#include "proxy/answer_merger.h"
#include "retrieval_fixture.h"
#include "store/cipher.h"
#include "store/decision_store.h"
#include "store/test_support.h"

// The retrieve tool: offered in requests, its calls answered in the middle of the provider's answer.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// With a list of tools, as agents send it.
std::string with_tools(std::string body, std::string_view more = "") {
  const std::string tools = R"("tools":[ {"name":"run_query","input_schema":{"type":"object"}} ],)";
  return body.insert(1, tools + std::string(more));
}

std::string chat_with_tools(std::string body, std::string_view more = "") {
  const std::string tools = R"("tools":[{"type":"function","function":{"name":"q","parameters":{}}}],)";
  return body.insert(1, tools + std::string(more));
}

std::string event(std::string_view type, std::string_view members) {
  return fmt::format("event: {0}\ndata: {{\"type\":\"{0}\"{1}}}\n\n", type, members);
}

/// A block of an Anthropic stream.
std::string block(int index, std::string_view start, std::string_view delta) {
  std::string text = event("content_block_start", fmt::format(R"(,"index":{},"content_block":{})", index, start));
  if (!delta.empty()) text += event("content_block_delta", fmt::format(R"(,"index":{},"delta":{})", index, delta));
  return text + event("content_block_stop", fmt::format(R"(,"index":{})", index));
}

std::string start_event(int input) {
  return event(
      "message_start",
      fmt::format(
          R"(,"message":{{"id":"m{0}","role":"assistant","content":[],"usage":{{"input_tokens":{0},"output_tokens":1}}}})",
          input));
}

std::string end_events(std::string_view reason, int output) {
  return event("message_delta",
               fmt::format(R"(,"delta":{{"stop_reason":"{}"}},"usage":{{"output_tokens":{}}})", reason, output)) +
         event("message_stop", "");
}

std::string retrieval_block(int index, std::string_view hash) {
  return block(index, R"({"type":"tool_use","id":"toolu_own","name":"headroom_retrieve","input":{}})",
               fmt::format(R"({{"type":"input_json_delta","partial_json":{}}})", call_args(hash)));
}

class RetrievalTest : public RetrievalFixture {
 protected:
  std::string call_answer(std::string_view given, std::string_view more = "") const {
    return answer(
        fmt::format(
            R"({{"id":"m1","type":"message","content":[{{"type":"text","text":"Let me look."}},)"
            R"({{"type":"tool_use","id":"toolu_own","name":"headroom_retrieve","input":{{"hash":"{}","items":"3-4"}}}}{}],)"
            R"("stop_reason":"tool_use","usage":{{"input_tokens":100,"cache_read_input_tokens":50,"output_tokens":7}}}})",
            given, more),
        kJson);
  }
  static std::string final_answer() {
    return answer(
        R"({"id":"m2", "type":"message","content":[{"type":"text","text":"Row 4."}],"stop_reason":"end_turn",)"
        R"("usage":{"input_tokens":120,"cache_read_input_tokens":60,"output_tokens":5}})",
        kJson);
  }
};

TEST_F(RetrievalTest, ToolIsOfferedFromTheFirstRequestOnInTheSameBytes) {
  start_script({final_answer()});
  const std::string first =
      with_tools(R"({"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"Which rows are slow?"}]})");
  ask(post("/v1/messages", first));
  ask(post("/v1/messages", with_tools(anthropic_body())));
  const auto tools = [&](std::size_t i) {
    const std::string body = sent(i);
    return body.substr(0, body.find("\"messages\""));
  };
  EXPECT_THAT(tools(0), HasSubstr("},{\"name\":\"headroom_retrieve\""));
  EXPECT_EQ(tools(0).substr(0, tools(0).find(" ],")), tools(1).substr(0, tools(1).find(" ],")));
  EXPECT_EQ(header(upstream->requests().at(0), "accept-encoding"), "identity");
}

TEST_F(RetrievalTest, ToolIsNotOfferedWhereItCannotWork) {
  start_script({final_answer()});
  const auto none = [&](const std::string& body, std::string_view path = "/v1/messages") {
    ask(post(path, body));
    EXPECT_THAT(sent(upstream->requests().size() - 1), Not(HasSubstr("Gives back the exact original")))
        << body.substr(0, 200);
  };
  none(anthropic_body());  // no tools
  none(with_tools(anthropic_body(401), R"("tool_choice":{"type":"tool","name":"run_query"},)"));
  none(with_tools(anthropic_body(402), R"("tool_choice":{"type":"none"},)"));
  std::string own = anthropic_body(403);
  own.insert(1, R"("tools":[{"name":"mcp__headroom__headroom_retrieve","input_schema":{}}],)");
  none(own);
}

TEST_F(RetrievalTest, ToolIsCountedWhereItIsSent) {
  start_script({final_answer()});
  const std::string body = with_tools(anthropic_body());
  ask(post("/v1/messages/count_tokens", body));
  ask(post("/v1/messages", body));
  ask(post("/v1/messages/count_tokens", body));
  EXPECT_THAT(sent(0), HasSubstr("},{\"name\":\"headroom_retrieve\""));
  EXPECT_EQ(sent(0), sent(1));
  EXPECT_EQ(sent(0), sent(2));
  EXPECT_EQ(header(upstream->requests().at(0), "accept-encoding"), "") << "its answer is relayed as it is";
}

TEST_F(RetrievalTest, ToolIsOfferedLazilyWithTheFirstMarker) {
  options.ccr_tool_injection = "lazy";
  start_script({final_answer()});
  ask(post(
      "/v1/messages",
      with_tools(R"({"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"Which rows are slow?"}]})")));
  EXPECT_THAT(sent(0), Not(HasSubstr("headroom_retrieve")));
  ask(post("/v1/messages", with_tools(anthropic_body())));
  EXPECT_THAT(sent(1), HasSubstr("headroom_retrieve"));
}

TEST_F(RetrievalTest, AnswersACall) {
  start_script({call_answer(hash()), final_answer()});
  const std::string reply = ask(post("/v1/messages", with_tools(anthropic_body())));
  ASSERT_EQ(status_of(reply), 200) << reply;
  EXPECT_EQ(
      body_of(reply),
      R"({"id":"m2", "type":"message","content":[{"type":"text","text":"Let me look."},{"type":"text","text":"Row 4."}],)"
      R"("stop_reason":"end_turn","usage":{"input_tokens":220,"cache_read_input_tokens":110,"output_tokens":12}})");
  const std::string before = sent(0);
  const std::string after = sent(1);
  // The same bytes, and the turn behind them.
  EXPECT_EQ(after.substr(0, before.size() - 2), before.substr(0, before.size() - 2));
  EXPECT_THAT(
      after,
      HasSubstr(fmt::format(
          R"(,{{"role":"assistant","content":[{{"type":"text","text":"Let me look."}},)"
          R"({{"type":"tool_use","id":"toolu_own","name":"headroom_retrieve","input":{{"hash":"{}","items":"3-4"}}}}]}},)"
          R"({{"role":"user","content":[{{"type":"tool_result","tool_use_id":"toolu_own","content":"{{\"id\":3,)",
          hash())));
  EXPECT_THAT(after, HasSubstr(R"({\"id\":4,\"name\":\"item-4\",\"state\":\"ok\",\"delay_ms\":48}\n"}]}]})"));
}

TEST_F(RetrievalTest, SaysWhatToDoAboutAMiss) {
  start_script({call_answer("0123456789abcdef01234567"), final_answer()});
  const std::string reply = ask(post("/v1/messages", with_tools(anthropic_body())));
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_THAT(sent(1), HasSubstr("Nothing is stored as 0123456789abcdef01234567"));
  EXPECT_THAT(sent(1), HasSubstr("run the tool again"));
}

TEST_F(RetrievalTest, OthersOriginalsAreNotGivenBack) {
  const std::string secret = "what another principal has stored, word for word";
  const std::string id = base::content_id(secret);
  ASSERT_TRUE(store->put(std::vector<store::Original>{{id, secret, "text", "run_query", 9}}));
  start_script({call_answer(id), final_answer(), call_answer(id.substr(0, 12)), final_answer()});
  for (const std::size_t request : {1U, 3U}) {
    ask(post("/v1/messages", with_tools(anthropic_body())));
    EXPECT_THAT(sent(request), HasSubstr("Nothing is stored as " + id.substr(0, 12)));
    EXPECT_THAT(sent(request), Not(HasSubstr("another principal")));
  }
  EXPECT_EQ(store->stats()->retrievals, 0);
}

TEST_F(RetrievalTest, TheModelGetsNothingOfAnotherProject) {
  store::Original other = {.id = "0123456789abcdef01234567", .content = "kept for the shop"};
  other.project = "shop";
  ASSERT_TRUE(store->put({&other, 1}));
  start_script({call_answer(other.id), final_answer()});
  for (const char* path : {"/p/web/v1/messages", "/v1/messages"}) {
    served = 0;
    ask(post(path, with_tools(anthropic_body())));
    EXPECT_THAT(body_of(upstream->requests().back()), HasSubstr("Nothing is stored as 0123456789abcdef01234567"));
  }
}

TEST_F(RetrievalTest, WhatRetrievalsCostIsSetAgainstWhatWasSaved) {
  start_script({call_answer(hash()), final_answer(), final_answer()});
  ask(post("/v1/messages", with_tools(anthropic_body())));
  ask(post("/v1/messages", with_tools(anthropic_body())));
  const std::string stats = body_of(ask(get("/stats")));
  const auto document = base::JsonDocument::parse(stats);
  ASSERT_TRUE(document);
  const auto number = [&](std::initializer_list<std::string_view> path) {
    const base::JsonNode* node = document->find(document->root(), "retrievals");
    for (const std::string_view key : path) node = document->find(*node, key);
    return std::stod(std::string(node->raw));
  };
  EXPECT_EQ(number({"offers"}), 2);
  EXPECT_EQ(number({"answers_percent"}), 50);
  EXPECT_EQ(number({"hit_percent"}), 100);
  EXPECT_EQ(number({"further_input_tokens"}), 180);
  EXPECT_EQ(number({"further_cached_tokens"}), 60);
  EXPECT_EQ(number({"by_tool", "run_query", "results"}), 2);
  EXPECT_GT(number({"by_tool", "run_query", "tokens"}), 0);
  EXPECT_EQ(number({"by_tool", "run_query", "net_tokens_saved"}),
            number({"tokens_saved"}) - number({"by_tool", "run_query", "tokens"}));
  EXPECT_THAT(stats, HasSubstr(R"("by_compressor":{"json)"));
  const std::string metrics = ask(get("/metrics"));
  EXPECT_THAT(metrics, HasSubstr("headroom_retrieval_hits_by_tool_total{tool=\"run_query\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("headroom_retrieval_hits_by_compressor_total{compressor=\"json"));
}

TEST_F(RetrievalTest, RoundsAreBounded) {
  start_script({call_answer(hash())});
  const std::string reply = ask(post("/v1/messages", with_tools(anthropic_body())));
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_EQ(upstream->requests().size(), 5U);
  EXPECT_THAT(sent(4), HasSubstr("Nothing more is given back in this turn"));
  EXPECT_THAT(body_of(reply), HasSubstr(R"("stop_reason":"end_turn")"));
  EXPECT_THAT(body_of(reply), Not(HasSubstr("tool_use")));
}

TEST_F(RetrievalTest, TokensAreBounded) {
  limits.retrieval_tokens = 300;
  std::string call = call_answer(hash());
  call = answer(body_of(call).replace(body_of(call).find(R"(,"items":"3-4")"), 14, ""), kJson);
  start_script({call, final_answer()});
  ask(post("/v1/messages", with_tools(anthropic_body())));
  EXPECT_THAT(sent(1), HasSubstr("[These are the first"));
  EXPECT_LT(sent(1).size(), sent(0).size() + 3000);
}

constexpr std::string_view kClientCall = R"({"type":"tool_use","id":"toolu_c","name":"run_query","input":{}})";

/// The client's next request: it knows of its own call alone.
std::string answered_by_client(std::string body) {
  return body.insert(body.size() - 2,
                     fmt::format(R"(,{{"role":"assistant","content":[{{"type":"text","text":"Let me look."}},{}]}},)"
                                 R"({{"role":"user","content":[{{"type":"tool_result","tool_use_id":"toolu_c",)"
                                 R"("content":"done"}},{{"type":"text","text":"Go on."}}]}})",
                                 kClientCall));
}

TEST_F(RetrievalTest, CallsBesideTheClientsAreAnsweredInItsNextRequest) {
  start_script({call_answer(hash(), "," + std::string(kClientCall)), final_answer()});
  const std::string first = with_tools(anthropic_body());
  const std::string reply = ask(post("/v1/messages", first));
  EXPECT_EQ(upstream->requests().size(), 1U);
  EXPECT_THAT(body_of(reply), HasSubstr("toolu_c"));
  EXPECT_THAT(body_of(reply), Not(HasSubstr("toolu_own")));
  EXPECT_THAT(body_of(reply), HasSubstr(R"("stop_reason":"tool_use")"));

  const std::string second = answered_by_client(first);
  ask(post("/v1/messages", second));
  EXPECT_THAT(sent(1),
              HasSubstr(std::string(kClientCall) +
                        R"(,{"type":"tool_use","id":"toolu_own","name":"headroom_retrieve","input":{"hash":)"));
  EXPECT_THAT(sent(1),
              HasSubstr(R"("content":"done"},{"type":"tool_result","tool_use_id":"toolu_own","content":"{\"id\":3,)"));
  EXPECT_THAT(sent(1), HasSubstr(R"(\n"},{"type":"text","text":"Go on."}]}]})"));

  std::string third = second;
  third.insert(third.size() - 2, R"(,{"role":"assistant","content":"Row 4."},{"role":"user","content":"And row 5?"})");
  ask(post("/v1/messages", third));
  EXPECT_THAT(sent(2), testing::StartsWith(sent(1).substr(0, sent(1).size() - 2))) << "the same bytes from then on";
  ask(post("/v1/messages/count_tokens", third));
  EXPECT_EQ(sent(3), sent(2));
}

TEST_F(RetrievalTest, WhatIsForgottenIsLeftOutInPairs) {
  start_script({call_answer(hash(), "," + std::string(kClientCall)), final_answer()});
  const std::string first = with_tools(anthropic_body());
  ask(post("/v1/messages", first));
  const std::string after_compaction = with_tools(answered_by_client(anthropic_body()));
  std::string no_result = after_compaction;
  no_result.replace(no_result.find("\"tool_use_id\":\"toolu_c\""), 23, "\"tool_use_id\":\"toolu_d\"");
  ask(post("/v1/messages", no_result));
  EXPECT_THAT(sent(1), Not(HasSubstr("toolu_own"))) << "the client's result is not there";
  server.reset();
  start(upstream->url());
  ask(post("/v1/messages", after_compaction));
  EXPECT_THAT(sent(2), Not(HasSubstr("toolu_own"))) << "another process";
  EXPECT_THAT(sent(2), HasSubstr("toolu_c"));
}

TEST_F(RetrievalTest, WhatWasAnsweredBesideSurvivesARestartAndIsSealed) {
  const store::testing::TempFolder folder;
  store::testing::write_file(folder.file("key"), std::string(64, 'a') + "\n");
  ASSERT_EQ(::chmod(folder.file("key").c_str(), 0600), 0);
  const auto process = [&] {
    auto cipher = store::read_key_file(folder.file("key"));
    EXPECT_TRUE(cipher) << cipher.error().message;
    return *store::open_sqlite_decisions(folder.file("ccr.db"), {}, clock, {.cipher = *std::move(cipher)});
  };
  const auto restart = [&](store::DecisionStore& decisions) {
    context::PipelineOptions settings;
    settings.decisions = &decisions;
    return std::make_unique<const context::Pipeline>(registry, store.get(), clock, std::move(settings));
  };
  auto decisions = process();
  auto first_pipeline = restart(*decisions);
  pipeline_in_use = first_pipeline.get();
  start_script({call_answer(hash(), "," + std::string(kClientCall)), final_answer()});
  const std::string first = with_tools(anthropic_body());
  const std::string second = answered_by_client(first);
  ask(post("/v1/messages", first));
  ask(post("/v1/messages", second));
  ASSERT_THAT(sent(1), HasSubstr("toolu_own"));
  server.reset();
  first_pipeline.reset();
  decisions.reset();

  decisions = process();
  const auto second_pipeline = restart(*decisions);
  pipeline_in_use = second_pipeline.get();
  start(upstream->url());
  ask(post("/v1/messages", second));
  EXPECT_EQ(sent(2), sent(1)) << "the same bytes as before";
  server.reset();
  decisions.reset();
  for (const char* file : {"ccr.db", "ccr.db-wal"}) {
    EXPECT_FALSE(store::testing::read_file(folder.file(file)).contains("toolu_own")) << file;
  }
}

TEST_F(RetrievalTest, AnswerWithoutACallStaysAsItIs) {
  start_script({final_answer()});
  const std::string reply = ask(post("/v1/messages", with_tools(anthropic_body())));
  EXPECT_EQ(body_of(reply), body_of(final_answer()));
}

TEST_F(RetrievalTest, TheProvidersRefusalOfTheSecondRequestIsTheAnswer) {
  start_script(
      {call_answer(hash()), answer(R"({"type":"error","error":{"type":"overloaded_error"}})", kJson, "529 Busy")});
  const std::string reply = ask(post("/v1/messages", with_tools(anthropic_body())));
  EXPECT_EQ(status_of(reply), 529);
  EXPECT_THAT(body_of(reply), HasSubstr("overloaded_error"));
}

TEST_F(RetrievalTest, WhatHasNoRoomIsLeftOut) {
  start_script({call_answer(hash()),
                answer(R"({"type":"error","error":{"type":"invalid_request_error"}})", kJson, "400 Bad"),
                final_answer()});
  const std::string reply = ask(post("/v1/messages", with_tools(anthropic_body())));
  EXPECT_EQ(status_of(reply), 200);
  EXPECT_THAT(sent(2), HasSubstr("It has no room in this conversation"));
}

TEST_F(RetrievalTest, UpstreamThatHangsUpInTheSecondRoundIsABadGateway) {
  start_script({call_answer(hash()), ""});
  const std::string reply = ask(post("/v1/messages", with_tools(anthropic_body())));
  EXPECT_EQ(status_of(reply), 502);
  EXPECT_THAT(reply, HasSubstr("before it answered; the request may be sent again\""));
}

std::string thinking_block(int index) {
  return block(index, R"({"type":"thinking","thinking":"","signature":""})",
               R"({"type":"thinking_delta","thinking":"hm"}})" + std::string("\n\n") + R"(event: content_block_delta)" +
                   "\n" + R"(data: {"type":"content_block_delta","index":)" + std::to_string(index) +
                   R"(,"delta":{"type":"signature_delta","signature":"sig=="})");
}

class StreamTest : public RetrievalTest {
 protected:
  std::string ask_stream(std::size_t piece, std::vector<std::string> answers) {
    start_script(std::move(answers), piece);
    return ask(post("/v1/messages", with_tools(anthropic_body(), R"("stream":true,)")));
  }
  std::string first_round() const {
    return start_event(100) + event("ping", "") + thinking_block(0) +
           block(1, R"({"type":"text","text":""})", R"({"type":"text_delta","text":"Let me look."})") +
           retrieval_block(2, hash()) + end_events("tool_use", 7);
  }
  static std::string second_round() {
    return start_event(120) + block(0, R"({"type":"text","text":""})", R"({"type":"text_delta","text":"Row 4."})") +
           block(1, R"({"type":"tool_use","id":"toolu_c","name":"run_query","input":{}})",
                 R"({"type":"input_json_delta","partial_json":"{}"})") +
           end_events("tool_use", 5);
  }
  static std::string expected() {
    return start_event(100) + event("ping", "") + thinking_block(0) +
           block(1, R"({"type":"text","text":""})", R"({"type":"text_delta","text":"Let me look."})") +
           block(2, R"({"type":"text","text":""})", R"({"type":"text_delta","text":"Row 4."})") +
           block(3, R"({"type":"tool_use","id":"toolu_c","name":"run_query","input":{}})",
                 R"({"type":"input_json_delta","partial_json":"{}"})") +
           event("message_delta",
                 R"(,"delta":{"stop_reason":"tool_use"},"usage":{"input_tokens":220,"output_tokens":12})") +
           event("message_stop", "");
  }
};

TEST_F(StreamTest, AnswersACall) {
  const std::string reply = ask_stream(1 << 20, {events_answer(first_round()), events_answer(second_round())});
  EXPECT_EQ(header(reply, "transfer-encoding"), "chunked");
  EXPECT_EQ(unchunked(reply), expected());
  EXPECT_THAT(
      sent(1),
      HasSubstr(R"({"type":"thinking","thinking":"hm","signature":"sig=="},{"type":"text","text":"Let me look."},)"));
  EXPECT_THAT(sent(1), HasSubstr(R"("input":{"hash":")" + hash() + R"(","items":"3-4"}}]})"));
  EXPECT_EQ(sent(1).find("\"stream\":true"), sent(0).find("\"stream\":true"));
}

TEST_F(StreamTest, ComesInPiecesOfAnySize) {
  for (const std::size_t piece : {1U, 7U, 64U}) {
    served = 0;
    server.reset();
    EXPECT_EQ(unchunked(ask_stream(piece, {events_answer(first_round()), events_answer(second_round())})), expected());
  }
}

TEST_F(StreamTest, ACallWhoseInputIsNoJsonIsAnsweredAndTheRequestStaysWhole) {
  const std::string cut = start_event(100) +
                          block(0, R"({"type":"tool_use","id":"toolu_own","name":"headroom_retrieve","input":{}})",
                                R"({"type":"input_json_delta","partial_json":"{\"hash\":\"12"})") +
                          end_events("tool_use", 7);
  ask_stream(1 << 20, {events_answer(cut), events_answer(second_round())});
  EXPECT_TRUE(base::JsonDocument::parse(sent(1))) << sent(1);
  EXPECT_THAT(sent(1), HasSubstr(R"("name":"headroom_retrieve","input":{}}]})"));
  EXPECT_THAT(sent(1), HasSubstr(R"("tool_use_id":"toolu_own","content":")"));
}

TEST_F(StreamTest, CallsBesideTheClientsAreAnsweredInItsNextRequest) {
  const std::string client_call = block(2, R"({"type":"tool_use","id":"toolu_c","name":"run_query","input":{}})",
                                        R"({"type":"input_json_delta","partial_json":"{}"})");
  std::string shown = client_call;
  for (std::size_t at = 0; (at = shown.find("\"index\":2", at)) != std::string::npos;) shown[at + 8] = '1';
  const std::string text = block(0, R"({"type":"text","text":""})", R"({"type":"text_delta","text":"Let me look."})");
  const std::string mixed =
      start_event(100) + text + retrieval_block(1, hash()) + client_call + end_events("tool_use", 7);
  EXPECT_EQ(unchunked(ask_stream(9, {events_answer(mixed), final_answer()})),
            start_event(100) + text + shown + end_events("tool_use", 7));
  ask(post("/v1/messages", answered_by_client(with_tools(anthropic_body(), R"("stream":true,)"))));
  EXPECT_THAT(sent(1),
              HasSubstr(std::string(kClientCall) +
                        R"(,{"type":"tool_use","id":"toolu_own","name":"headroom_retrieve","input":{"hash":)"));
  EXPECT_THAT(sent(1),
              HasSubstr(R"("content":"done"},{"type":"tool_result","tool_use_id":"toolu_own","content":"{\"id\":3,)"));
}

/// As a client sends on what it has of an answer.
std::string followed(std::string body, std::string_view content, std::string_view question = "And row 5?") {
  body.insert(body.size() - 2, fmt::format(R"(,{{"role":"assistant","content":[{}]}},{{"role":"user","content":"{}"}})",
                                           content, question));
  return body;
}

/// What the provider's prompt begins with where it is given both.
void expect_continues(const std::string& after, const std::string& before) {
  EXPECT_EQ(after.substr(0, before.size() - 2), before.substr(0, before.size() - 2));
}

TEST_F(StreamTest, WhatWasThoughtBehindACallStaysBehindIt) {
  const std::string text = R"({"type":"text","text":"Let me look."})", row = R"({"type":"text","text":"Row 4."})";
  const std::string thought = R"({"type":"thinking","thinking":"hm","signature":"sig=="})";
  const auto text_block = [](int index, std::string_view said) {
    return block(index, R"({"type":"text","text":""})", fmt::format(R"({{"type":"text_delta","text":"{}"}})", said));
  };
  const std::string call = retrieval_block(0, hash());
  const std::string last = start_event(120) + thinking_block(0) + text_block(1, "Row 4.") + end_events("end_turn", 5);
  struct Case {
    std::vector<std::string> rounds;
    std::string shown;
  };
  const std::string look =
      start_event(100) + text_block(0, "Let me look.") + retrieval_block(1, hash()) + end_events("tool_use", 7);
  const std::string silent = start_event(100) + call + end_events("tool_use", 7);
  for (const Case& one :
       {Case{{look, last}, text + "," + thought + "," + row}, Case{{silent, last}, thought + "," + row},
        Case{{look, silent, last}, text + "," + thought + "," + row},
        Case{{silent, look, silent, last}, text + "," + thought + "," + row}}) {
    for (const std::string_view model : {"claude-fable-5-1", "claude-sonnet-4-5"}) {
      SCOPED_TRACE(testing::Message() << one.rounds.size() << one.shown.size() << model);
      served = 0;
      server.reset();
      std::vector<std::string> answers;
      for (const std::string& round : one.rounds) answers.push_back(events_answer(round));
      answers.push_back(final_answer());
      start_script(std::move(answers), 50);
      std::string body = with_tools(anthropic_body(), R"("stream":true,)");
      body.replace(body.find("claude-sonnet-4-5"), 17, model);
      ask(post("/v1/messages", body));
      const std::string next = followed(body, one.shown);
      ask(post("/v1/messages", next));
      const std::size_t rounds = one.rounds.size();
      if (model == "claude-sonnet-4-5") {
        EXPECT_THAT(sent(rounds), Not(HasSubstr("toolu_own"))) << "its thinking is bound to nothing";
        continue;
      }
      expect_continues(sent(rounds), sent(rounds - 1));
      EXPECT_THAT(sent(rounds), HasSubstr("{\"role\":\"assistant\",\"content\":[" + thought + "," + row + "]}"));
      EXPECT_TRUE(base::JsonDocument::parse(sent(rounds))) << sent(rounds);
      ask(post("/v1/messages", followed(next, row, "And row 6?")));
      expect_continues(sent(rounds + 1), sent(rounds));
    }
  }
}

TEST_F(RetrievalTest, WhatWasThoughtBehindACallStaysBehindIt) {
  const std::string thought = R"({"type":"redacted_thinking","data":"xyz=="})";
  const std::string second = answer(
      R"({"id":"m2","type":"message","content":[)" + thought +
          R"(,{"type":"text","text":"Row 4."}],"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":5}})",
      kJson);
  start_script({call_answer(hash()), second, final_answer()});
  std::string body = with_tools(anthropic_body());
  body.replace(body.find("claude-sonnet-4-5"), 17, "claude-opus-5-5");
  ask(post("/v1/messages", body));
  std::string next = body;
  next.insert(next.size() - 2, R"(,{"content":[{"type":"text","text":"Let me look."},)" + thought +
                                   R"(,{"type":"text","text":"Row 4."}],"role":"assistant"},)"
                                   R"({"role":"user","content":"And row 5?"})");
  ask(post("/v1/messages", next));
  EXPECT_THAT(sent(2),
              HasSubstr(R"({"content":[{"type":"text","text":"Let me look."},{"type":"tool_use","id":"toolu_own",)"));
  EXPECT_THAT(sent(2),
              HasSubstr(R"(],"role":"assistant"},{"role":"user","content":[{"type":"tool_result","tool_use_id":)"
                        R"("toolu_own","content":"{\"id\":3,)"));
  EXPECT_THAT(sent(2),
              HasSubstr("]},{\"content\":[" + thought + R"(,{"type":"text","text":"Row 4."}],"role":"assistant"},)"));
  std::string edited = next;
  edited.replace(edited.find("xyz=="), 5, "abc==");
  ask(post("/v1/messages", edited));
  EXPECT_THAT(sent(3), Not(HasSubstr("toolu_own"))) << "that thinking is not there";
}

TEST_F(StreamTest, FailureInTheSecondRoundIsAnEvent) {
  const std::string reply = ask_stream(
      1 << 20, {events_answer(first_round()),
                answer("{\"type\":\"error\",\n\"error\":{\"type\":\"overloaded_error\"}}", kJson, "529 Busy")});
  EXPECT_THAT(
      unchunked(reply),
      testing::EndsWith("event: error\ndata: {\"type\":\"error\", \"error\":{\"type\":\"overloaded_error\"}}\n\n"));
}

TEST_F(StreamTest, UpstreamThatHangsUpInTheSecondRoundIsAnEvent) {
  const std::string reply = ask_stream(1 << 20, {events_answer(first_round()), ""});
  EXPECT_THAT(unchunked(reply), HasSubstr("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\""));
}

TEST_F(StreamTest, ClientThatLeavesInTheMiddleEndsTheTurn) {
  std::atomic<bool> second = false;
  start([&](TestSocket& socket) {
    socket.read_message();
    socket.send(events_answer(first_round()));
    if (socket.read_message().empty()) return;
    second = true;
    EXPECT_TRUE(socket.sees_end());
  });
  TestSocket leaving = client();
  leaving.send(post("/v1/messages", with_tools(anthropic_body(), R"("stream":true,)")));
  leaving.read_until("Let me look.");
  for (int i = 0; i < 500 && !second; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(second);
  leaving.close();
  EXPECT_THAT(ask_until("/metrics", "headroom_inbound_requests_active 1\n"),
              HasSubstr("headroom_inbound_requests_active 1\n"));
}

/// Every way to cut the streams in two gives the same.
TEST(AnswerMerger, StreamsMayBeCutAnywhere) {
  const std::string hash(24, 'a');
  const std::string first = start_event(100) + thinking_block(0) + retrieval_block(1, hash) + retrieval_block(2, hash) +
                            end_events("tool_use", 7);
  const std::string second = start_event(120) +
                             block(0, R"({"type":"text","text":""})", R"({"type":"text_delta","text":"x"})") +
                             end_events("end_turn", 5);
  const auto merged = [&](std::size_t cut) {
    const auto merger = proxy::make_answer_merger(wire::Api::kAnthropicMessages, true);
    std::string out;
    for (const std::string* round : {&first, &second}) {
      merger->begin_round(true);
      const std::size_t at = std::min(cut, round->size());
      merger->feed(std::string_view(*round).substr(0, at), out);
      merger->feed(std::string_view(*round).substr(at), out);
      const auto calls = merger->finish_round(out);
      EXPECT_EQ(calls.size(), round == &first ? 2U : 0U) << cut;
      if (calls.size() == 2) {
        EXPECT_THAT(calls[1].arguments, HasSubstr("\"items\":\"3-4\""));
      }
    }
    return out;
  };
  const std::string expected = merged(0);
  EXPECT_THAT(expected, Not(HasSubstr("toolu_own")));
  for (std::size_t cut = 1; cut <= first.size(); ++cut) ASSERT_EQ(merged(cut), expected) << cut;
}

std::string chunk(std::string_view id, std::string_view delta, std::string_view finish = "null",
                  std::string_view more = "") {
  return fmt::format(R"(data: {{"id":"{}","choices":[{{"index":0,"delta":{},"finish_reason":{}}}]{}}})", id, delta,
                     finish, more) +
         "\n\n";
}

std::string chat_round(std::string_view id, std::string_view middle, std::string_view finish, int tokens) {
  return chunk(id, R"({"role":"assistant","content":""})") + std::string(middle) + chunk(id, "{}", finish) +
         fmt::format(R"(data: {{"id":"{0}","choices":[],"usage":{{"prompt_tokens":{1},"completion_tokens":1,)"
                     R"("prompt_tokens_details":{{"cached_tokens":{1}}}}}}})",
                     id, tokens) +
         "\n\ndata: [DONE]\n\n";
}

TEST_F(RetrievalTest, AnswersACallInAChatStream) {
  const std::string call =
      chunk("a", R"({"content":"Let me look."})") +
      chunk(
          "a",
          R"({"tool_calls":[{"index":0,"id":"call_own","type":"function","function":{"name":"headroom_retrieve","arguments":""}}]})") +
      chunk("a", R"({"tool_calls":[{"index":0,"function":{"arguments":)" + call_args(hash()) + R"(}}]})");
  const std::string more =
      chunk("b", R"({"content":"Row 4."})") +
      chunk("b",
            R"({"tool_calls":[{"index":0,"id":"call_c","type":"function","function":{"name":"q","arguments":"{}"}}]})");
  start_script({events_answer(chat_round("a", call, R"("tool_calls")", 10)),
                events_answer(chat_round("b", more, R"("tool_calls")", 20))},
               5);
  const std::string reply = ask(post("/v1/chat/completions", chat_with_tools(openai_body(), R"("stream":true,)")));
  const std::string expected =
      chunk("a", R"({"role":"assistant","content":""})") + chunk("a", R"({"content":"Let me look."})") +
      chunk("a", R"({"content":"Row 4."})") +
      chunk(
          "a",
          R"({"tool_calls":[{"index":0,"id":"call_c","type":"function","function":{"name":"q","arguments":"{}"}}]})") +
      chunk("a", "{}", R"("tool_calls")") +
      "data: {\"id\":\"a\",\"choices\":[],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":2,"
      "\"prompt_tokens_details\":{\"cached_tokens\":30}}}\n\ndata: [DONE]\n\n";
  EXPECT_EQ(unchunked(reply), expected);
  EXPECT_THAT(
      sent(1),
      HasSubstr(
          R"({"role":"assistant","content":"Let me look.","tool_calls":[{"id":"call_own","type":"function","function":{"name":"headroom_retrieve","arguments":)"));
  EXPECT_THAT(sent(1), HasSubstr(R"({"role":"tool","tool_call_id":"call_own","content":"{\"id\":3,)"));
}

TEST_F(RetrievalTest, WhatWasThoughtGoesBackWithTheTurnInAChatStream) {
  const std::string call = chunk(
      "a",
      fmt::format(
          R"({{"tool_calls":[{{"index":0,"id":"call_own","type":"function","function":{{"name":"headroom_retrieve","arguments":{}}}}}]}})",
          call_args(hash())));
  struct Case {
    std::string thought, expected;
  };
  for (
      const Case& one :
      {Case{chunk("a", R"({"reasoning_content":""})"), R"("content":null,"reasoning_content":"","tool_calls":[)"},
       Case{chunk("a", R"({"content":null,"reasoning_content":"a"})") + chunk("a", R"({"reasoning_content":"b"})"),
            R"("content":null,"reasoning_content":"ab","tool_calls":[)"},
       Case{
           chunk(
               "a",
               R"({"reasoning":"a","reasoning_details":[{"type":"reasoning.text","text":"a","index":0,"format":null}]})") +
               chunk("a", R"({"reasoning":"b","reasoning_details":[{"type":"reasoning.text","text":"b","index":0}]})") +
               chunk("a",
                     R"({"reasoning_details":[{"type":"reasoning.text","signature":"x==","index":0,"format":"f"}]})") +
               chunk("a", R"({"reasoning_details":[{"type":"reasoning.encrypted","data":"y==","index":1}]})"),
           R"("content":null,"reasoning":"ab","reasoning_details":[{"type":"reasoning.text","index":0,"signature":"x==","format":"f","text":"ab"},)"
           R"({"type":"reasoning.encrypted","data":"y==","index":1}],"tool_calls":[)"}}) {
    served = 0;
    server.reset();
    start_script({events_answer(chat_round("a", one.thought + call, R"("tool_calls")", 10)),
                  events_answer(chat_round("b", chunk("b", R"({"content":"Row 4."})"), R"("stop")", 20))});
    ask(post("/v1/chat/completions", chat_with_tools(openai_body(), R"("stream":true,)")));
    EXPECT_THAT(sent(1), HasSubstr(R"({"role":"assistant",)" + one.expected));
  }
}

TEST_F(RetrievalTest, AnswersACallOfAChatCompletion) {
  start_script(
      {answer(
           R"({"id":"a","choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_own","type":"function",)"
           R"("function":{"name":"headroom_retrieve","arguments":)" +
               call_args(hash()) +
               R"(}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":10,"completion_tokens":2}})",
           kJson),
       answer(
           R"({"id":"b","choices":[{"message":{"role":"assistant","content":"Row 4."},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":3}})",
           kJson)});
  const std::string reply = ask(post("/v1/chat/completions", chat_with_tools(openai_body())));
  EXPECT_EQ(
      body_of(reply),
      R"({"id":"b","choices":[{"message":{"role":"assistant","content":"Row 4."},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":5}})");
  EXPECT_THAT(sent(1), HasSubstr(R"({"role":"tool","tool_call_id":"call_own","content":"{\"id\":3,)"));
}

constexpr std::string_view kChatClientCall =
    R"({"id":"call_c","type":"function","function":{"name":"q","arguments":"{}"}})";

std::string chat_answered(std::string body) {
  return body.insert(body.size() - 2, fmt::format(R"(,{{"role":"assistant","content":null,"tool_calls":[{}]}},)"
                                                  R"({{"role":"tool","tool_call_id":"call_c","content":"done"}})",
                                                  kChatClientCall));
}

TEST_F(RetrievalTest, CallsBesideTheClientsInChat) {
  const std::string own =
      fmt::format(R"({{"id":"call_own","type":"function","function":{{"name":"headroom_retrieve","arguments":{}}}}})",
                  call_args(hash()));
  const std::string whole = answer(
      fmt::format(
          R"({{"id":"a","choices":[{{"message":{{"role":"assistant","content":null,"tool_calls":[{},{}]}},"finish_reason":"tool_calls"}}]}})",
          own, kChatClientCall),
      kJson);
  const auto streamed = [](std::string call, int index) {
    return chunk("a", fmt::format(R"({{"tool_calls":[{}]}})", call.insert(1, fmt::format(R"("index":{},)", index))));
  };
  const std::string stream = events_answer(
      chat_round("a", streamed(own, 0) + streamed(std::string(kChatClientCall), 1), R"("tool_calls")", 10));
  for (const bool events : {false, true}) {
    served = 0;
    server.reset();
    start_script({events ? stream : whole, final_answer()}, 11);
    const std::string body = chat_with_tools(openai_body(), events ? R"("stream":true,)" : "");
    const std::string reply = ask(post("/v1/chat/completions", body));
    EXPECT_THAT(reply, Not(HasSubstr("call_own")));
    EXPECT_THAT(reply, HasSubstr("call_c"));
    if (events) {
      EXPECT_THAT(unchunked(reply), testing::EndsWith("data: [DONE]\n\n"));
    }
    ask(post("/v1/chat/completions", chat_answered(body)));
    EXPECT_THAT(sent(1), HasSubstr(fmt::format("[{},{}]", kChatClientCall, own)));
    EXPECT_THAT(sent(1),
                HasSubstr(R"("content":"done"},{"role":"tool","tool_call_id":"call_own","content":"{\"id\":3,)"));
  }
}

// The request is still on its way when its answer begins, and breaks.
TEST_F(RetrievalTest, AnAnswerThatBreaksWhileTheRequestIsStillSentHarmsNobody) {
  start([](TestSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
    socket.sees_end();
  });
  const std::string body =
      fmt::format(R"({{"model":"claude-sonnet-4-5","max_tokens":9,"tools":[{{"name":"t","input_schema":{{}}}}],)"
                  R"("messages":[{{"role":"user","content":"{}"}}]}})",
                  std::string(8 << 20, 'x'));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(status_of(ask(post("/v1/messages", body))), 502);
}

}  // namespace
}  // namespace headroom::proxy_test
