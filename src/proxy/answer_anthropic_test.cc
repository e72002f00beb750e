#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/json_canonical.h"
#include "base/json_document.h"
#include "proxy/answer_merger.h"

namespace headroom::proxy {
namespace {

// As Anthropic writes it, where `named`.
std::string event(std::string_view data, bool named = false) {
  if (!named) return fmt::format("data: {}\n\n", data);
  const std::size_t at = data.find(R"("type":")") + 8;
  return fmt::format("event: {}\ndata: {}\n\n", data.substr(at, data.find('"', at) - at), data);
}

struct Made {
  std::string out, request;
  bool operator==(const Made&) const = default;
};

/// An answer of a text and a call of the retrieve tool, and the request that the turn goes on with.
Made merged(const std::vector<std::string>& deltas, bool named = false) {
  const auto merger = make_answer_merger(wire::Api::kAnthropicMessages, true);
  merger->begin_round(true);
  Made made;
  const auto feed = [&](std::string_view data) { merger->feed(event(data, named), made.out); };
  feed(R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})");
  for (const std::string& delta : deltas) feed(delta);
  feed(R"({"type":"content_block_stop","index":0})");
  feed(
      R"({"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"headroom_retrieve","input":{}}})");
  feed(R"({"type":"content_block_stop","index":1})");
  feed(R"({"type":"message_delta","delta":{"stop_reason":"tool_use"}})");
  const auto calls = merger->finish_round(made.out);
  EXPECT_EQ(calls.size(), 1U);
  made.request = merger->continue_request(R"({"messages":[{"role":"user","content":"q"}]})", {"rows"});
  return made;
}

std::string delta(std::string_view text, std::string_view space = "", std::string_view index = "0",
                  std::string_view end = "") {
  return fmt::format(R"({{{}"type":"content_block_delta","index":{},"delta":{{"type":"text_delta","text":"{}"}}{}}})",
                     space, index, text, end);
}

/// All members, in a form that does not depend on how they are written.
std::string said(const base::JsonDocument& document) {
  std::string all;
  for (const auto& node : document.children(document.root())) base::append_canonical_json(document, node, all);
  return all;
}

// Events like the one before are read without a parse; other spaces in each have all of them parsed.
TEST(AnthropicEvents, ATextIsTheSameWithoutAParse) {
  for (const std::string_view text : {"",
                                      "plain",
                                      R"(\u0000 \" \\ \/ \b\f\n\r\t)",
                                      R"(\\)",
                                      R"(\\\")",
                                      R"(\ud83d\ude00)",
                                      R"(\u00e9 \u00E9)",
                                      "é \x7f",
                                      R"(\ud83d)",
                                      R"(\ude00 x)",
                                      R"(\ud83d\u0041)",
                                      R"(\u12)",
                                      R"(\uzzzz)",
                                      R"(\q)",
                                      R"(\)",
                                      "\xff",
                                      "\xed\xa0\x80",
                                      R"(a","text":"b)",
                                      R"(a"},"index":"1)",
                                      R"(a"}, "x":{"y":"z)",
                                      "tab\t",
                                      "two\nlines"}) {
    const Made quick = merged({delta("a"), delta(text), delta("z")});
    EXPECT_EQ(merged({delta("a"), delta(text), delta("z")}, true).request, quick.request) << text;
    Made parsed = merged({delta("a", " "), delta(text, "  "), delta("z", "   ")});
    const auto request = base::JsonDocument::parse(quick.request);
    ASSERT_TRUE(request) << text;
    const auto slow = base::JsonDocument::parse(parsed.request);
    ASSERT_TRUE(slow) << text;
    EXPECT_EQ(said(*request), said(*slow)) << text;
  }
  for (const std::string_view index : {"0", "-0", "0.0", "1", "7", "18446744073709551616", "-1", ""}) {
    EXPECT_EQ(merged({delta("a", "", index)}).request, merged({delta("a", " ", index)}).request) << index;
  }
  for (const std::string_view end : {" ", "    ", "\t", ",", ",\"index\":1", "}", "\ndata: ", "\ndata: ,\"x\":1"}) {
    EXPECT_EQ(merged({delta("a", "", "0", end)}).request, merged({delta("a", " ", "0", end)}).request) << end;
  }
}

// What a block gets goes where it belongs, however deltas of several kinds and blocks follow each other.
TEST(AnthropicEvents, DeltasOfSeveralKindsAreTheSameWithoutAParse) {
  const std::vector<std::string> members = {R"("delta":{"type":"thinking_delta","thinking":"one \n \u00e9"})",
                                            R"("delta":{"type":"thinking_delta","thinking":"two \"quoted\""})",
                                            R"("delta":{"type":"signature_delta","signature":"abc"})",
                                            R"("delta":{"type":"thinking_delta","thinking":"three"})",
                                            R"("delta":{"type":"text_delta","text":"with more","extra":"x"})",
                                            R"("delta":{"type":"text_delta","text":"with again","extra":"x"})",
                                            R"("delta":{"type":"citations_delta","citation":{"c":1}})",
                                            R"("delta":{"type":"text_delta","text":"last"})",
                                            R"("delta":{"type":"input_json_delta","partial_json":"{\"a\":"})",
                                            R"("delta":{"type":"input_json_delta","partial_json":"\"b\\n\"}"})"};
  std::vector<std::string> quick, parsed;
  std::string space;
  for (const std::string& member : members) {
    quick.push_back(R"({"type":"content_block_delta","index":0,)" + member + "}");
    parsed.push_back("{" + (space += ' ') + quick.back().substr(1));
  }
  const Made fast = merged(quick), slow = merged(parsed);
  const auto request = base::JsonDocument::parse(fast.request), other = base::JsonDocument::parse(slow.request);
  ASSERT_TRUE(request && other);
  EXPECT_EQ(said(*request), said(*other));
  EXPECT_TRUE(fast.request.contains(R"("input":{"a":"b\n"})")) << fast.request;
}

}  // namespace
}  // namespace headroom::proxy
