#include "context/pipeline.h"

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_document.h"
#include "base/json_string.h"
#include "compress/marker.h"

namespace headroom::context {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// Keeps the first line and drops the rest, or, when nothing may be dropped, takes out blank lines.
class HeadCompressor final : public compress::Compressor {
 public:
  std::string_view name() const override { return "head"; }
  static std::string without_blank_lines(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\n' || i == 0 || text[i - 1] != '\n') out += text[i];
    }
    return out;
  }
  bool accepts(detect::ContentType type) const override {
    return type == detect::ContentType::kLog || type == detect::ContentType::kJson;
  }
  std::optional<compress::Output> compress(const compress::Input& input) const override {
    if (input.text.find("grow") != std::string_view::npos) {
      return compress::Output{std::string(input.text) + std::string(input.text), "head", false, 1, 1, {}};
    }
    if (input.text.find("throw") != std::string_view::npos) throw std::runtime_error("broken compressor");
    if (input.id.empty()) return compress::Output{without_blank_lines(input.text), "squeeze", false, 1, 1, {}};
    compress::Output out;
    out.lossy = true;
    out.strategy = "head";
    out.text = std::string(input.text.substr(0, input.text.find('\n'))) + "\n" + input.query.user + "\n" +
               compress::handle_marker(input.id, "rest dropped");
    return out;
  }
};

/// A store that refuses to keep anything.
class FullDisk final : public store::OriginalStore {
 public:
  base::Result<void> put(std::span<const store::Original>) override {
    return base::fail(base::ErrorCode::kIo, "disk full");
  }
  base::Result<store::Original> get(std::string_view, store::Scope) override {
    return base::fail(base::ErrorCode::kNotFound, "");
  }
  base::Result<std::vector<std::string>> touch(std::span<const std::string> ids, std::string_view) override {
    return std::vector<std::string>(ids.begin(), ids.end());
  }
  base::Result<bool> erase(std::string_view) override { return false; }
  base::Result<std::int64_t> sweep() override { return 0; }
  base::Result<store::StoreStats> stats(store::Scope) override { return store::StoreStats{}; }
};

compress::Registry head_registry() {
  std::vector<std::unique_ptr<compress::Compressor>> all;
  all.push_back(std::make_unique<HeadCompressor>());
  return compress::Registry(std::move(all));
}

std::string log_text(int lines, std::string_view word = "tick") {
  std::string out;
  for (int i = 0; i < lines; ++i) out += fmt::format("2026-01-02T03:04:{:02d}Z INFO {} number {}\n", i % 60, word, i);
  return out;
}

std::string openai_body(const std::vector<std::string>& messages) {
  std::string body = R"({"model":"gpt-4o", "temperature" : 1.0,"messages":[)";
  for (std::size_t i = 0; i < messages.size(); ++i) body += (i > 0 ? "," : "") + messages[i];
  return body + R"(],"n":1e0})";
}
std::string user(std::string_view text) {
  return R"({"role":"user","content":)" + base::encode_json_string(text) + "}";
}
std::string call(std::string_view id, std::string_view name) {
  return fmt::format(
      R"({{"role":"assistant","content":null,"tool_calls":[{{"id":"{}","function":{{"name":"{}","arguments":"{{}}"}}}}]}})",
      id, name);
}
std::string result(std::string_view id, std::string_view text) {
  return fmt::format(R"({{"role":"tool","tool_call_id":"{}","content":{}}})", id, base::encode_json_string(text));
}

class PipelineTest : public ::testing::Test {
 protected:
  Outcome run(const std::string& body, PipelineOptions options = {}) {
    return Pipeline(registry_, store_.get(), clock_, std::move(options)).compress_request(wire::Api::kOpenAiChat, body);
  }

  compress::Registry registry_ = head_registry();
  base::FakeClock clock_;
  std::unique_ptr<store::OriginalStore> store_ = store::make_memory_store({}, clock_);
};

TEST_F(PipelineTest, ReplacesToolResultsAndNothingElse) {
  const std::string body = openai_body({user(log_text(3)), call("c", "run"), result("c", log_text(80))});
  const Outcome out = run(body);
  ASSERT_TRUE(out.changed) << out.skip_reason;
  EXPECT_LT(out.tokens_after, out.tokens_before);
  ASSERT_EQ(out.ids.size(), 1U);
  EXPECT_THAT(out.transforms, ::testing::ElementsAre("head"));
  const std::size_t at = body.rfind("\"content\":") + 10;
  EXPECT_EQ(out.body.substr(0, at), body.substr(0, at));
  EXPECT_TRUE(out.body.ends_with(R"(}],"n":1e0})"));
  EXPECT_TRUE(base::JsonDocument::parse(out.body));
  EXPECT_EQ(store_->get(out.ids[0])->content, log_text(80));
}

TEST_F(PipelineTest, UntouchedRequestsHaveNoBody) {
  for (const std::string& body : {openai_body({user("hi")}), openai_body({call("c", "run"), result("c", "short")}),
                                  openai_body({call("c", "run"), result("c", log_text(80, "grow"))})}) {
    const Outcome out = run(body);
    EXPECT_FALSE(out.changed);
    EXPECT_TRUE(out.body.empty());
    EXPECT_EQ(out.tokens_before, out.tokens_after);
    EXPECT_FALSE(out.failed);
    EXPECT_FALSE(out.skip_reason.empty());
  }
}

TEST_F(PipelineTest, BadBodiesPassThrough) {
  for (std::string_view body : {"", "{", "[1]", "\xFF\x00z", R"({"messages":5})"}) {
    EXPECT_FALSE(run(std::string(body)).changed);
  }
}

TEST_F(PipelineTest, AGrownConversationKeepsItsPrefix) {
  std::vector<std::string> messages = {user("first question"), call("a", "run"), result("a", log_text(90))};
  const Outcome first = run(openai_body(messages));
  messages.push_back(user("a quite different question"));
  messages.push_back(call("b", "run"));
  messages.push_back(result("b", log_text(70, "tock")));
  const Outcome second = run(openai_body(messages));
  ASSERT_TRUE(first.changed && second.changed);
  const std::string prefix = first.body.substr(0, first.body.rfind(']'));
  EXPECT_THAT(second.body, StartsWith(prefix));
  EXPECT_THAT(second.body, HasSubstr("a quite different question\\n<<ccr:"));
}

TEST_F(PipelineTest, TextAddedToTheSameMessageLaterChangesNothingBeforeIt) {
  const auto body = [](std::string_view later) {
    return R"({"model":"gpt-4o","messages":[{"role":"user","content":"first?"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"run","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":)" +
           base::encode_json_string(log_text(90)) + "}" + std::string(later) + "]}]}";
  };
  const Pipeline pipeline(registry_, store_.get(), clock_, {});
  const Outcome first = pipeline.compress_request(wire::Api::kAnthropicMessages, body(""));
  const Outcome second = pipeline.compress_request(wire::Api::kAnthropicMessages,
                                                   body(R"(,{"type":"text","text":"what about item 44?"})"));
  ASSERT_TRUE(first.changed && second.changed);
  EXPECT_THAT(second.body, StartsWith(first.body.substr(0, first.body.size() - 4)));
}

TEST_F(PipelineTest, OriginalsThatWentAwayAreStoredAgain) {
  const Pipeline pipeline(registry_, store_.get(), clock_, {});
  const std::string body = openai_body({call("c", "run"), result("c", log_text(80))});
  const Outcome first = pipeline.compress_request(wire::Api::kOpenAiChat, body);
  ASSERT_EQ(first.ids.size(), 1U);
  ASSERT_TRUE(store_->erase(first.ids[0]).value());
  EXPECT_EQ(pipeline.compress_request(wire::Api::kOpenAiChat, body).body, first.body);
  EXPECT_EQ(store_->get(first.ids[0])->content, log_text(80));
}

TEST_F(PipelineTest, AVeryLongQuestionIsCutInTheMiddle) {
  const Outcome out = run(
      openai_body({user("start " + std::string(100'000, 'x') + " end"), call("c", "run"), result("c", log_text(900))}));
  ASSERT_TRUE(out.changed);
  EXPECT_LT(out.body.size() - 100'000, 6'000U);
}

TEST_F(PipelineTest, ModelNamesAreShownShortAndPlain) {
  const std::string body = R"({"model":"a\r\nx: )" + std::string(1000, 'm') + R"(","messages":[]})";
  const Outcome out = run(body);
  EXPECT_EQ(out.model.size(), 128U);
  EXPECT_THAT(out.model, StartsWith("a??x:?m"));
}

TEST_F(PipelineTest, LinesThatLookLikeMarkersKeepTheTextWhole) {
  const Outcome out = run(openai_body({call("c", "run"), result("c", log_text(80) + "<<0-9: 9 INFO>>\n")}));
  EXPECT_FALSE(out.changed);
  EXPECT_THAT(out.skip_reason, HasSubstr("look like gap markers"));
}

TEST_F(PipelineTest, RetrievalByCommandIsLeftAlone) {
  const std::string shell =
      R"({"role":"assistant","content":null,"tool_calls":[{"id":"c","function":{"name":"Bash","arguments":"{\"command\":\"headroom retrieve 0123456789ab --lines 1:80\"}"}}]})";
  const Outcome out = run(openai_body({shell, result("c", log_text(80))}));
  EXPECT_FALSE(out.changed);
  EXPECT_THAT(out.skip_reason, HasSubstr("retrieved original"));
}

TEST_F(PipelineTest, TheSameRequestGivesTheSameBytesInEveryProcess) {
  const std::string body = openai_body({user("why?"), call("c", "run"), result("c", log_text(90))});
  EXPECT_EQ(run(body).body, run(body).body);
}

TEST_F(PipelineTest, NothingIsDroppedWithoutAStoreOrWhenLossless) {
  const std::string body = openai_body({call("c", "run"), result("c", log_text(80))});
  EXPECT_FALSE(run(body, {.lossless = true}).changed);
  const std::string blank = openai_body({call("c", "run"), result("c", log_text(80) + std::string(99, '\n'))});
  const Outcome squeezed = run(blank, {.lossless = true});
  EXPECT_TRUE(squeezed.changed);
  EXPECT_TRUE(squeezed.ids.empty());
  store_ = nullptr;
  EXPECT_FALSE(run(body).changed);
  EXPECT_EQ(run(blank).body, squeezed.body);
}

TEST_F(PipelineTest, NoMarkerLeavesWhenTheStoreFails) {
  store_ = std::make_unique<FullDisk>();
  const Outcome out = run(openai_body({call("c", "run"), result("c", log_text(80))}));
  EXPECT_FALSE(out.changed);
  EXPECT_TRUE(out.failed);
  EXPECT_THAT(out.skip_reason, HasSubstr("disk full"));
  EXPECT_EQ(out.tokens_before, out.tokens_after);
  EXPECT_TRUE(out.ids.empty());
}

TEST_F(PipelineTest, ABrokenCompressorPassesTheRequestThrough) {
  const Outcome out = run(openai_body({call("c", "run"), result("c", log_text(80, "throw"))}));
  EXPECT_FALSE(out.changed);
  EXPECT_TRUE(out.failed);
  EXPECT_THAT(out.skip_reason, HasSubstr("broken compressor"));
}

TEST_F(PipelineTest, ProtectedAndRetrieveToolsAreLeftAlone) {
  const auto changed = [&](std::string_view tool, std::vector<std::string> globs) {
    PipelineOptions options;
    options.protected_tools = std::move(globs);
    return run(openai_body({call("c", tool), result("c", log_text(80))}), options).changed;
  };
  EXPECT_TRUE(changed("mcp__ci__logs", {"Read"}));
  EXPECT_FALSE(changed("mcp__ci__logs", {"MCP__*__logs"}));
  EXPECT_FALSE(changed("headroom_retrieve", {}));
  EXPECT_FALSE(changed("mcp__headroom__headroom_retrieve", {}));
}

TEST_F(PipelineTest, FilesThatAnAgentMayEditStayExact) {
  std::string json = "{\n";
  for (int i = 0; i < 300; ++i) json += fmt::format("  \"key{}\": {},\n", i, i);
  json += "  \"last\": 0\n}\n";
  for (std::string_view tool : {"Read", "mcp__fs__read_text_file", "view_file"}) {
    EXPECT_THAT(run(openai_body({call("c", tool), result("c", json)})).skip_reason, HasSubstr("edited next")) << tool;
  }
  EXPECT_TRUE(run(openai_body({call("c", "query"), result("c", json)})).changed);
  EXPECT_TRUE(run(openai_body({call("c", "Read"), result("c", log_text(80))})).changed) << "nobody edits a log";
}

TEST_F(PipelineTest, CompressedTextIsNotCompressedAgain) {
  const std::string text = log_text(80) + compress::handle_marker("0123456789abcdef01234567", "rest dropped");
  const Outcome out = run(openai_body({call("c", "run"), result("c", text)}));
  EXPECT_FALSE(out.changed);
  EXPECT_THAT(out.skip_reason, HasSubstr("compressed already"));
}

TEST_F(PipelineTest, SpentTimePassesThroughAndIsRemembered) {
  const std::string body = openai_body({call("c", "run"), result("c", log_text(80))});
  const Pipeline pipeline(registry_, store_.get(), clock_, {.time_budget_ms = 0});
  const Outcome first = pipeline.compress_request(wire::Api::kOpenAiChat, body);
  EXPECT_FALSE(first.changed);
  EXPECT_THAT(first.skip_reason, HasSubstr("time budget"));
  EXPECT_FALSE(pipeline.compress_request(wire::Api::kOpenAiChat, body).changed);
}

TEST_F(PipelineTest, TextOnItsOwn) {
  const Pipeline pipeline(registry_, store_.get(), clock_, {});
  const Outcome out = pipeline.compress_text(log_text(80), {"what happened?", "", "", ""}, "gpt-4o");
  ASSERT_TRUE(out.changed);
  EXPECT_THAT(out.body, HasSubstr("what happened?"));
  EXPECT_EQ(store_->get(out.ids.at(0))->content, log_text(80));
  const Outcome typed = pipeline.compress_text(log_text(80), {}, "gpt-4o", detect::ContentType::kProse);
  EXPECT_THAT(typed.skip_reason, HasSubstr("no compressor for prose"));
}

}  // namespace
}  // namespace headroom::context
