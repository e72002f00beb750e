#include "context/placed_decisions.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/json_string.h"
#include "compress/registry/registry.h"
#include "context/pipeline.h"

namespace headroom::context {
namespace {

/// Another process's handle of the same store, with something that happens there just before this one writes.
class Interrupted final : public store::DecisionStore {
 public:
  explicit Interrupted(std::unique_ptr<store::DecisionStore> inner) : inner_(std::move(inner)) {}

  std::function<void()> before_put;

  base::Result<store::ConversationUse> use(std::string_view conversation, std::string_view project) override {
    return inner_->use(conversation, project);
  }
  base::Result<store::ConversationUse> last_use(std::string_view conversation) override {
    return inner_->last_use(conversation);
  }
  base::Result<void> note_cache(std::string_view conversation, bool used) override {
    return inner_->note_cache(conversation, used);
  }
  base::Result<std::vector<std::string>> find(std::string_view conversation,
                                              std::span<const std::string> places) override {
    return inner_->find(conversation, places);
  }
  base::Result<std::vector<std::string>> put(std::string_view conversation,
                                             std::span<const store::DecisionRow> rows) override {
    if (const auto interrupt = std::exchange(before_put, {})) interrupt();
    return inner_->put(conversation, rows);
  }
  base::Result<std::vector<store::DecisionRow>> revisions(std::string_view conversation) override {
    return inner_->revisions(conversation);
  }
  base::Result<std::string> add_revision(std::string_view conversation, const store::DecisionRow& row) override {
    return inner_->add_revision(conversation, row);
  }
  base::Result<std::int64_t> sweep() override { return inner_->sweep(); }

 private:
  std::unique_ptr<store::DecisionStore> inner_;
};

std::string report(int changed) {
  std::string out;
  for (int i = 1; i <= 90; ++i) {
    out += fmt::format("part {} of the report holds {} and {}\n", i, i * 37 % 91, i == 40 ? changed : i * i);
  }
  return out;
}

std::string body_of(const std::vector<std::string>& results) {
  std::string body = R"({"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"compare the reports"})";
  for (std::size_t i = 0; i < results.size(); ++i) {
    body += fmt::format(
        R"(,{{"role":"assistant","content":[{{"type":"tool_use","id":"t{0}","name":"Bash","input":{{"command":"./report {0}"}}}}]}})"
        R"(,{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"t{0}","content":{1}}}]}})",
        i, base::encode_json_string(results[i]));
  }
  return body + "]}";
}

/// Two processes with handles of their own on one file.
class TwoProcesses : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "headroom-placed-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    path_ = pattern + "/ccr.db";
  }
  std::unique_ptr<Interrupted> handle() {
    auto opened = store::open_sqlite_decisions(path_, {}, clock_);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::make_unique<Interrupted>(std::move(*opened));
  }
  Pipeline process(store::DecisionStore& decisions, std::int64_t time_budget_ms) {
    PipelineOptions options;
    options.decisions = &decisions;
    options.time_budget_ms = time_budget_ms;
    return {registry_, store_.get(), clock_, std::move(options)};
  }
  static std::string sent(const Pipeline& pipeline, const std::string& body) {
    const Outcome out = pipeline.compress_request(wire::Api::kAnthropicMessages, body);
    EXPECT_FALSE(out.failed) << out.skip_reason;
    return out.changed ? out.body : body;
  }

  std::string path_;
  compress::Registry registry_ = compress::Registry::standard();
  base::FakeClock clock_;
  std::unique_ptr<store::OriginalStore> store_ = store::make_memory_store({}, clock_);
};

TEST_F(TwoProcesses, OfTwoThatDecideAtOnceTheFirstCountsForBoth) {
  const auto mine = handle(), yours = handle();
  // In a hurry it passes everything through; not in a hurry it would not.
  const Pipeline hurried = process(*mine, 0), patient = process(*yours, 60'000);
  const std::string first = body_of({report(1)}), both = body_of({report(1), report(2)});
  ASSERT_NE(sent(process(*handle(), 60'000), body_of({report(7)})), body_of({report(7)}))
      << "there is something to gain";
  yours->before_put = [&] { EXPECT_EQ(sent(hurried, first), first); };
  const std::string second = sent(patient, both);
  EXPECT_TRUE(second.starts_with(first.substr(0, first.size() - 2))) << "the first result is as the other sent it";
  EXPECT_LT(second.size(), both.size()) << "and the second is decided anew, behind that";
  EXPECT_EQ(sent(hurried, both), second);
  EXPECT_EQ(sent(patient, both), second);
  EXPECT_EQ(sent(process(*handle(), 0), both), second) << "a third process knows it, too";
}

TEST_F(TwoProcesses, WhereAllIsDecidedNothingOfOnesOwnIsLeft) {
  const auto mine = handle(), yours = handle();
  const Pipeline hurried = process(*mine, 0), patient = process(*yours, 60'000);
  const std::string both = body_of({report(1), report(2)});
  std::string theirs;
  yours->before_put = [&] { theirs = sent(hurried, both); };
  EXPECT_EQ(sent(patient, both), theirs);
  EXPECT_EQ(sent(patient, both), theirs);
}

}  // namespace
}  // namespace headroom::context
