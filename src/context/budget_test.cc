#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_string.h"
#include "context/pipeline.h"

namespace headroom::context {
namespace {

using ::testing::HasSubstr;

std::string log_text(int lines, int salt) {
  std::string out;
  for (int i = 0; i < lines; ++i) {
    out += fmt::format("2026-01-02T03:{:02}:{:02}Z INFO worker-{} job {} done in {} ms, note {}\n", i / 60 % 60, i % 60,
                       i % 7, i * 7919 % 10007 + salt, i * 31 % 97, i * 131071 % 65537);
  }
  return out;
}

/// A request with one result for each text, of tools t0, t1, ...
std::string request(const std::vector<std::string>& texts) {
  std::string body = R"({"model":"gpt-4o","messages":[{"role":"user","content":"what happened?"})";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    body += fmt::format(
        R"(,{{"role":"assistant","content":null,"tool_calls":[{{"id":"c{}","function":{{"name":"t{}","arguments":"{{}}"}}}}]}},{{"role":"tool","tool_call_id":"c{}","content":{}}})",
        i, i, i, base::encode_json_string(texts[i]));
  }
  return body + "]}";
}

class BudgetTest : public ::testing::Test {
 protected:
  Outcome run(const std::string& body, PipelineOptions options = {}, const RequestOptions& with = {}) {
    return Pipeline(registry_, store_.get(), clock_, std::move(options))
        .compress_request(wire::Api::kOpenAiChat, body, with);
  }

  compress::Registry registry_ = compress::Registry::standard();
  base::FakeClock clock_;
  std::unique_ptr<store::OriginalStore> store_ = store::make_memory_store({}, clock_);
};

TEST_F(BudgetTest, IsMetWhenItCanBe) {
  const std::string body = request({log_text(3000, 1), log_text(1500, 2), log_text(100, 3)});
  const std::size_t usual = run(body).tokens_after;
  const std::size_t least = run(body, {}, {.token_budget = 1}).tokens_after;
  ASSERT_LT(least, usual);
  const std::size_t budget = least + (usual - least) * 9 / 10;
  const Outcome out = run(body, {}, {.token_budget = budget});
  EXPECT_LE(out.tokens_after, budget);
  EXPECT_TRUE(out.budget_note.empty()) << out.budget_note;
  EXPECT_EQ(run(body, {}, {.token_budget = budget}).body, out.body) << "the same every time";
  EXPECT_EQ(run(body, {}, {.token_budget = usual * 2}).body, run(body).body) << "nothing to do";
}

TEST_F(BudgetTest, SaysWhenItCannotBeMet) {
  const Outcome out = run(request({log_text(300, 1)}), {}, {.token_budget = 5});
  EXPECT_TRUE(out.changed);
  EXPECT_THAT(out.budget_note, HasSubstr("over the budget of 5"));
}

TEST_F(BudgetTest, LevelsOfToolsHoldWhateverTheRequestSays) {
  const std::string body = request({log_text(400, 1), log_text(400, 2)});
  PipelineOptions options;
  options.tool_levels = {{"T1", Level{.lossless = true}}};
  const Outcome out = run(body, options, {.level = Level{.profile = compress::Profile::kAggressive}});
  ASSERT_EQ(out.blocks.size(), 2U);
  EXPECT_FALSE(out.blocks[0].ids.empty());
  EXPECT_TRUE(out.blocks[1].ids.empty()) << out.blocks[1].strategy;
  const Outcome tight = run(body, options, {.token_budget = 50});
  EXPECT_TRUE(tight.blocks[1].ids.empty());
}

TEST_F(BudgetTest, TheRequestsLevelCounts) {
  const std::string body = request({log_text(400, 1)});
  EXPECT_TRUE(run(body, {}, {.level = Level{.lossless = true}}).ids.empty());
  EXPECT_LE(run(body, {}, {.level = Level{.profile = compress::Profile::kAggressive}}).tokens_after,
            run(body).tokens_after);
}

TEST(Levels, AreRead) {
  EXPECT_TRUE(level_from_name("lossless")->lossless);
  EXPECT_FALSE(level_from_name("lossy"));
  const auto levels = tool_levels({"Bash=aggressive", "mcp__db__*=lossless"});
  ASSERT_TRUE(levels);
  EXPECT_EQ(levels->at(1).glob, "mcp__db__*");
  EXPECT_TRUE(levels->at(1).level.lossless);
  for (const char* bad : {"Bash", "Bash=", "=lossless", "Bash=huge"}) EXPECT_FALSE(tool_levels({bad})) << bad;
}

}  // namespace
}  // namespace headroom::context
