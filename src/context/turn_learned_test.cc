#include <array>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_string.h"
#include "compress/registry/registry.h"
#include "context/turn.h"

// What models often ask for is left out less, in conversations that begin later.

namespace headroom::context {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::string rows(int from, int count = 300) {
  std::string out = "[";
  for (int i = from; i < from + count; ++i) {
    out += fmt::format(R"({}{{"id":{},"name":"item-{}","state":"ok","delay_ms":{}}})", i > from ? "," : "", i, i % 17,
                       20 + i * 7 % 90);
  }
  return out + "]";
}

class LearnedTest : public ::testing::Test {
 protected:
  Pipeline process(bool learns = true, Level level = {}) {
    PipelineOptions options;
    options.decisions = decisions_.get();
    options.offers = learns ? offers_.get() : nullptr;
    options.lossless = level.lossless;
    options.profile = level.profile;
    return {registry_, store_.get(), clock_, std::move(options)};
  }
  /// A conversation that begins with the question and reads these results.
  static std::string body(std::string_view question, const std::vector<std::string>& results) {
    std::string messages = fmt::format(R"({{"role":"user","content":{}}})", base::encode_json_string(question));
    for (std::size_t i = 0; i < results.size(); ++i) {
      messages += fmt::format(
          R"(,{{"role":"assistant","content":[{{"type":"tool_use","id":"t{0}","name":"run_query","input":{{"q":{0}}}}}]}},)"
          R"({{"role":"user","content":[{{"type":"tool_result","tool_use_id":"t{0}","content":{1}}}]}})",
          i, base::encode_json_string(results[i]));
    }
    return fmt::format(
        R"({{"model":"claude-sonnet-4-5","tools":[{{"name":"run_query","input_schema":{{"type":"object"}}}}],"messages":[{}]}})",
        messages);
  }
  static Outcome send(const Pipeline& pipeline, std::string_view body, std::string project = {}) {
    RequestOptions request;
    request.offer = ToolOffer::kEager;
    request.project = std::move(project);
    return pipeline.compress_request(wire::Api::kAnthropicMessages, body, request);
  }
  /// So many conversations, and the model asks for what was left out in each.
  void asked_for(const Pipeline& pipeline, int conversations, std::string_view name, bool retrieve = true) {
    for (int i = 0; i < conversations; ++i) {
      const Outcome out = send(pipeline, body(fmt::format("{} {}?", name, i), {rows(1000 * i)}));
      ASSERT_EQ(out.ids.size(), 1U) << out.skip_reason;
      if (!retrieve) continue;
      ASSERT_TRUE(offers_->retrieve(out.ids.front(), "").value());
    }
  }

  compress::Registry registry_ = compress::Registry::standard();
  base::FakeClock clock_;
  std::unique_ptr<store::OriginalStore> store_ = store::make_memory_store({}, clock_);
  std::unique_ptr<store::DecisionStore> decisions_ = store::make_memory_decisions({}, clock_);
  std::unique_ptr<store::OfferRecord> offers_ = store::make_memory_offers({}, clock_);
};

TEST_F(LearnedTest, AToolWhoseResultsAreAskedForBecomesGentlerInNewConversations) {
  const Pipeline pipeline = process();
  const std::string began = body("a long talk", {rows(50'000)});
  const Outcome before = send(pipeline, began);
  asked_for(pipeline, 12, "show");
  const Outcome again = send(pipeline, began);
  EXPECT_EQ(again.body, before.body);
  const Outcome grown = send(pipeline, body("a long talk", {rows(50'000), rows(60'000)}));
  EXPECT_TRUE(grown.body.starts_with(before.body.substr(0, before.body.rfind("]}"))));
  EXPECT_EQ(grown.blocks.at(1).gentleness, Gentleness::kUsual) << "what it has not seen when it began";

  const Outcome fresh = send(pipeline, body("a new talk", {rows(50'000)}));
  ASSERT_EQ(fresh.blocks.size(), 1U);
  EXPECT_EQ(fresh.blocks[0].gentleness, Gentleness::kGentler);
  EXPECT_GT(fresh.blocks[0].records_kept, before.blocks.at(0).records_kept);
  EXPECT_GT(fresh.tokens_after, before.tokens_after);
  EXPECT_LT(fresh.tokens_after, fresh.tokens_before);
  EXPECT_THAT(fresh.blocks[0].notes, Contains(HasSubstr("9 of 11 originals were asked for")));
}

TEST_F(LearnedTest, WhatAConversationBeganWithHoldsForAllOfIt) {
  asked_for(process(), 12, "show");
  const Outcome first = send(process(), body("a new talk", {rows(50'000)}));
  ASSERT_EQ(first.blocks.at(0).gentleness, Gentleness::kGentler);
  ASSERT_TRUE(offers_->forget(std::nullopt, store::kEveryProject));
  const Outcome next = send(process(), body("a new talk", {rows(50'000), rows(60'000)}));
  EXPECT_TRUE(next.body.starts_with(first.body.substr(0, first.body.rfind("]}"))));
  EXPECT_EQ(next.blocks.at(1).gentleness, Gentleness::kGentler);
  const Outcome other = send(process(), body("after the reset", {rows(50'000)}));
  EXPECT_EQ(other.blocks.at(0).gentleness, Gentleness::kUsual);
}

TEST_F(LearnedTest, AConversationThatBeganWithoutResultsIsFixedToo) {
  const Pipeline pipeline = process();
  ASSERT_TRUE(send(pipeline, body("early", {})).offers_retrieval);
  asked_for(pipeline, 12, "show");
  EXPECT_EQ(send(process(), body("early", {rows(50'000)})).blocks.at(0).gentleness, Gentleness::kUsual);
}

TEST_F(LearnedTest, WhatIsAskedForAllTheSameIsNotLeftOutAnyMore) {
  asked_for(process(), 12, "show");  // two of these are gentler
  asked_for(process(), 8, "show more");
  const Outcome out = send(process(), body("a third time", {rows(50'000)}));
  EXPECT_EQ(out.blocks.at(0).gentleness, Gentleness::kLossless);
  EXPECT_TRUE(out.ids.empty());
  EXPECT_LT(out.tokens_after, out.tokens_before) << "what is exact comes all the same";
}

TEST_F(LearnedTest, WhatIsNotAskedForStaysAsItIs) {
  asked_for(process(), 12, "show", false);
  EXPECT_EQ(send(process(), body("new", {rows(50'000)})).blocks.at(0).gentleness, Gentleness::kUsual);
}

TEST_F(LearnedTest, WhatWasLearnedIsForgottenInTime) {
  asked_for(process(), 12, "show");
  clock_.advance_ms(store::OfferBounds{}.keep_ms + 1);
  EXPECT_EQ(send(process(), body("new", {rows(50'000)})).blocks.at(0).gentleness, Gentleness::kUsual);
}

TEST_F(LearnedTest, OneProjectLearnsNothingFromAnother) {
  asked_for(process(), 12, "show");
  EXPECT_EQ(send(process(), body("new", {rows(50'000)}), "shop").blocks.at(0).gentleness, Gentleness::kUsual);
}

TEST_F(LearnedTest, NothingIsLearnedWhereTheModelCannotAsk) {
  const Pipeline pipeline = process();
  RequestOptions request;  // offers nothing
  const Outcome out = pipeline.compress_request(wire::Api::kAnthropicMessages, body("q", {rows(1)}), request);
  ASSERT_FALSE(out.ids.empty());
  EXPECT_TRUE(offers_->counts(store::kEveryProject)->empty());
  request.offer = ToolOffer::kEager;
  request.counts_only = true;
  ASSERT_TRUE(pipeline.compress_request(wire::Api::kAnthropicMessages, body("r", {rows(1)}), request).offers_retrieval);
  EXPECT_TRUE(offers_->counts(store::kEveryProject)->empty()) << "counting leaves no trace";
}

TEST_F(LearnedTest, ATokenBudgetIsMetAllTheSame) {
  asked_for(process(), 12, "show");
  RequestOptions request;
  request.offer = ToolOffer::kEager;
  request.token_budget = 700;
  const Outcome out = process().compress_request(wire::Api::kAnthropicMessages, body("tight", {rows(50'000)}), request);
  EXPECT_LE(out.tokens_after, 700U) << out.budget_note;
}

TEST_F(LearnedTest, WithoutItEverythingIsAsBefore) {
  asked_for(process(), 12, "show");
  const Outcome out = send(process(false), body("new", {rows(50'000)}));
  EXPECT_EQ(out.blocks.at(0).gentleness, Gentleness::kUsual);
}

}  // namespace
}  // namespace headroom::context
