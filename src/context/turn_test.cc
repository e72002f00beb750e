#include "context/turn.h"

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_string.h"
#include "compress/marker.h"
#include "compress/registry/registry.h"
#include "context/sums.h"
#include "store/test_support.h"

namespace headroom::context {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string file(int version, int first = 1, int last = 80) {
  std::string out;
  for (int i = first; i <= last; ++i) {
    out += fmt::format("{:6}\tvalue_{} = compute({}, {})\n", i, i, i * 3, i == 40 ? version : i * 7);
  }
  return out;
}

/// A conversation in Anthropic's shape that grows by calls and their results.
class Talk {
 public:
  explicit Talk(std::string_view question, bool marked = true) : marked_(marked) { say("user", question); }

  void say(std::string_view role, std::string_view text) {
    messages_.push_back(fmt::format(R"({{"role":"{}","content":{}}})", role, base::encode_json_string(text)));
  }
  void call(std::string_view tool, std::string_view path, std::string_view result) {
    const std::size_t id = ++calls_;
    messages_.push_back(fmt::format(
        R"({{"role":"assistant","content":[{{"type":"tool_use","id":"t{}","name":"{}","input":{{"file_path":"{}"}}}}]}})",
        id, tool, path));
    messages_.push_back(
        fmt::format(R"({{"role":"user","content":[{{"type":"tool_result","tool_use_id":"t{}","content":{}}}]}})", id,
                    base::encode_json_string(result)));
  }
  std::string system = "s";
  std::string body() const {
    std::string out = R"({"model":"claude-sonnet-4-5","system":[{"type":"text","text":")" + system + '"';
    out += marked_ ? R"(,"cache_control":{"type":"ephemeral"}}],"messages":[)" : R"(}],"messages":[)";
    for (std::size_t i = 0; i < messages_.size(); ++i) out += (i > 0 ? "," : "") + messages_[i];
    return out + "]}";
  }
  std::vector<std::string>& messages() { return messages_; }

 private:
  std::vector<std::string> messages_;
  std::size_t calls_ = 0;
  bool marked_;
};

class TurnTest : public ::testing::Test {
 protected:
  Pipeline process() {
    PipelineOptions options;
    options.decisions = decisions_.get();
    return {registry_, store_.get(), clock_, std::move(options)};
  }
  static Outcome send(const Pipeline& pipeline, const Talk& talk, RequestOptions request = {}) {
    return pipeline.compress_request(wire::Api::kAnthropicMessages, talk.body(), request);
  }
  /// What was sent, or the body itself.
  static std::string sent(const Outcome& out, const Talk& talk) { return out.changed ? out.body : talk.body(); }
  static std::string prefix(std::string body) { return body.substr(0, body.rfind("]}")); }

  compress::Registry registry_ = compress::Registry::standard();
  base::FakeClock clock_;
  std::unique_ptr<store::OriginalStore> store_ = store::make_memory_store({}, clock_);
  std::unique_ptr<store::DecisionStore> decisions_ = store::make_memory_decisions({}, clock_);
};

/// 400 lines, each about a job of its own.
std::string job_log() {
  std::string log;
  for (int i = 0; i < 400; ++i) {
    log +=
        fmt::format("2026-05-01 10:{:02}:{:02} INFO job-{} is done in {} ms\n", i / 60, i % 60, 7000 + i, i * 37 % 211);
  }
  return log;
}

TEST_F(TurnTest, AFileReadAgainIsReferredTo) {
  const Pipeline pipeline = process();
  Talk talk("fix the value of compute in a.py");
  talk.call("Read", "/src/a.py", file(1));
  talk.call("Edit", "/src/a.py", "done");
  talk.call("Read", "/src/a.py", file(2));
  const Outcome out = send(pipeline, talk);
  ASSERT_TRUE(out.changed) << out.skip_reason;
  EXPECT_THAT(out.body, HasSubstr("as lines 1-37 of Read /src/a.py above>>"));
  EXPECT_THAT(out.body, HasSubstr("value_40 = compute(120, 2)"));
  EXPECT_THAT(out.body, HasSubstr("value_7 = compute(21, 49)")) << "the first read stays whole";
  EXPECT_THAT(out.transforms, ::testing::Contains("reread:lines"));
  ASSERT_EQ(out.ids.size(), 1U);
  EXPECT_EQ(store_->get(out.ids[0])->content, file(2));
}

/// A call that the assistant writes into its text, and the result in the user's name.
void call_in_text(Talk& talk, std::string_view command, std::string_view result) {
  talk.say("assistant", fmt::format("<execute_command>\n<command>{}</command>\n</execute_command>", command));
  talk.say("user", fmt::format("[execute_command for '{}'] Result:\n{}", command, result));
}

TEST_F(TurnTest, ResultsInTheUsersNameAreResults) {
  const Pipeline pipeline = process();
  Talk talk("fix the value of compute in a.py");
  call_in_text(talk, "cat -n a.py", file(1));
  call_in_text(talk, "cat -n a.py", file(2));
  const Outcome out = send(pipeline, talk);
  ASSERT_TRUE(out.changed) << out.skip_reason;
  EXPECT_THAT(out.body, HasSubstr(R"("[execute_command for 'cat -n a.py'] Result:\n     1\tvalue_1 =)"));
  EXPECT_THAT(out.body, HasSubstr("as lines 1-37 of execute_command: cat -n a.py above>>"));
  EXPECT_THAT(out.body, HasSubstr("value_40 = compute(120, 2)"));
}

TEST_F(TurnTest, WhatMovedInAFileUnderAViewersHeadIsReferredTo) {
  const auto view = [](bool added) {
    std::string out = "Here's the result of running `cat -n` on /src/a.py:\n";
    int number = 1;
    if (added) out += fmt::format("{:6}\timport os\n", number++);
    for (int i = 0; i < 80; ++i) out += fmt::format("{:6}\tvalue_{} = compute({}, {})\n", number++, i, i * 3, i * 7);
    return out;
  };
  const Pipeline pipeline = process();
  Talk talk("fix the value of compute in a.py");
  talk.call("str_replace_editor", "/src/a.py", view(false));
  talk.call("str_replace_editor", "/src/a.py", view(true));
  const Outcome out = send(pipeline, talk);
  ASSERT_TRUE(out.changed) << out.skip_reason;
  EXPECT_THAT(out.body, HasSubstr("import os"));
  EXPECT_THAT(out.body, HasSubstr("as lines 3-80 of str_replace_editor /src/a.py above"));
}

TEST_F(TurnTest, WhatAnotherCommandPrintedIsReferredTo) {
  const Pipeline pipeline = process();
  Talk talk("Make the build clean.");
  std::string findings;
  for (int i = 0; i < 60; ++i) {
    findings += fmt::format("src/part_{}.c:{}:7: warning: unused variable 'value_{}' [-Wunused-variable]\n", i % 7,
                            i * 3 + 1, i);
  }
  call_in_text(talk, "make 2>&1", findings);
  call_in_text(talk, "make -k 2>&1 | tail -80", findings + "make: Target 'all' not remade.\n");
  const Outcome out = send(pipeline, talk);
  ASSERT_TRUE(out.changed) << out.skip_reason;
  EXPECT_THAT(out.body, HasSubstr("of execute_command: make 2>&1 above"));
  EXPECT_THAT(out.body, HasSubstr("not remade"));
}

TEST_F(TurnTest, WhoHasNoToolForOriginalsMakesTheCallAgain) {
  const Pipeline pipeline = process();
  Talk talk("Which jobs failed?");
  call_in_text(talk, "show jobs", job_log());
  const std::string line = "INFO job-7203 is done";
  const Outcome first = send(pipeline, talk);
  ASSERT_TRUE(first.changed);
  ASSERT_THAT(first.body, Not(HasSubstr(line)));
  for (int again = 0; again < 2; ++again) {
    call_in_text(talk, "show jobs", job_log());
    const Outcome out = send(pipeline, talk);
    ASSERT_TRUE(out.changed);
    EXPECT_THAT(out.body, HasSubstr(line)) << again;
    EXPECT_TRUE(out.body.starts_with(prefix(first.body))) << again;
    EXPECT_LT(out.body.size(), 2 * job_log().size()) << again;
  }
}

TEST_F(TurnTest, NothingIsReferredToThatTheProviderMayTakeAway) {
  const std::string clearing = R"("context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]})";
  for (const auto& [setting, refers] :
       {std::pair{clearing, false}, {R"("context_management":{"edits":[{"type":"clear_thinking_20251015"}]})", true}}) {
    const Pipeline pipeline = process();
    Talk talk("fix the value of compute in a.py, " + setting.substr(40, 16));
    talk.call("Read", "/src/a.py", file(1));
    talk.call("Edit", "/src/a.py", "done");
    talk.call("Read", "/src/a.py", file(2));
    const std::string body = "{" + setting + "," + talk.body().substr(1);
    const Outcome out = pipeline.compress_request(wire::Api::kAnthropicMessages, body, {});
    EXPECT_EQ(std::ranges::find(out.transforms, "reread:lines") != out.transforms.end(), refers) << setting;
  }
}

std::string run(int done) {
  std::string jobs;
  for (int i = 0; i < 12; ++i) {
    jobs += fmt::format(
        R"({}{{"id":{},"name":"job-{}","status":"{}","labels":["self-hosted","linux"],"url":"https://ci.example/{}"}})",
        i > 0 ? "," : "", 7000 + i, i, i < done ? "completed" : "queued", i * 977);
  }
  return R"({"id":5512,"status":"in_progress","jobs":[)" + jobs + "]}";
}

TEST_F(TurnTest, OfJsonThatIsPolledOnlyWhatDiffersIsSent) {
  const Pipeline pipeline = process();
  Talk talk("watch the run");
  for (const int done : {2, 3, 4}) talk.call("get_run", "5512", run(done));
  const Outcome out = send(pipeline, talk);
  ASSERT_EQ(out.blocks.size(), 3U);
  EXPECT_EQ(out.blocks[1].strategy, "reread:json");
  EXPECT_THAT(out.body, HasSubstr(R"(the JSON of get_run 5512 above, but for this:>>\njobs[2].status: \"completed\")"));
  EXPECT_THAT(out.body, HasSubstr(R"((number 1 of 2), but for this:>>\njobs[2-3].status: \"completed\")"));
  for (const std::string& id : out.blocks[2].ids) EXPECT_EQ(store_->get(id)->content, run(4));
}

TEST_F(TurnTest, AResultOfSeveralTextsIsCountedOnce) {
  const Pipeline pipeline = process();
  Talk talk("watch the run");
  for (const int done : {2, 3, 4}) {
    talk.messages().push_back(fmt::format(
        R"({{"role":"assistant","content":[{{"type":"tool_use","id":"r{}","name":"get_run","input":{{"id":5512}}}}]}})",
        done));
    talk.messages().push_back(fmt::format(
        R"({{"role":"user","content":[{{"type":"tool_result","tool_use_id":"r{}","content":[{{"type":"text","text":"Fetched."}},)"
        R"({{"type":"text","text":{}}}]}}]}})",
        done, base::encode_json_string(run(done))));
  }
  const Outcome out = send(pipeline, talk);
  EXPECT_THAT(out.body, HasSubstr("the JSON of get_run above, but"));
  EXPECT_THAT(out.body, HasSubstr("the JSON of get_run above (number 1 of 2), but"));
}

TEST_F(TurnTest, TheSameOutlineIsNotSentTwice) {
  std::string log;
  for (int i = 0; i < 300; ++i)
    log += fmt::format("2026-05-01 10:00:{:02} INFO worker {} did step {}\n", i % 60, i % 7, i);
  log += "2026-05-01 10:09:00 ERROR disk is full\n";
  const Pipeline pipeline = process();
  Talk talk("why did the job fail?");
  talk.call("Read", "/var/log/job.log", log);
  talk.say("assistant", "I look again.");
  talk.call("Read", "/var/log/job.log", log);
  const Outcome out = send(pipeline, talk);
  ASSERT_EQ(out.blocks.size(), 2U);
  EXPECT_EQ(out.blocks[1].strategy, "reread:outline");
  EXPECT_LT(out.blocks[1].tokens_after, 80U);
  EXPECT_THAT(out.body, HasSubstr("the same text as Read /var/log/job.log above"));
  EXPECT_EQ(out.blocks[0].ids, out.blocks[1].ids);
}

TEST_F(TurnTest, WhatTheSystemSaysBehindAQuestionIsNoQuestion) {
  const std::string log = job_log();
  Talk talk("are there errors in the log?");
  talk.say("system", "Where is job-7300? You work in /var/log.");
  talk.call("Bash", "/var/log/job.log", log);
  talk.say("assistant", "There are none.");
  talk.say("user", "How long did job-7213 take?");
  talk.say("system", "Where is job-7017?");
  const Outcome out = send(process(), talk);
  EXPECT_THAT(out.body, HasSubstr("How long did job-7213 take?\\n\\n[Left out of tool results above"));
  EXPECT_THAT(out.put_back, ::testing::ElementsAre("line 214 of Bash /var/log/job.log"));
  EXPECT_THAT(out.body, Not(HasSubstr("INFO job-7017"))) << "nor is it what the results are searched for";
  EXPECT_THAT(out.body, Not(HasSubstr("INFO job-7300")));
  talk.say("assistant", "It took a while.");
  talk.say("user", "Thanks. Go on.");
  EXPECT_THAT(send(process(), talk).body, ::testing::StartsWith(prefix(out.body)));
}

TEST_F(TurnTest, WhatAQuestionNamesStandsBehindItFromThenOn) {
  const std::string log = job_log();
  Talk talk("are there errors in the log?");
  talk.call("Bash", "/var/log/job.log", log);
  talk.say("assistant", "There are none.");
  talk.say("user", "How long did job-7213 take?");
  const Outcome out = send(process(), talk);
  const std::string line = fmt::format("INFO job-7213 is done in {} ms", 213 * 37 % 211);
  EXPECT_THAT(out.body, HasSubstr("How long did job-7213 take?\\n\\n[Left out of tool results above"));
  EXPECT_THAT(out.body, HasSubstr(line));
  EXPECT_THAT(out.put_back, ::testing::ElementsAre("line 214 of Bash /var/log/job.log"));
  talk.say("assistant", "It took a while.");
  talk.say("user", "Thanks. Go on.");
  const Outcome next = send(process(), talk);
  EXPECT_THAT(next.body, ::testing::StartsWith(prefix(out.body)));
  EXPECT_THAT(next.put_back, ::testing::IsEmpty());
}

TEST_F(TurnTest, WhatTwoResultsSayComesBackOnce) {
  const std::string log = job_log();
  Talk talk("are there errors in the log?");
  talk.call("Bash", "/var/log/job.log", log);
  talk.call("Bash", "/var/log/job.1.log", "another day\n" + log);
  talk.say("assistant", "There are none.");
  talk.say("user", "How long did job-7213 take?");
  EXPECT_THAT(send(process(), talk).put_back, ::testing::SizeIs(1));
}

/// Functions of 12 lines.
std::string functions(int count) {
  std::string out;
  for (int f = 0; f < count; ++f) {
    out += fmt::format("def load_{0}(path, retries):\n    \"\"\"Loads kind {0}.\"\"\"\n    found = []\n", f);
    for (int i = 0; i < 8; ++i) out += fmt::format("    found.append(parse(path, {}, mode={}))\n", f * 11 + i, i);
    out += "    return found\n\n\n";
  }
  return out;
}

TEST_F(TurnTest, AFunctionThatALaterQuestionNamesComesBack) {
  Talk talk("how does load_3 work?");
  talk.call("Read", "/src/load.py", functions(20));
  talk.say("assistant", "It parses eight times.");
  talk.say("user", "and load_11?");
  const Outcome out = send(process(), talk);
  EXPECT_THAT(out.body, HasSubstr("    found.append(parse(path, 33, mode=0))"));
  EXPECT_THAT(out.body, HasSubstr("    found.append(parse(path, 121, mode=0))"));
  EXPECT_THAT(out.body, HasSubstr("    found.append(parse(path, 128, mode=7))"));
  EXPECT_THAT(out.body, Not(HasSubstr("    found.append(parse(path, 110, mode=0))")));
  EXPECT_THAT(out.put_back, ::testing::SizeIs(1));
  talk.say("assistant", "It does the same.");
  talk.say("user", "Does load_11 close its file?");
  const Outcome next = send(process(), talk);
  EXPECT_THAT(next.body, ::testing::StartsWith(prefix(out.body)));
  EXPECT_THAT(next.put_back, ::testing::IsEmpty()) << "it is shown by now";
  talk.say("assistant", "No.");
  talk.say("user", "Then mend load_15.");
  EXPECT_THAT(send(process(), talk).body, HasSubstr("    found.append(parse(path, 165, mode=0))")) << "no question";
}

TEST_F(TurnTest, AFileThatTheAgentWroteItselfIsReferredTo) {
  Talk talk("write a.py");
  std::string plain;
  for (int i = 1; i <= 60; ++i) plain += fmt::format("value_{} = compute({}, {})\n", i, i * 3, i * 7);
  talk.messages().push_back(
      R"({"role":"assistant","content":[{"type":"tool_use","id":"w","name":"Write","input":{"file_path":"/a.py","content":)" +
      base::encode_json_string(plain) + "}}]}");
  talk.messages().push_back(
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"w","content":"File written."}]})");
  talk.call("Read", "/a.py", file(280, 1, 60));
  const Outcome out = send(process(), talk);
  ASSERT_TRUE(out.changed) << out.skip_reason;
  EXPECT_THAT(out.body, HasSubstr("of the input of Write /a.py above"));
}

TEST_F(TurnTest, NothingIsReferredToInTheLosslessProfile) {
  Talk talk("fix the value in a.py");
  talk.call("Read", "/src/a.py", file(1));
  talk.call("Read", "/src/a.py", file(1));
  RequestOptions request;
  request.level = Level{true, compress::Profile::kBalanced};
  EXPECT_THAT(sent(send(process(), talk, request), talk), Not(HasSubstr("<<")));
}

TEST_F(TurnTest, WhatTimeRanOutForIsSentAgainByTheNextProcess) {
  Talk talk("what is in a.log?");
  std::string log;
  for (int i = 0; i < 300; ++i) log += fmt::format("2026-01-02T03:04:{:02d}Z INFO tick number {}\n", i % 60, i);
  talk.call("Bash", "x", log);
  PipelineOptions hurried;
  hurried.time_budget_ms = 0;
  hurried.decisions = decisions_.get();
  const Outcome first =
      Pipeline(registry_, store_.get(), clock_, hurried).compress_request(wire::Api::kAnthropicMessages, talk.body());
  EXPECT_FALSE(first.changed);
  const Outcome later = send(process(), talk);
  EXPECT_FALSE(later.changed) << "decided once, in whatever process";
}

TEST_F(TurnTest, ARequestThatHasWaitedHasLessTime) {
  std::string log;
  for (int i = 0; i < 300; ++i) log += fmt::format("2026-01-02T03:04:{:02d}Z INFO tick number {}\n", i % 60, i);
  PipelineOptions options;
  options.time_budget_ms = 2000;
  for (const int waited_ms : {0, 1999, 2000, 5000}) {
    Talk talk(fmt::format("what is in {}.log?", waited_ms));
    talk.call("Bash", "x", log);
    RequestOptions request;
    request.arrived_ns = clock_.monotonic_ns();
    clock_.advance_ms(waited_ms);
    const Outcome out = Pipeline(registry_, store_.get(), clock_, options)
                            .compress_request(wire::Api::kAnthropicMessages, talk.body(), request);
    EXPECT_EQ(out.changed, waited_ms < 2000) << waited_ms;
  }
}

TEST_F(TurnTest, OthersDecisionsAreNotFound) {
  Talk talk("what is in a.log?");
  std::string log;
  for (int i = 0; i < 300; ++i) log += fmt::format("2026-01-02T03:04:{:02d}Z INFO tick number {}\n", i % 60, i);
  talk.call("Bash", "x", log);
  PipelineOptions hurried;
  hurried.time_budget_ms = 0;
  hurried.decisions = decisions_.get();
  RequestOptions mine;
  mine.owner = "me";
  static_cast<void>(Pipeline(registry_, store_.get(), clock_, hurried)
                        .compress_request(wire::Api::kAnthropicMessages, talk.body(), mine));
  RequestOptions yours;
  yours.owner = "you";
  EXPECT_TRUE(send(process(), talk, yours).changed);
  RequestOptions other = mine;
  other.session = "another";
  EXPECT_TRUE(send(process(), talk, other).changed);
  EXPECT_FALSE(send(process(), talk, mine).changed);
}

/// A result of which rows are left out.
std::string rows(int count) {
  std::string out = "[";
  for (int i = 0; i < count; ++i) {
    out += fmt::format(R"({}{{"id":{},"name":"item-{}","state":"ok","delay_ms":{}}})", i > 0 ? "," : "", i, i % 17,
                       20 + i * 7 % 90);
  }
  return out + "]";
}

TEST_F(TurnTest, CountingLeavesNoTrace) {
  const RequestOptions counting{.counts_only = true};
  Talk talk("Which rows are slow?");
  talk.call("run_query", "a", rows(400));
  const Pipeline counted = process();
  const std::string before = sent(send(counted, talk, counting), talk);
  EXPECT_EQ(store_->stats()->entries, 0);
  EXPECT_EQ(decisions_->sweep().value(), 0);
  const Outcome real = send(counted, talk);
  EXPECT_EQ(real.body, before);
  EXPECT_GT(store_->stats()->entries, 0);
  EXPECT_LT(real.tokens_after, real.tokens_before);
  EXPECT_EQ(real.cacheable.idle_ms, -1) << "the first request that counts";
  EXPECT_EQ(send(process(), talk, counting).body, before) << "another process reads what was decided";
}

TEST_F(TurnTest, CountingSeesARewritingThatIsNotDoneYet) {
  const RequestOptions counting{.counts_only = true};
  const Pipeline pipeline = process();
  Talk talk("run the tests until they pass");
  for (const int failed : {3, 2}) {
    std::string out;
    for (int i = 0; i < 60; ++i) {
      out += fmt::format("FAILED tests/test_{}_{}.py::case - AssertionError: {} is not {}\n", failed, i, i * failed, i);
    }
    talk.call("Bash", "pytest", out);
  }
  send(pipeline, talk);
  talk.say("assistant", "Two to go.");
  talk.say("user", "Go on.");
  clock_.advance_ms(2 * 3600 * 1000);
  const Outcome counted = send(pipeline, talk, counting);
  ASSERT_TRUE(counted.rewrite && counted.rewrite->done);
  const Outcome again = send(pipeline, talk, counting);
  EXPECT_TRUE(again.rewrite && again.rewrite->done) << "the cache is as cold as before";
  EXPECT_EQ(again.body, counted.body);
  EXPECT_EQ(send(pipeline, talk).body, counted.body);
}

TEST_F(TurnTest, ABudgetOfOneRequestHoldsForTheNext) {
  Talk talk("why did it fail?");
  std::string log;
  for (int i = 0; i < 800; ++i) {
    log += fmt::format("2026-01-02T03:04:{:02d}Z {} step {} of job {} took {} ms\n", i % 60,
                       i % 9 == 0 ? "WARN" : "INFO", i, i * 37 % 101, i * i % 977);
  }
  talk.call("Bash", "x", log);
  const Pipeline pipeline = process();
  RequestOptions tight;
  tight.token_budget = 200;
  tight.session = "s";
  const Outcome first = send(pipeline, talk, tight);
  ASSERT_TRUE(first.changed);
  talk.say("assistant", "It is slow.");
  talk.say("user", "And now?");
  RequestOptions loose;
  loose.session = "s";
  const Outcome second = send(process(), talk, loose);
  ASSERT_TRUE(second.changed);
  EXPECT_TRUE(second.body.starts_with(prefix(first.body)));
}

TEST_F(TurnTest, OvertakenResultsGoOnlyWhenTheCacheIsCold) {
  const Pipeline pipeline = process();
  Talk talk("run the tests until they pass");
  const auto tests = [](int failed) {
    std::string out;
    for (int i = 0; i < 60; ++i) {
      out += fmt::format("FAILED tests/test_{}_{}.py::case - AssertionError: {} is not {}\n", failed, i, i * failed, i);
    }
    return out;
  };
  talk.call("Bash", "pytest", tests(3));
  const std::string first = sent(send(pipeline, talk), talk);
  talk.call("Bash", "pytest", tests(2));
  clock_.advance_ms(10'000);
  Outcome warm = send(pipeline, talk);
  EXPECT_TRUE(sent(warm, talk).starts_with(prefix(first))) << "the cache is warm";
  talk.say("assistant", "Two to go.");
  talk.say("user", "Go on.");
  clock_.advance_ms(3'600'000);
  EXPECT_FALSE(send(process(), talk, {.counts_only = true, .only_new_goes = true}).rewrite) << "the provider keeps it";
  const Outcome cold = send(pipeline, talk);
  EXPECT_THAT(sent(cold, talk), HasSubstr("the same call was made again below"));
  ASSERT_TRUE(cold.rewrite);
  EXPECT_TRUE(cold.rewrite->done);
  talk.say("assistant", "Done.");
  talk.say("user", "Thanks.");
  clock_.advance_ms(5'000);
  EXPECT_TRUE(sent(send(process(), talk), talk).starts_with(prefix(cold.body))) << "replayed, in another process, too";
}

TEST_F(TurnTest, TheSumsOfARewritingAreTold) {
  const Pipeline pipeline = process();
  Talk talk("run the tests until they pass");
  const auto tests = [](int failed) {
    std::string out;
    for (int i = 0; i < 60; ++i) {
      out += fmt::format("FAILED tests/test_{}_{}.py::case - AssertionError: {} is not {}\n", failed, i, i * failed, i);
    }
    return out;
  };
  talk.call("Bash", "pytest", tests(3));
  EXPECT_FALSE(send(pipeline, talk).rewrite) << "nothing is old";
  talk.call("Bash", "pytest", tests(2));
  clock_.advance_ms(10'000);
  const Outcome warm = send(pipeline, talk);
  ASSERT_TRUE(warm.rewrite);
  EXPECT_FALSE(warm.rewrite->done);
  EXPECT_FALSE(warm.rewrite->choice.cold);
  EXPECT_THAT(warm.rewrite->why_not(), Not(::testing::IsEmpty()));
  EXPECT_THAT(warm.rewrite->line(), ::testing::StartsWith("left 1 old results that later ones have overtaken, as "));
  EXPECT_EQ(warm.rewrite->idle_s, 10);
  talk.say("assistant", "Two to go.");
  talk.say("user", "Go on.");
  clock_.advance_ms(3'600'000);
  const Outcome cold = send(pipeline, talk);
  ASSERT_TRUE(cold.rewrite);
  const RewriteReport& rewrite = *cold.rewrite;
  EXPECT_TRUE(rewrite.done && rewrite.choice.cold && rewrite.choice.pays);
  EXPECT_EQ(rewrite.results, 1U);
  EXPECT_EQ(rewrite.first_message, 2U);
  EXPECT_GT(rewrite.broken_tokens, rewrite.saved_tokens);
  EXPECT_GT(rewrite.saved_tokens, 500U);
  EXPECT_GT(rewrite.choice.gain(), 0);
  EXPECT_THAT(rewrite.line(), HasSubstr("rewrote 1 old results"));
  EXPECT_THAT(rewrite.line(), HasSubstr(rewrite.choice.line()));
  EXPECT_THAT(cold.revision_note, HasSubstr(rewrite.choice.line()));
  const std::vector<SumLine> lines = sum_lines(cold, false);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[0].costs && lines[1].costs);
  base::JsonWriter json;
  json.begin_object();
  write_sums(json, cold);
  json.end_object();
  EXPECT_THAT(json.text(), HasSubstr(R"("rewrite":{"done":true,"why_not":"","results":1,"first_message":2,)"));
  EXPECT_THAT(json.text(), HasSubstr(R"("cache":"cold","pays":true,"keep_now_usd":0.0)"));
}

TEST_F(TurnTest, WhatIsNeverCachedIsRewrittenAtOnce) {
  const Pipeline pipeline = process();
  Talk talk("run the tests until they pass");
  const auto run = [&](int failed, std::int64_t cached) {
    std::string out;
    for (int i = 0; i < 60; ++i) {
      out += fmt::format("FAILED tests/test_{}_{}.py::case - AssertionError: {} is not {}\n", failed, i, i * failed, i);
    }
    talk.call("Bash", "pytest", out);
    clock_.advance_ms(15'000);
    const Outcome sent = send(process(), talk);
    pipeline.note_answer(sent.cacheable, {static_cast<std::int64_t>(sent.tokens_after), cached, 0});
    return sent;
  };
  EXPECT_EQ(run(1, 0).cacheable.idle_ms, -1);
  const Outcome second = run(2, 0);
  EXPECT_GE(second.cacheable.idle_ms, 4'000) << "uses are noted late";
  EXPECT_LT(second.cacheable.repeated_tokens, 1000U) << "what the first request held, and that is too short to cache";
  std::vector<Outcome> more;
  for (int i = 3; i < 8; ++i) more.push_back(run(i, 0));
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(more[i].rewrite) << i;
    EXPECT_GT(more[i].cacheable.repeated_tokens, 1100U) << i;
    EXPECT_FALSE(more[i].rewrite->done) << i << " has not enough answers before it";
  }
  ASSERT_TRUE(more[3].rewrite->done);
  EXPECT_TRUE(more[3].rewrite->choice.unused);
  EXPECT_EQ(more[3].rewrite->results, 5U);
  EXPECT_THAT(more[3].revision_note, HasSubstr("as the cache was unused: rewriting pays"));
  EXPECT_EQ(more[3].cacheable.repeated_tokens, 0U) << "what was sent is new, so its answer shows nothing";
  EXPECT_EQ(more[4].rewrite->results, 1U) << "the others are markers already";
  EXPECT_TRUE(run(8, 50).rewrite->done) << "known only afterwards";
  for (int i = 9; i < 14; ++i) {
    const Outcome warm = run(i, 0);
    ASSERT_TRUE(warm.rewrite);
    EXPECT_FALSE(warm.rewrite->done) << i << ": once is enough";
  }
}

TEST_F(TurnTest, EachReasonForARevisionIsTold) {
  const Pipeline pipeline = process();
  Talk talk("run the tests until they pass");
  const auto tests = [](int failed) {
    std::string out;
    for (int i = 0; i < 60; ++i) out += fmt::format("FAILED test_{}_{}.py - {} is not {}\n", failed, i, i * failed, i);
    return out;
  };
  RequestOptions request;
  request.session = "s";
  talk.call("Bash", "pytest", tests(3));
  talk.call("Bash", "make", tests(9));
  static_cast<void>(send(pipeline, talk, request));
  talk.call("Bash", "pytest", tests(2));
  clock_.advance_ms(3'600'000);
  request.token_budget = 1000;
  const Outcome out = send(pipeline, talk, request);
  EXPECT_THAT(out.revision_note, HasSubstr("as the cache was cold"));
  EXPECT_THAT(out.revision_note, HasSubstr("; a budget of 1000 tokens"));
}

TEST_F(TurnTest, ADriftSaysWhichBytesOfWhichRequest) {
  Talk talk("what is the time?");
  talk.system = "You help. Today's date: 2026-11-25. Be brief.";
  const Pipeline pipeline = process();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(send(pipeline, talk).drifts.empty());
    talk.say("assistant", "Noon.");
    talk.say("user", "And now?");
  }
  talk.system = "You help. Today's date: 2026-11-26. Be brief.";
  const Outcome told = send(process(), talk);
  ASSERT_EQ(told.drifts.size(), 1U);
  EXPECT_EQ(told.drifts[0].turn, 4U) << "the fourth request, in whatever process";
  EXPECT_EQ(talk.body().substr(told.drifts[0].offset, told.drifts[0].size), "2026-11-26");
  EXPECT_EQ(told.drifts[0].action, align::Action::kTold);
  const std::vector<SumLine> lines = sum_lines(told, true);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_FALSE(lines[0].costs);
  EXPECT_EQ(lines[0].text,
            "request 4, system: date or time drifted at bytes 86-95 (\"2026-11-25\" -> \"2026-11-26\"): sent as it was "
            "first, the new value is told at the end of the prompt");
  EXPECT_THAT(sum_lines(told, false)[0].text, Not(HasSubstr("2026"))) << "a log need not know";
  talk.say("assistant", "Midnight.");
  talk.say("user", "Thanks.");
  talk.system = "You refuse.";
  const Outcome other = send(process(), talk);
  ASSERT_EQ(other.drifts.size(), 1U);
  EXPECT_EQ(other.drifts[0].turn, 5U);
  EXPECT_TRUE(sum_lines(other, false)[0].costs);
}

TEST_F(TurnTest, WhatCannotBeToldIsReportedAsSentAsItCame) {
  Talk talk("what is the time?");
  talk.system = "You help. Today's date: 2026-11-25. Be brief.";
  const Pipeline pipeline = process();
  static_cast<void>(send(pipeline, talk));
  talk.say("assistant", "Noon.");
  talk.system = "You help. Today's date: 2026-11-26. Be brief.";
  const Outcome out = send(pipeline, talk);
  EXPECT_FALSE(out.changed) << "there is no place for a note behind what the assistant says";
  ASSERT_EQ(out.drifts.size(), 1U);
  EXPECT_EQ(out.drifts[0].action, align::Action::kAccepted);
}

TEST_F(TurnTest, ADateThatMovesOnIsToldAtTheEndAndStaysThere) {
  Talk talk("what is the time?");
  talk.system = "You help. Today's date: 2026-11-25. Be brief.";
  const Pipeline pipeline = process();
  EXPECT_FALSE(send(pipeline, talk).changed) << "the first request is the client's";
  talk.say("assistant", "Noon.");
  talk.say("user", "And now?");
  talk.system = "You help. Today's date: 2026-11-26. Be brief.";
  const Outcome next = send(pipeline, talk);
  ASSERT_TRUE(next.changed) << next.skip_reason;
  EXPECT_THAT(next.body, HasSubstr("Today's date: 2026-11-25. Be brief"));
  EXPECT_THAT(next.body, HasSubstr(R"(And now?\n\n[)"));
  EXPECT_THAT(next.body, HasSubstr("2026-11-26"));
  ASSERT_EQ(next.drifts.size(), 1U);
  talk.say("assistant", "Midnight.");
  talk.say("user", "Thanks.");
  const Outcome later = send(process(), talk);
  ASSERT_TRUE(later.changed);
  EXPECT_TRUE(later.body.starts_with(prefix(next.body))) << later.body << "\n" << next.body;
  EXPECT_THAT(later.body, HasSubstr(R"("Thanks.")")) << "told once";
}

TEST_F(TurnTest, WhatDoesNotFitTheBudgetLeavesAndStaysAway) {
  Talk talk("find out why the nightly build is slow");
  for (int step = 0; step < 40; ++step) {
    std::string text;
    for (int i = 0; i < 30; ++i)
      text += fmt::format("part {} of step {} is {} and {}\n", i, step, i * 31 % 17, step * i);
    talk.call("Run", fmt::format("step-{}", step), text);
  }
  talk.say("assistant", "Here is the state.");
  talk.say("user", "Which part is the slowest?");
  RequestOptions tight;
  tight.token_budget = 4000;
  const Outcome first = send(process(), talk, tight);
  ASSERT_TRUE(first.changed) << first.skip_reason;
  EXPECT_LE(first.tokens_after, 4000U) << first.budget_note;
  EXPECT_THAT(first.body, HasSubstr("find out why the nightly build is slow"));
  EXPECT_THAT(first.body, HasSubstr("Which part is the slowest?"));
  EXPECT_THAT(first.transforms, ::testing::Contains(::testing::StartsWith("window:")));
  for (const std::string& id : first.ids) EXPECT_TRUE(store_->get(id)) << id;
  ASSERT_TRUE(wire::read_conversation(wire::Api::kAnthropicMessages, first.body));
  talk.say("assistant", "Part 7.");
  talk.say("user", "Thanks.");
  const Outcome second = send(process(), talk, tight);
  EXPECT_TRUE(second.body.starts_with(prefix(first.body)));
}

TEST_F(TurnTest, WhatIsNotedOfInstructionsThatNeverStayTheSameIsBounded) {
  Talk talk("hello");
  talk.say("assistant", "What is it?");
  talk.say("user", "Go on.");
  std::string conversation;
  for (int i = 0; i < 200; ++i) {
    talk.system = fmt::format("You are helper {}.", std::string(1 + i / 20, 'x') + static_cast<char>('a' + i % 20));
    const Outcome out = send(process(), talk);
    EXPECT_FALSE(out.changed);
    EXPECT_TRUE(conversation.empty() || conversation == out.conversation);
    conversation = out.conversation;
  }
  const base::Hash128 name = {std::stoull(conversation.substr(0, 16), nullptr, 16),
                              std::stoull(conversation.substr(16), nullptr, 16)};
  const auto kept = decisions_->revisions(base::hash_bytes(name));
  ASSERT_TRUE(kept);
  EXPECT_GT(kept->size(), 10U);
  EXPECT_LE(kept->size(), 64U);
}

TEST_F(TurnTest, TheListOfToolsIsKeptOnceHoweverOftenAPromptMovesOn) {
  const store::testing::TempFolder folder;
  const std::string path = folder.file("decisions.db");
  auto opened = store::open_sqlite_decisions(path, {}, clock_);
  ASSERT_TRUE(opened);
  decisions_ = std::move(*opened);
  Talk talk("what is the time?");
  const std::string what = R"("description":")" + std::string(200'000, 'd') + '"';
  std::string before;
  for (int day = 1; day <= 9; ++day) {
    talk.system = fmt::format("You help. Today's date: 2026-11-0{}. Be brief.", day);
    // A process of its own each time, and once another order of what a tool says.
    const std::string tool = day == 7 ? what + R"(,"name":"clock")" : R"("name":"clock",)" + what;
    const std::string body = talk.body().insert(1, R"("tools":[{)" + tool + R"(,"input_schema":{}}],)");
    const Outcome out = process().compress_request(wire::Api::kAnthropicMessages, body, {});
    const std::string now = out.changed ? out.body : body;
    EXPECT_TRUE(day < 3 || now.starts_with(prefix(before))) << day;
    before = now;
    talk.say("assistant", "Noon.");
    talk.say("user", "And now?");
  }
  EXPECT_LT(std::filesystem::file_size(path) + std::filesystem::file_size(path + "-wal"), 1'000'000U);
}

TEST_F(TurnTest, ARequestOfNoTextsPassesHoweverOftenItComes) {
  const Pipeline pipeline = process();
  for (const char* messages :
       {R"([{"role":"user","content":[{"type":"image","source":{"type":"url","url":"u"}}]}])", "[]"}) {
    for (int i = 0; i < 3; ++i) {
      for (const char* tool : {"a", "b"}) {
        const Outcome out = pipeline.compress_request(
            wire::Api::kAnthropicMessages,
            fmt::format(R"({{"model":"m","tools":[{{"name":"{}","input_schema":{{}}}}],"messages":{}}})", tool,
                        messages));
        EXPECT_FALSE(out.changed);
        EXPECT_FALSE(out.failed) << out.skip_reason;
      }
    }
  }
}

TEST_F(TurnTest, InstructionsThatChangeAreTheClients) {
  Talk talk("hello");
  talk.system = "You help.";
  const Pipeline pipeline = process();
  EXPECT_FALSE(send(pipeline, talk).changed);
  talk.system = "You refuse.";
  EXPECT_FALSE(send(pipeline, talk).changed);
}

}  // namespace
}  // namespace headroom::context
