#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_string.h"
#include "compress/registry/registry.h"
#include "context/pipeline.h"
#include "store/test_support.h"

namespace headroom::context {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string log_of(std::string_view job) {
  std::string out;
  for (int i = 0; i < 300; ++i) {
    out += fmt::format("2026-11-01 10:{:02}:{:02} INFO {} step {} done\n", i / 60, i % 60, job, i);
  }
  return out + fmt::format("2026-11-01 10:09:00 ERROR {} failed\n", job);
}

/// An agent's conversation with a model that thinks before each call.
class ThinkingTalk {
 public:
  explicit ThinkingTalk(std::string_view question) {
    messages_.push_back(fmt::format(R"({{"role":"user","content":{}}})", base::encode_json_string(question)));
  }
  void call(std::string_view job) {
    const std::size_t id = ++calls_;
    messages_.push_back(fmt::format(
        R"({{"role":"assistant","content":[{{"type":"thinking","thinking":"","signature":"s{}"}},{{"type":"tool_use","id":"t{}","name":"Bash","input":{{"command":"cat {}"}}}}]}})",
        id, id, job));
    messages_.push_back(
        fmt::format(R"({{"role":"user","content":[{{"type":"tool_result","tool_use_id":"t{}","content":{}}}]}})", id,
                    base::encode_json_string(log_of(job))));
  }
  std::string model = "claude-fable-5-1";
  std::string body() const {
    std::string out = R"({"messages":[)";
    for (std::size_t i = 0; i < messages_.size(); ++i) out += (i > 0 ? "," : "") + messages_[i];
    return out + fmt::format(R"(],"tools":[{{"name":"Bash","input_schema":{{}}}}],"model":"{}"}})", model);
  }
  std::vector<std::string>& messages() { return messages_; }

 private:
  std::vector<std::string> messages_;
  std::size_t calls_ = 0;
};

class BoundThinkingTest : public ::testing::Test {
 protected:
  Pipeline process() {
    PipelineOptions options;
    options.decisions = decisions_.get();
    return {registry_, store_.get(), clock_, std::move(options)};
  }
  static std::string sent(const Pipeline& pipeline, const ThinkingTalk& talk) {
    RequestOptions request;
    request.owner = "someone";
    request.offer = ToolOffer::kEager;
    const std::string body = talk.body();
    const Outcome out = pipeline.compress_request(wire::Api::kAnthropicMessages, body, request);
    EXPECT_FALSE(out.failed) << out.skip_reason;
    return out.changed ? out.body : body;
  }
  static std::string messages_of(const std::string& body) { return body.substr(0, body.rfind("],\"tools\"")); }
  static bool has_tool(const std::string& body) { return body.contains("headroom_retrieve"); }

  compress::Registry registry_ = compress::Registry::standard();
  base::FakeClock clock_;
  std::unique_ptr<store::OriginalStore> store_ = store::make_memory_store({}, clock_);
  std::unique_ptr<store::DecisionStore> decisions_ = store::make_memory_decisions({}, clock_);
};

TEST_F(BoundThinkingTest, WhatWasThoughtElsewhereKeepsWhatItIsBoundTo) {
  ThinkingTalk talk("which jobs failed?");
  talk.call("alpha");
  talk.call("beta");
  const std::string first = sent(process(), talk);
  EXPECT_THAT(first, HasSubstr("alpha step 150 done")) << "the thinking behind it holds only while it is there";
  EXPECT_THAT(first, Not(HasSubstr("beta step 150 done"))) << "nothing was thought behind it";
  EXPECT_FALSE(has_tool(first)) << "another list of tools would cost all thinking";
  talk.call("gamma");
  const std::string next = sent(process(), talk);
  EXPECT_THAT(messages_of(next), StartsWith(messages_of(first))) << "also after a restart";
  EXPECT_THAT(next, Not(HasSubstr("gamma step 150 done")));
  EXPECT_FALSE(has_tool(next));
}

TEST_F(BoundThinkingTest, WhatPassedHereStaysAsItWasSent) {
  ThinkingTalk talk("which jobs failed?");
  const std::string begun = sent(process(), talk);
  EXPECT_TRUE(has_tool(begun));
  talk.call("alpha");
  const std::string first = sent(process(), talk);
  EXPECT_THAT(first, Not(HasSubstr("alpha step 150 done")));
  talk.call("beta");
  const std::string next = sent(process(), talk);
  EXPECT_THAT(messages_of(next), StartsWith(messages_of(first)));
  EXPECT_THAT(next, Not(HasSubstr("beta step 150 done")));
  EXPECT_TRUE(has_tool(next));
}

TEST_F(BoundThinkingTest, AnotherModelGoesOnWithWhatTheFirstWasSent) {
  ThinkingTalk talk("which jobs failed?");
  sent(process(), talk);
  talk.call("alpha");
  const std::string first = sent(process(), talk);
  talk.model = "claude-opus-5-5";
  talk.call("beta");
  const std::string next = sent(process(), talk);
  EXPECT_THAT(messages_of(next), StartsWith(messages_of(first)));
  EXPECT_THAT(next, Not(HasSubstr("beta step 150 done")));
  EXPECT_TRUE(has_tool(next));
  talk.model = "claude-fable-5-1";
  talk.call("gamma");
  EXPECT_THAT(messages_of(sent(process(), talk)), StartsWith(messages_of(next)));
}

TEST_F(BoundThinkingTest, AModelThatIsAskedBeforeAnyResultKeepsTheTool) {
  ThinkingTalk talk("which jobs failed?");
  sent(process(), talk);
  talk.messages().emplace_back(
      R"({"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"s"},{"type":"text","text":"Where are they?"}]})");
  talk.messages().emplace_back(R"({"role":"user","content":"in /var/log"})");
  talk.model = "claude-opus-5-5";
  EXPECT_TRUE(has_tool(sent(process(), talk)));
}

TEST_F(BoundThinkingTest, ResultsBehindAnEditOfTheClientsStaySmall) {
  ThinkingTalk talk("it is 10:00. which jobs failed?");
  sent(process(), talk);
  talk.call("alpha");
  const std::string first = sent(process(), talk);
  talk.messages().front() = R"({"role":"user","content":"it is 10:01. which jobs failed?"})";
  talk.call("beta");
  const std::string next = sent(process(), talk);
  EXPECT_THAT(next, Not(HasSubstr("alpha step 150 done")));
  EXPECT_THAT(next, Not(HasSubstr("beta step 150 done")));
  EXPECT_TRUE(has_tool(next));
}

TEST_F(BoundThinkingTest, OlderModelsReadTheirThinkingBehindAnything) {
  ThinkingTalk talk("which jobs failed?");
  talk.model = "claude-opus-5";
  talk.call("alpha");
  talk.call("beta");
  const std::string first = sent(process(), talk);
  EXPECT_THAT(first, Not(HasSubstr("alpha step 150 done")));
  EXPECT_TRUE(has_tool(first));
}

TEST_F(BoundThinkingTest, WhereNothingIsKeptAllIsDecidedAgain) {
  ThinkingTalk talk("which jobs failed?");
  talk.call("alpha");
  talk.call("beta");
  const Pipeline pipeline(registry_, store_.get(), clock_, {});
  EXPECT_THAT(sent(pipeline, talk), Not(HasSubstr("alpha step 150 done"))) << "a restart would do it again";
}

}  // namespace
}  // namespace headroom::context
