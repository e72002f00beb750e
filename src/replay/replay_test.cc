#include "replay/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_string.h"
#include "replay/plot.h"

namespace headroom::replay {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string numbered_log(int lines, int seed) {
  std::string log;
  for (int i = 0; i < lines; ++i) {
    log += "2026-11-25T10:00:" + std::to_string(10 + i % 50) + "Z INFO worker-" + std::to_string(i % 4) +
           " request served in " + std::to_string((i * 37 + seed) % 90) + " ms\n";
  }
  return log + "2026-11-25T10:01:00Z ERROR disk full on /var\n";
}

std::string message(std::string_view role, std::string_view blocks) {
  return "{\"role\":\"" + std::string(role) + "\",\"content\":[" + std::string(blocks) + "]}";
}

std::string call(const std::string& id, const std::string& command) {
  return R"({"type":"tool_use","id":")" + id + R"(","name":"Bash","input":{"command":")" + command + "\"}}";
}

std::string result(const std::string& id, const std::string& text) {
  return R"({"type":"tool_result","tool_use_id":")" + id + R"(","content":)" + base::encode_json_string(text) + "}";
}

/// Reads as many logs, one a request.
Session log_session(int logs) {
  Session session;
  session.name = "logs";
  session.format = "claude-code";
  session.api = wire::Api::kAnthropicMessages;
  session.add_marks = true;
  std::string question = "Why did the service stop?";
  for (int i = 0; i < 300; ++i) question += " Detail " + std::to_string(i * 7919) + ".";
  session.messages.push_back(message("user", R"({"type":"text","text":")" + question + "\"}"));
  std::vector<std::uint32_t> sent = {0};
  for (int i = 0; i <= logs; ++i) {
    session.turns.push_back(
        {.messages = sent, .model = "claude-sonnet-4-5", .time_ms = 1'800'000'000'000 + i * 20'000});
    const std::string id = "t" + std::to_string(i);
    session.messages.push_back(message("assistant", call(id, "cat log." + std::to_string(i))));
    session.messages.push_back(message("user", result(id, numbered_log(300, i))));
    for (int k = 0; k < 2; ++k) sent.push_back(static_cast<std::uint32_t>(session.messages.size() - 2 + k));
  }
  return session;
}

class Replay : public ::testing::Test {
 protected:
  SessionResult play(const Session& session, CacheMode mode = CacheMode::kRecorded, std::string model = "") {
    return replay_session(session, registry_, {.cache = mode, .model = std::move(model)});
  }
  compress::Registry registry_ = compress::Registry::standard();
};

TEST_F(Replay, SavesWithoutBreakingTheCache) {
  const SessionResult played = play(log_session(6));
  EXPECT_EQ(played.turns, 7U);
  EXPECT_LT(played.headroom.usage.input() * 2, played.passthrough.usage.input());
  EXPECT_LT(played.headroom.input_usd * 2, played.passthrough.input_usd);
  EXPECT_THAT(played.passthrough.busts, IsEmpty());
  EXPECT_THAT(played.headroom.busts, IsEmpty());
  EXPECT_EQ(played.originals, 6U);
  EXPECT_EQ(played.failures, 0U);
  EXPECT_TRUE(played.times_recorded);
  EXPECT_TRUE(played.marks_assumed);
  double sum = 0;
  for (double usd : played.passthrough.usd_per_turn) sum += usd;
  EXPECT_NEAR(sum, played.passthrough.usd(), 1e-12);
}

TEST_F(Replay, WithoutACacheEveryTokenCostsTheInputPrice) {
  const SessionResult played = play(log_session(3), CacheMode::kNone);
  EXPECT_EQ(played.passthrough.usage.uncached, played.passthrough.usage.input());
  EXPECT_NEAR(played.passthrough.input_usd, static_cast<double>(played.passthrough.usage.input()) * 3e-6, 1e-9);
}

TEST_F(Replay, WithoutACacheOldResultsThatAreOvertakenLeave) {
  Session session = log_session(12);
  for (std::string& said : session.messages) {
    if (const auto at = said.find("cat log."); at != std::string::npos)
      said.replace(at, said.find('"', at) - at, "make");
  }
  const SessionResult warm = play(session, CacheMode::kWarm);
  const SessionResult none = play(session, CacheMode::kNone);
  EXPECT_THAT(warm.headroom.busts, IsEmpty());
  EXPECT_LT(none.headroom.usage.input(), warm.headroom.usage.input() * 9 / 10) << "rewritten";
  EXPECT_THAT(none.headroom.busts, IsEmpty()) << "there is nothing to bust";
}

TEST_F(Replay, APauseEmptiesTheCacheOnlyWhenTimesCount) {
  Session session = log_session(4);
  for (std::size_t i = 3; i < session.turns.size(); ++i) session.turns[i].time_ms += 600'000;
  const SessionResult recorded = play(session);
  ASSERT_EQ(recorded.passthrough.busts.size(), 1U);
  EXPECT_EQ(recorded.passthrough.busts[0].cause, BustCause::kExpired);
  EXPECT_EQ(recorded.passthrough.busts[0].turn, 3U);
  EXPECT_THAT(play(session, CacheMode::kWarm).passthrough.busts, IsEmpty());
}

TEST_F(Replay, WhatTheClientChangesIsNotHeadroomsDoing) {
  Session session = log_session(5);
  // From request 4 on the first result reads otherwise.
  session.messages.push_back(message("user", result("t0", numbered_log(200, 99))));
  for (std::size_t i = 4; i < session.turns.size(); ++i) {
    session.turns[i].messages[2] = static_cast<std::uint32_t>(session.messages.size() - 1);
  }
  const SessionResult played = play(session);
  ASSERT_EQ(played.passthrough.busts.size(), 1U);
  ASSERT_EQ(played.headroom.busts.size(), 1U);
  EXPECT_EQ(played.passthrough.busts[0].cause, BustCause::kClient);
  EXPECT_EQ(played.headroom.busts[0].cause, BustCause::kClient);
  EXPECT_EQ(played.headroom.busts[0].unit, 4U);  // behind what is not recorded (two), the question and the call
}

TEST_F(Replay, TheBillShowsWhatTheRecordDoesNot) {
  Session session = log_session(2);
  session.turns[0].billed = money::Usage{.uncached = 20, .written = 30'000, .output = 100};
  const SessionResult played = play(session);
  EXPECT_GT(played.unrecorded_tokens, 28'000U);
  EXPECT_LT(played.unrecorded_tokens, 29'000U);
  EXPECT_NEAR(played.passthrough.output_usd, 100 * 15e-6, 1e-12);
  EXPECT_NEAR(*played.billed_usd, (20 * 3 + 30'000 * 3.75 + 100 * 15) / 1e6, 1e-9);
}

TEST_F(Replay, PricedAsAnotherModel) {
  const SessionResult played = play(log_session(3), CacheMode::kWarm, "gpt-4o");
  EXPECT_EQ(played.model, "gpt-4o");
  EXPECT_GT(played.passthrough.usage.cached, 0U);
  EXPECT_EQ(played.passthrough.usage.cached % 128, 0U);
}

TEST_F(Replay, AFileReadAgainRightAfterAViewWithGapsIsARetrieval) {
  Session session = log_session(0);
  const auto read = [](const std::string& id) {
    return R"({"type":"tool_use","id":")" + id + R"(","name":"Read","input":{"file_path":"/var/log/app.log"}})";
  };
  std::vector<std::uint32_t> sent = {0};
  for (const char* id : {"r1", "r2"}) {
    session.messages.push_back(message("assistant", read(id)));
    session.messages.push_back(message("user", result(id, numbered_log(300, 1))));
    for (int k = 0; k < 2; ++k) sent.push_back(static_cast<std::uint32_t>(session.messages.size() - 2 + k));
    session.turns.push_back({.messages = sent, .model = "claude-sonnet-4-5"});
  }
  EXPECT_EQ(play(session).retrievals, 1U);
}

TEST_F(Replay, FactsAreLookedForInTheTextAndThenInOriginals) {
  Session session = log_session(1);
  session.turns[1].asks = {"disk full on /var", "10:00:23Z INFO worker-1 request served in 31 ms", "never said"};
  const SessionResult played = play(session);
  EXPECT_EQ(played.facts.in_text, 1U);
  EXPECT_EQ(played.facts.retrievable, 1U);
  EXPECT_EQ(played.facts.lost, 0U);
  EXPECT_GT(played.retrieval_usd, 0);
}

TEST_F(Replay, SumsAndCurves) {
  const std::vector<SessionResult> results = {play(log_session(2)), play(log_session(4))};
  const Totals totals = total_of(results);
  EXPECT_EQ(totals.sessions, 2U);
  EXPECT_EQ(totals.turns, 8U);
  EXPECT_EQ(totals.passthrough.usage.input(),
            results[0].passthrough.usage.input() + results[1].passthrough.usage.input());
  const CostCurve curve = cost_curve(results);
  ASSERT_EQ(curve.passthrough.size(), 5U);
  EXPECT_NEAR(curve.passthrough[1], results[0].passthrough.usd_per_turn[1] + results[1].passthrough.usd_per_turn[1],
              1e-12);
  EXPECT_EQ(curve.passthrough[4], results[1].passthrough.usd_per_turn[4]);
  const std::string svg = cost_svg(curve, "a <b> & c");
  EXPECT_THAT(svg, HasSubstr("a &lt;b&gt; &amp; c"));
  EXPECT_THAT(svg, HasSubstr("<polyline"));
}

}  // namespace
}  // namespace headroom::replay
