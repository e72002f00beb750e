#include "proxy/answer_merger.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "proxy/usage.h"

namespace headroom::proxy {
namespace {

struct Answer {
  wire::Api api;
  bool events;
  std::string bytes;
};

const std::vector<Answer> kAnswers = {
    {wire::Api::kAnthropicMessages, true,
     "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":7,"
     "\"cache_read_input_tokens\":5,\"output_tokens\":1}}}\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\n"
     "data: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":9}}\n\n"
     "data: {\"type\":\"message_stop\"}\n\n"},
    {wire::Api::kAnthropicMessages, true,
     ": a comment\r\n\r\ndata: {\"type\":\"error\",\"usage\":{\"input_tokens\":3}}\r\n\r\n"
     "data: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":4}}\r\n"},
    {wire::Api::kAnthropicMessages, true, "data: no JSON\ndata: {\"usage\":{\"input_tokens\":3}}\n\n"},
    {wire::Api::kAnthropicMessages, false, R"({"content":[],"usage":{"input_tokens":7,"output_tokens":9}})"},
    {wire::Api::kAnthropicMessages, false, R"({"usage":{"input_tokens":7,"output_tokens":9}})"},
    {wire::Api::kAnthropicMessages, false, "[1]"},
    {wire::Api::kOpenAiChat, true,
     "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\n"
     "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"}}],\"usage\":null}\n\n"
     "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":2,"
     "\"prompt_tokens_details\":{\"cached_tokens\":6}}}\n\ndata: [DONE]\n\n"},
    {wire::Api::kOpenAiChat, false,
     R"({"choices":[{"index":0,"message":{"content":"a"}}],"usage":{"prompt_tokens":8,"completion_tokens":2}})"},
    {wire::Api::kOpenAiResponses, true,
     "data: {\"type\":\"response.completed\",\"response\":{\"output\":[],\"usage\":{\"input_tokens\":8,"
     "\"output_tokens\":2}}}\n\n"},
    {wire::Api::kOpenAiResponses, false, R"({"output":[],"usage":{"input_tokens":8,"output_tokens":2}})"},
    {wire::Api::kGeminiGenerate, true,
     "data: {\"candidates\":[],\"usageMetadata\":{\"promptTokenCount\":8}}\n\n"
     "data: {\"response\":{\"usageMetadata\":{\"promptTokenCount\":8,\"candidatesTokenCount\":3}}}\n\n"},
    {wire::Api::kGeminiGenerate, false, R"({"candidates":[],"usageMetadata":{"promptTokenCount":8}})"}};

// The usage is what who reads nothing else finds, and the answer passes as it is.
TEST(AnswerMerger, ReportsTheUsageOfWhatItReads) {
  for (const Answer& answer : kAnswers) {
    ResponseHead head;
    head.status = 200;
    head.fields.add({"content-type", answer.events ? "text/event-stream" : "application/json"});
    UsageObserver observer(answer.api, head);
    observer.on_payload(answer.bytes);
    const Usage expected = observer.finish();
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, answer.bytes.size()}) {
      UsageReader usage(answer.api);
      const auto merger = make_answer_merger(answer.api, answer.events);
      merger->report_usage_to(&usage);
      merger->begin_round(true);
      std::string out;
      for (std::string_view rest = answer.bytes; !rest.empty(); rest.remove_prefix(std::min(piece, rest.size()))) {
        merger->feed(rest.substr(0, piece), out);
      }
      EXPECT_TRUE(merger->finish_round(out).empty());
      EXPECT_EQ(out, answer.bytes);
      EXPECT_EQ(usage.usage().input, expected.input) << answer.bytes;
      EXPECT_EQ(usage.usage().cached, expected.cached) << answer.bytes;
      EXPECT_EQ(usage.usage().output, expected.output) << answer.bytes;
    }
  }
}

std::string chunk(std::string_view text, std::string_view space) {
  return "data: {" + std::string(space) + R"("id":"x","choices":[{"index":0,"delta":{"content":")" + std::string(text) +
         "\"},\"finish_reason\":null}]}\n\n";
}

std::string continued(const std::vector<std::string>& chunks) {
  const auto merger = make_answer_merger(wire::Api::kOpenAiChat, true);
  merger->begin_round(true);
  std::string out, all;
  for (const std::string& each : chunks) {
    merger->feed(each, out);
    all += each;
  }
  EXPECT_EQ(out, all);
  merger->feed(
      "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":"
      "{\"name\":\"headroom_retrieve\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n",
      out);
  EXPECT_EQ(merger->finish_round(out).size(), 1U);
  return merger->continue_request(R"({"messages":[{"role":"user","content":"q"}]})", {"rows"});
}

// Chunks like the one before are read without a parse; other spaces in each have all of them parsed.
TEST(ChatEvents, ATextIsTheSameWithoutAParse) {
  for (const std::string_view text :
       {"", "plain", R"(\u0000 \" \\ \/ \b\f\n\r\t)", R"(\ud83d\ude00)", R"(\u00e9)", "caf\xC3\xA9", R"(\q)", R"(\)",
        "\xff", R"(a"},"index":"1)", "tab\t", R"(a","role":"b)"}) {
    EXPECT_EQ(continued({chunk("a", ""), chunk(text, ""), chunk("z", "")}),
              continued({chunk("a", " "), chunk(text, "  "), chunk("z", "   ")}))
        << text;
  }
}

}  // namespace
}  // namespace headroom::proxy
