#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "headroom/headroom.h"

namespace headroom {
namespace {

std::string build_log() {
  std::string log;
  for (int i = 0; i < 400; ++i)
    log += "[" + std::to_string(i + 1) + "/400] Building CXX object src/part" + std::to_string(i) + ".cc.o\n";
  return log +
         "FAILED: src/wal.cc.o\nsrc/wal.cc:41:7: error: no member named 'sync_range' in 'Writer'\nninja: build "
         "stopped: subcommand failed.\n";
}

TEST(Engine, TextInShorterTextOutOriginalBack) {
  auto engine = Engine::open({.in_memory = true});
  ASSERT_TRUE(engine);
  const Compressed out = engine->compress_text(build_log(), {.question = "Why did the build fail?"});
  ASSERT_TRUE(out.changed) << out.reason;
  EXPECT_LT(out.tokens_after * 4, out.tokens_before);
  EXPECT_EQ(out.tokens_before, count_tokens(build_log()));
  EXPECT_THAT(out.text, ::testing::HasSubstr("no member named 'sync_range' in 'Writer'"));
  ASSERT_EQ(out.ids.size(), 1U);
  EXPECT_EQ(engine->retrieve(out.ids[0]).value(), build_log());
  EXPECT_EQ(engine->retrieve(out.ids[0].substr(0, 12)).value(), build_log());
}

TEST(ModelFacts, AreThoseOfTheModelOrSayThatTheyAreNotKnown) {
  const ModelFacts known = model_facts("claude-sonnet-4-5");
  EXPECT_GT(known.window, 100'000);
  EXPECT_FALSE(known.assumed);
  EXPECT_LT(known.cached, known.input);
  EXPECT_LT(known.input, known.output);
  const ModelFacts unknown = model_facts("no-such-model");
  EXPECT_EQ(unknown.window, 0);
  EXPECT_TRUE(unknown.assumed);
}

TEST(Engine, AnEncryptedStoreOpensWithItsKey) {
  const std::string folder = testing::TempDir() + "headroom-sealed-" + std::to_string(::getpid());
  std::filesystem::create_directories(folder);
  const auto key_file = [&](const std::string& name, char digit) {
    std::ofstream(folder + name) << std::string(64, digit) << '\n';
    std::filesystem::permissions(folder + name, std::filesystem::perms::owner_read);
    return folder + name;
  };
  const std::string right = key_file("/right", 'a'), wrong = key_file("/wrong", 'b');
  const auto open = [&](const std::string& key) {
    return Engine::open({.workspace_dir = folder + "/store", .store_key_file = key});
  };
  std::string id;
  {
    auto engine = open(right);
    ASSERT_TRUE(engine) << engine.error().message;
    id = engine->compress_text(build_log(), {}).ids.at(0);
  }
  std::ifstream file(folder + "/store/ccr.db", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_FALSE(bytes.empty());
  EXPECT_THAT(bytes, testing::Not(testing::HasSubstr("sync_range")));
  EXPECT_EQ(open(right)->retrieve(id).value(), build_log());
  for (const std::string& other : {wrong, std::string(), folder + "/none"}) {
    const auto refused = open(other);
    ASSERT_FALSE(refused) << other;
    EXPECT_NE(refused.error().code, "invalid_argument");
  }
  ::setenv("HEADROOM_STORE_KEY_FILE", right.c_str(), 1);
  EXPECT_TRUE(open(""));
  ::unsetenv("HEADROOM_STORE_KEY_FILE");
  std::filesystem::remove_all(folder);
}

TEST(Engine, WhatGainsNothingComesBackAsItWas) {
  auto engine = Engine::open({.in_memory = true});
  ASSERT_TRUE(engine);
  const Compressed out = engine->compress_text("short", {});
  EXPECT_FALSE(out.changed);
  EXPECT_EQ(out.text, "short");
  EXPECT_FALSE(out.reason.empty());
  EXPECT_EQ(engine->retrieve("000000000000").error().code, "not_found");
  EXPECT_EQ(engine->retrieve("xyz").error().code, "invalid_argument");
}

TEST(Engine, SheetsOfAWorkbookAreTheText) {
  auto engine = Engine::open({.in_memory = true});
  ASSERT_TRUE(engine);
  std::ifstream file(std::string(HEADROOM_SOURCE_DIR) + "/src/document/samples/openpyxl.xlsx", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const Compressed out = engine->compress_text(bytes, {});
  EXPECT_THAT(out.text, ::testing::StartsWith("## Sheet \"Sales\" (A1:D9)\n"));
  EXPECT_THAT(out.text, ::testing::HasSubstr("south,2026-06-01,6000.6,25%"));
  const Compressed broken = engine->compress_text(bytes.substr(0, bytes.size() / 2), {});
  EXPECT_FALSE(broken.changed);
  EXPECT_FALSE(broken.reason.empty());
}

TEST(Engine, BothRequestShapes) {
  auto engine = Engine::open({.in_memory = true});
  ASSERT_TRUE(engine);
  std::string log;
  for (char c : build_log()) log += c == '\n' ? std::string("\\n") : std::string(1, c);
  const std::string anthropic =
      R"({"model":"claude-sonnet-4-5","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":")" +
      log + R"("}]}]})";
  const std::string openai =
      R"({"model":"gpt-4o","messages":[{"role":"tool","tool_call_id":"a","content":")" + log + R"("}]})";
  EXPECT_TRUE(engine->compress_request(anthropic).changed);
  EXPECT_TRUE(engine->compress_request(anthropic).estimate);
  EXPECT_TRUE(engine->compress_request(openai).changed);
  EXPECT_EQ(engine->compress_request("no json").text, "no json");
}

TEST(Engine, PartsOfAnOriginal) {
  auto engine = Engine::open({.in_memory = true});
  ASSERT_TRUE(engine);
  const Compressed out = engine->compress_text(build_log(), {});
  ASSERT_EQ(out.ids.size(), 1U);
  EXPECT_EQ(engine->retrieve(out.ids[0], {.lines = "401:401"}).value(), "FAILED: src/wal.cc.o\n");
  EXPECT_THAT(engine->retrieve(out.ids[0], {.query = "sync_range"}).value(), ::testing::HasSubstr("sync_range"));
  EXPECT_EQ(engine->retrieve(out.ids[0], {.lines = "1:2", .query = "x"}).error().code, "invalid_argument");
  EXPECT_EQ(engine->retrieve(out.ids[0], {.lines = "from here"}).error().code, "invalid_argument");
  EXPECT_EQ(engine->retrieve(out.ids[0], {.path = "data"}).error().code, "invalid_argument");
}

TEST(Engine, ARequestNamesItsProfileAndAsksForAReport) {
  auto engine = Engine::open({.in_memory = true});
  ASSERT_TRUE(engine);
  std::string log;
  for (char c : build_log()) log += c == '\n' ? std::string("\\n") : std::string(1, c);
  const std::string body =
      R"({"model":"gpt-4o","messages":[{"role":"user","content":"hi"},{"role":"tool","tool_call_id":"a","content":")" +
      log + R"("},{"role":"tool","tool_call_id":"b","content":"short"}]})";
  const Compressed out = engine->compress_request(body, {.report = true});
  ASSERT_EQ(out.blocks.size(), 2U);
  EXPECT_EQ(out.blocks[0].message, 1U);
  EXPECT_FALSE(out.blocks[0].transform.empty());
  EXPECT_EQ(out.blocks[0].ids, out.ids);
  EXPECT_EQ(out.blocks[1].message, 2U);
  EXPECT_FALSE(out.blocks[1].reason.empty());
  EXPECT_TRUE(engine->compress_request(body).blocks.empty());
  EXPECT_TRUE(engine->compress_request(body, {.profile = "lossless"}).ids.empty());
  EXPECT_EQ(engine->compress_request(body, {.profile = "none"}).reason, "no profile 'none'");
  EXPECT_EQ(engine->compress_text(build_log(), {.profile = "none"}).text, build_log());
  EXPECT_EQ(engine->compress_text(build_log(), {.type = "none"}).reason, "no type 'none'");
}

/// A chat whose tools, "a" and "b", both printed the build log.
std::string two_results() {
  std::string log;
  for (char c : build_log()) log += c == '\n' ? std::string("\\n") : std::string(1, c);
  std::string body = R"({"model":"gpt-4o","messages":[{"role":"user","content":"hi"})";
  for (const std::string name : {"a", "b"}) {
    body += R"(,{"role":"assistant","content":null,"tool_calls":[{"id":")" + name + R"(","function":{"name":")" + name +
            R"(","arguments":"{}"}}]},{"role":"tool","tool_call_id":")" + name + R"(","content":")" + name + log +
            R"("})";
  }
  return body + "]}";
}

TEST(Engine, OpensWithProfiles) {
  auto lossless = Engine::open({.in_memory = true, .profile = "lossless"});
  auto balanced = Engine::open({.in_memory = true, .profile = "balanced"});
  auto aggressive = Engine::open({.in_memory = true, .profile = "aggressive"});
  ASSERT_TRUE(lossless && balanced && aggressive);
  EXPECT_TRUE(lossless->compress_text(build_log(), {}).ids.empty());
  EXPECT_FALSE(balanced->compress_text(build_log(), {}).ids.empty());
  EXPECT_LE(aggressive->compress_text(build_log(), {}).tokens_after,
            balanced->compress_text(build_log(), {}).tokens_after);
  EXPECT_EQ(lossless->compress_text(build_log(), {.profile = "balanced"}).text,
            balanced->compress_text(build_log(), {}).text);
  const auto none = Engine::open({.in_memory = true, .profile = "none"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "invalid_argument");
  EXPECT_EQ(none.error().message, "no profile 'none'");
}

TEST(Engine, ToolsHaveProfilesOfTheirOwn) {
  auto engine = Engine::open({.in_memory = true, .tool_profiles = {"B*=lossless", "b=aggressive"}});
  ASSERT_TRUE(engine);
  for (const char* profile : {"", "aggressive"}) {
    const Compressed out = engine->compress_request(two_results(), {.profile = profile, .report = true});
    ASSERT_EQ(out.blocks.size(), 2U);
    EXPECT_EQ(out.blocks[0].tool, "a");
    EXPECT_FALSE(out.blocks[0].ids.empty());
    EXPECT_TRUE(out.blocks[1].ids.empty()) << "the first that fits counts, whatever the request says";
  }
  for (const char* bad : {"b", "b=", "=lossless", "b=huge"}) {
    const auto refused = Engine::open({.in_memory = true, .tool_profiles = {bad}});
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, "invalid_argument") << bad;
  }
}

TEST(Engine, ARequestHasABudget) {
  auto engine = Engine::open({.in_memory = true});
  ASSERT_TRUE(engine);
  const Compressed usual = engine->compress_request(two_results());
  EXPECT_TRUE(usual.budget_note.empty()) << usual.budget_note;
  const Compressed roomy = engine->compress_request(two_results(), {.token_budget = usual.tokens_after});
  EXPECT_EQ(roomy.text, usual.text);
  EXPECT_TRUE(roomy.budget_note.empty()) << roomy.budget_note;
  const Compressed tight = engine->compress_request(two_results(), {.token_budget = 1});
  EXPECT_LE(tight.tokens_after, usual.tokens_after);
  EXPECT_THAT(tight.budget_note, ::testing::HasSubstr("over the budget of 1"));
  EXPECT_EQ(engine->compress_request(two_results(), {.token_budget = 1}).text, tight.text);
}

TEST(Engine, SaysWhatDriftedAndWhatRewritingWouldCost) {
  auto engine = Engine::open({.in_memory = true});
  ASSERT_TRUE(engine);
  const auto ask = [&](std::string_view day, int calls) {
    std::string body = R"({"model":"gpt-4o","messages":[{"role":"system","content":"Today's date: )";
    body += std::string(day) + R"("},{"role":"user","content":"build it"})";
    for (int i = 0; i < calls; ++i) {
      const std::string id = std::string("c") + static_cast<char>('0' + i);
      body += R"(,{"role":"assistant","content":null,"tool_calls":[{"id":")" + id +
              R"(","type":"function","function":{"name":"Bash","arguments":"{\"command\":\"ninja\"}"}}]})";
      body += R"(,{"role":"tool","tool_call_id":")" + id + R"(","content":")";
      for (int k = 0; k < 60; ++k) body += "FAILED " + id + " test_" + std::to_string(k * k) + " is not as it was\\n";
      body += R"("})";
    }
    return engine->compress_request(body + "]}");
  };
  const Compressed first = ask("2026-11-25", 1);
  EXPECT_TRUE(first.drifts.empty());
  EXPECT_FALSE(first.rewrite);
  const Compressed second = ask("2026-11-26", 2);
  ASSERT_EQ(second.drifts.size(), 1U);
  const Drift& drift = second.drifts[0];
  EXPECT_EQ(drift.where, "system");
  EXPECT_EQ(drift.what, "date or time");
  EXPECT_EQ(drift.before, "2026-11-25");
  EXPECT_EQ(drift.now, "2026-11-26");
  EXPECT_EQ(drift.request, 2U);
  EXPECT_EQ(drift.action, "told");
  EXPECT_EQ(drift.size, 10U);
  ASSERT_TRUE(second.rewrite) << "the first run of the build is overtaken";
  EXPECT_FALSE(second.rewrite->done);
  EXPECT_FALSE(second.rewrite->cold);
  EXPECT_FALSE(second.rewrite->why_not.empty());
  EXPECT_EQ(second.rewrite->results, 1U);
  EXPECT_EQ(second.rewrite->first_message, 3U);
  EXPECT_GT(second.rewrite->saved_tokens, 0U);
  EXPECT_GT(second.rewrite->keep_later, second.rewrite->rewrite_later);
  EXPECT_TRUE(second.revision_note.empty());
}

TEST(Engine, TellsEachStep) {
  std::vector<std::string> stages;
  std::vector<std::uint64_t> requests;
  std::size_t saved = 0;
  std::string routed;
  auto engine = Engine::open({.in_memory = true, .on_event = [&](const Event& event) {
                                stages.emplace_back(event.stage);
                                requests.push_back(event.request);
                                EXPECT_GT(event.time_ms, 0);
                                if (event.stage == "input_routed") routed = event.type;
                                if (event.stage == "input_compressed") saved = event.tokens_before - event.tokens_after;
                              }});
  ASSERT_TRUE(engine);
  std::string log;
  for (char c : build_log()) log += c == '\n' ? std::string("\\n") : std::string(1, c);
  const std::string body =
      R"({"model":"gpt-4o","messages":[{"role":"tool","tool_call_id":"a","content":")" + log + R"("}]})";
  const Compressed out = engine->compress_request(body);
  EXPECT_THAT(stages, ::testing::ElementsAre("setup", "input_received", "input_cached", "input_routed",
                                             "input_compressed", "input_remembered"));
  EXPECT_THAT(requests, ::testing::ElementsAre(0, 1, 1, 1, 1, 1));
  EXPECT_EQ(routed, "log");
  EXPECT_EQ(saved, out.tokens_before - out.tokens_after);
  stages.clear();
  engine->compress_text(build_log(), {});
  EXPECT_THAT(stages, ::testing::ElementsAre("input_received", "input_cached", "input_routed", "input_compressed",
                                             "input_remembered"));
  EXPECT_EQ(requests.back(), 2U);
  EXPECT_EQ(engine->failed_events(), 0U);
}

TEST(Engine, AListenerThatThrowsHarmsNothing) {
  auto quiet = Engine::open({.in_memory = true});
  auto engine = Engine::open({.in_memory = true, .on_event = [](const Event& event) {
                                if (event.stage == "input_cached") throw 7;
                                throw std::runtime_error("not interested");
                              }});
  ASSERT_TRUE(quiet && engine);
  EXPECT_EQ(engine->compress_text(build_log(), {}).text, quiet->compress_text(build_log(), {}).text);
  EXPECT_EQ(engine->failed_events(), 6U);
  EXPECT_EQ(quiet->failed_events(), 0U);
}

}  // namespace
}  // namespace headroom
