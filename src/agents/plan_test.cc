#include "agents/plan.h"

#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/catalog_text.h"
#include "base/hash.h"

namespace headroom::agents {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

/// A disk with these files and no others, that nothing can be written to.
class FewFiles final : public Files {
 public:
  std::map<std::string, std::string> content;
  base::Result<std::optional<FileState>> read(const std::string& path) override {
    const auto found = content.find(path);
    return found == content.end() ? std::nullopt : std::optional(FileState{found->second, 0600});
  }
  base::Result<void> write(const std::string&, std::string_view, unsigned) override { return refuse(); }
  base::Result<void> rename(const std::string&, const std::string&) override { return refuse(); }
  base::Result<void> remove(const std::string&) override { return refuse(); }
  base::Result<bool> make_folder(const std::string&, unsigned) override { return std::unexpected(refuse().error()); }
  base::Result<bool> is_folder(const std::string& path) override {
    const auto next = content.lower_bound(path + "/");
    return next != content.end() && next->first.starts_with(path + "/");
  }
  base::Result<void> remove_folder(const std::string&) override { return refuse(); }
  base::Result<std::vector<std::string>> list(const std::string&) override { return std::vector<std::string>{}; }
  base::Result<std::string> real_path(const std::string& path) override { return path; }
  base::Result<std::shared_ptr<void>> lock(const std::string&) override { return std::unexpected(refuse().error()); }

 private:
  static base::Result<void> refuse() { return base::fail(base::ErrorCode::kIo, "read only"); }
};

class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    situation_.home = "/home/me";
    situation_.files = &files_;
    situation_.variable = [this](std::string_view name) -> std::optional<std::string> {
      const auto found = env_.find(std::string(name));
      return found == env_.end() ? std::nullopt : std::optional(found->second);
    };
    situation_.own_proxy = [this](std::string_view url) {
      return url.starts_with("http://127.0.0.1:87") ? std::optional(running_) : std::nullopt;
    };
  }
  Routing wrap(std::string_view name) {
    return wrap_routing(*find_agent(name), situation_, "http://127.0.0.1:8787").value();
  }

  FewFiles files_;
  std::map<std::string, std::string> env_;
  Upstreams running_;  ///< of the proxy of ours that runs
  Situation situation_;
};

TEST(Catalog, EveryDescriptionIsRead) {
  EXPECT_GE(catalog().size(), 18U);
  for (const CatalogEntry& entry : catalog()) {
    const auto read = read_description(entry.name, entry.text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_TRUE(read->hold || !read->binaries.empty()) << entry.name;
    EXPECT_FALSE(read->homes.empty()) << entry.name;
    for (const auto* settings : {&read->files, &read->durable, &read->overrides}) {
      for (const FileSetting& setting : *settings) {
        EXPECT_TRUE(!setting.select.empty() || parse_key_path(setting.path)) << entry.name << " " << setting.path;
      }
    }
    EXPECT_TRUE(!read->mcp || parse_key_path(read->mcp->path)) << entry.name;
    EXPECT_TRUE(!read->env.empty() || !read->files.empty() || !read->guide.empty()) << entry.name;
  }
  EXPECT_FALSE(read_description("x", "title = 1\n"));
  EXPECT_FALSE(read_description("x", "title = \"x\"\nhomme = []\n"));
}

TEST_F(PlanTest, ClaudeByItsEnvironment) {
  const Routing routing = wrap("claude");
  EXPECT_THAT(routing.env,
              ElementsAre(Pair("ANTHROPIC_BASE_URL", "http://127.0.0.1:8787"), Pair("ENABLE_TOOL_SEARCH", "true")));
  EXPECT_TRUE(routing.args.empty());
  EXPECT_TRUE(routing.files.empty());
  EXPECT_TRUE(routing.upstreams.empty());
}

TEST_F(PlanTest, ARouterThatAnotherToolHasSetIsChainedTo) {
  files_.content["/home/me/.claude/settings.json"] =
      R"({"env": {"ANTHROPIC_BASE_URL": "https://router.example/api/"}})";
  const Routing routing = wrap("claude");
  EXPECT_THAT(routing.upstreams, ElementsAre(Pair("anthropic", "https://router.example/api")));
  EXPECT_THAT(routing.args, ElementsAre("--settings", R"({"env":{"ANTHROPIC_BASE_URL":"http://127.0.0.1:8787"}})"));
  EXPECT_THAT(routing.notes, Contains(testing::HasSubstr("https://router.example/api")));
}

TEST_F(PlanTest, AnAddressOfOursIsNoUpstream) {
  env_["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:8790";
  EXPECT_TRUE(wrap("claude").upstreams.empty());
}

TEST_F(PlanTest, OfAProxyOfOursTheUpstreamIsTakenOver) {
  env_["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:8790";
  running_ = {{"anthropic", "https://router.example"}, {"openai", "https://other.example"}};
  EXPECT_THAT(wrap("claude").upstreams, ElementsAre(Pair("anthropic", "https://router.example")));
}

TEST_F(PlanTest, WhatWeHaveLeftInAFileIsLookedBehind) {
  const std::string file = "/home/me/.claude/settings.json";
  FewFiles& disk = files_;
  disk.content[file] = R"({"env": {"ANTHROPIC_BASE_URL": "http://127.0.0.1:8787"}})";
  Record record;
  record.file = file;
  record.existed = true;
  record.original = R"({"env": {"ANTHROPIC_BASE_URL": "https://router.example/api"}})";
  record.states = {base::sha256_hex(disk.content[file])};
  record.edits = {{"init claude",
                   {Format::kJson, parse_key_path("env.ANTHROPIC_BASE_URL").value(), "\"http://127.0.0.1:8787\""},
                   std::nullopt}};
  disk.content[fmt::format("/journal/{}.json", base::content_id(file))] = write_record(record);
  const base::FakeClock clock;
  Journal journal(disk, "/journal", clock);
  situation_.journal = &journal;
  for (const bool runs : {false, true}) {
    if (runs) running_ = {{"anthropic", "https://elsewhere.example"}};
    const Routing routing = wrap("claude");
    EXPECT_THAT(routing.upstreams, ElementsAre(Pair("anthropic", "https://router.example/api")));
    // Not what is behind it, but the address of ours in the file is to be overruled.
    EXPECT_THAT(routing.args, ElementsAre("--settings", R"({"env":{"ANTHROPIC_BASE_URL":"http://127.0.0.1:8787"}})"));
    const auto init = init_routing(*find_agent("claude"), situation_, "http://127.0.0.1:9000");
    ASSERT_TRUE(init) << init.error().message;
    EXPECT_THAT(init->upstreams, ElementsAre(Pair("anthropic", "https://router.example/api")));
  }
}

TEST_F(PlanTest, WhoeverListensWhereOurProxyWasIsNoUpstream) {
  const std::string file = "/home/me/.claude/settings.json", here = "http://127.0.0.1:9000";
  FewFiles& disk = files_;
  disk.content[file] = R"({"env": {"ANTHROPIC_BASE_URL": "http://127.0.0.1:9000"}})";
  Record record;
  record.file = file;
  record.existed = true;
  record.original = "{}";
  record.states = {base::sha256_hex(disk.content[file])};
  record.edits = {{"init claude",
                   {Format::kJson, parse_key_path("env.ANTHROPIC_BASE_URL").value(), "\"" + here + "\""},
                   std::nullopt}};
  disk.content[fmt::format("/journal/{}.json", base::content_id(file))] = write_record(record);
  const base::FakeClock clock;
  Journal journal(disk, "/journal", clock);
  situation_.journal = &journal;
  ASSERT_FALSE(situation_.own_proxy(here)) << "another program has taken the port";
  EXPECT_TRUE(wrap("claude").upstreams.empty());
  EXPECT_THAT(wrap("claude").args,
              ElementsAre("--settings", R"({"env":{"ANTHROPIC_BASE_URL":"http://127.0.0.1:8787"}})"));
  EXPECT_TRUE(init_routing(*find_agent("claude"), situation_, here)->upstreams.empty());
  env_["ANTHROPIC_BASE_URL"] = "https://router.example";
  EXPECT_THAT(wrap("claude").upstreams, ElementsAre(Pair("anthropic", "https://router.example")))
      << "what the user's process says, once ours is away";
}

TEST_F(PlanTest, WhatARunningAgentHeeds) {
  const auto live = [this](std::string_view name) {
    return live_routing(*find_agent(name), situation_, "http://127.0.0.1:8790").value();
  };
  // Variables decide for Claude Code as long as its file says nothing.
  EXPECT_TRUE(live("claude").keys.empty());
  EXPECT_TRUE(live("claude").files.empty());
  files_.content["/home/me/.claude/settings.json"] = R"({"env": {"ANTHROPIC_BASE_URL": "https://router.example"}})";
  const LiveRouting claude = live("claude");
  EXPECT_THAT(claude.upstreams, ElementsAre(Pair("anthropic", "https://router.example")));
  ASSERT_EQ(claude.keys.size(), 1U);
  EXPECT_EQ(claude.keys[0].before, "https://router.example");
  EXPECT_FALSE(claude.keys[0].ours());
  ASSERT_EQ(claude.files.size(), 1U);
  EXPECT_EQ(claude.files[0].keys.at(0).json, "\"http://127.0.0.1:8790\"");
  // What it takes from a file alone is there in any case.
  files_.content["/home/me/.continue/config.yaml"] = "models:\n  - provider: openai\n";
  EXPECT_EQ(live("continue").keys.size(), 1U);
  // Words of the command line win over the file.
  files_.content["/home/me/.codex/config.toml"] = "openai_base_url = \"https://router.example/v1\"\n";
  EXPECT_TRUE(live("codex").keys.empty());
  EXPECT_THAT(live("codex").upstreams, ElementsAre(Pair("openai", "https://router.example")));
  EXPECT_THAT(live_files(*find_agent("codex"), situation_), ElementsAre("/home/me/.codex/config.toml"));
  EXPECT_TRUE(live_files(*find_agent("goose"), situation_).empty());
}

TEST_F(PlanTest, ClaudeThroughOtherClouds) {
  env_["CLAUDE_CODE_USE_BEDROCK"] = "1";
  EXPECT_THAT(wrap("claude").env, Contains(Pair("ANTHROPIC_BEDROCK_BASE_URL", "http://127.0.0.1:8787")));
  env_ = {{"CLAUDE_CODE_USE_FOUNDRY", "1"},
          {"ANTHROPIC_FOUNDRY_BASE_URL", "https://r.services.ai.azure.com/anthropic"}};
  EXPECT_THAT(wrap("claude").env, Contains(Pair("ANTHROPIC_FOUNDRY_BASE_URL", "http://127.0.0.1:8787/anthropic")));
  EXPECT_THAT(wrap("claude").upstreams, ElementsAre(Pair("anthropic", "https://r.services.ai.azure.com")));
}

TEST_F(PlanTest, CodexWithAProviderOfTheUsersOwn) {
  env_["CODEX_HOME"] = "/elsewhere";
  files_.content["/elsewhere/config.toml"] =
      "model_provider = \"mine\"\n[model_providers.mine]\nbase_url = \"https://llm.corp.example/v1\"\n";
  const Routing routing = wrap("codex");
  EXPECT_THAT(routing.args, ElementsAre("-c", "openai_base_url=\"http://127.0.0.1:8787/v1\"", "-c",
                                        "model_providers.mine.base_url=\"http://127.0.0.1:8787/v1\""));
  EXPECT_THAT(routing.upstreams, ElementsAre(Pair("openai", "https://llm.corp.example")));
}

TEST_F(PlanTest, OfSeveralFilesThatNameARouterTheOneThatWinsCounts) {
  files_.content["/home/me/.config/opencode/opencode.json"] =
      R"({"provider": {"openai": {"options": {"baseURL": "https://old.example/v1"}}}})";
  EXPECT_THAT(wrap("opencode").upstreams, ElementsAre(Pair("openai", "https://old.example")));
  files_.content["/home/me/.config/opencode/opencode.jsonc"] =
      "{ // mine\n\"provider\": {\"openai\": {\"options\": {\"baseURL\": \"https://new.example/v1\"}}}, }";
  files_.content["opencode.json"] = R"({"provider": {"google": {"options": {"baseURL": "https://g.example/v1beta"}}}})";
  env_["OPENCODE_CONFIG"] = "/mine.json";
  files_.content["/mine.json"] = R"({"provider": {"anthropic": {"options": {"baseURL": "https://a.example/v1"}}}})";
  const Routing routing = wrap("opencode");
  EXPECT_THAT(routing.upstreams,
              ElementsAre(Pair("anthropic", "https://a.example"), Pair("gemini", "https://g.example"),
                          Pair("openai", "https://new.example")));
  EXPECT_THAT(routing.notes, testing::SizeIs(3)) << "nothing is said of what does not count";
}

TEST_F(PlanTest, AidersFilesWinOverItsVariables) {
  files_.content["/home/me/.aider.conf.yml"] = "openai-api-base: https://home.example/v1  # mine\n";
  EXPECT_THAT(wrap("aider").upstreams, ElementsAre(Pair("openai", "https://home.example")));
  files_.content[".aider.conf.yml"] = "openai-api-base: https://project.example/v1\n";
  const Routing routing = wrap("aider");
  EXPECT_THAT(routing.upstreams, ElementsAre(Pair("openai", "https://project.example")));
  EXPECT_THAT(routing.args, ElementsAre("--openai-api-base", "http://127.0.0.1:8787/v1"));
}

TEST_F(PlanTest, FilesOfVariablesCountAsTheirAgentsReadThem) {
  files_.content["/home/me/.gemini/.env"] = "GEMINI_API_KEY=x\nGOOGLE_GEMINI_BASE_URL=https://relay.example\n";
  EXPECT_THAT(wrap("gemini").upstreams, ElementsAre(Pair("gemini", "https://relay.example")));
  env_["GOOGLE_GEMINI_BASE_URL"] = "https://mine.example";
  EXPECT_THAT(wrap("gemini").upstreams, ElementsAre(Pair("gemini", "https://mine.example"))) << "the process wins";
  files_.content["/home/me/.qwen/.env"] = "OPENAI_BASE_URL='https://relay.example/v1'\n";
  EXPECT_THAT(wrap("qwen").upstreams, Contains(Pair("openai", "https://relay.example")));
  env_ = {{"OPENAI_API_BASE", "https://mine.example/v1"}};
  EXPECT_THAT(wrap("aider").upstreams, ElementsAre(Pair("openai", "https://mine.example")));
  files_.content[".env"] = "OPENAI_API_BASE=https://relay.example/v1\n";
  const Routing routing = wrap("aider");
  EXPECT_THAT(routing.upstreams, ElementsAre(Pair("openai", "https://relay.example"))) << "the file wins";
  EXPECT_THAT(routing.args, ElementsAre("--set-env", "OPENAI_API_BASE=http://127.0.0.1:8787/v1"));
}

TEST_F(PlanTest, InitSetsWhatTheAgentUses) {
  const auto keys = [this](std::string_view name) {
    std::vector<std::string> all;
    const auto routing = init_routing(*find_agent(name), situation_, "http://127.0.0.1:8787");
    EXPECT_TRUE(routing);
    if (!routing) return all;
    for (const FileEdits& file : routing->files) {
      for (const KeyEdit& one : file.keys) all.push_back(key_path_text(one.path));
    }
    return all;
  };
  EXPECT_THAT(keys("claude"), ElementsAre("env.ANTHROPIC_BASE_URL"));
  files_.content["/home/me/.claude/settings.json"] = R"({"env": {"CLAUDE_CODE_USE_BEDROCK": "1"}})";
  EXPECT_THAT(keys("claude"), ElementsAre("env.ANTHROPIC_BEDROCK_BASE_URL"));
  const std::string codex = "/home/me/.codex/config.toml";
  files_.content[codex] = "model_provider = \"mine\"\n[model_providers.mine]\nbase_url = \"https://corp.example/v1\"\n";
  EXPECT_THAT(keys("codex"), ElementsAre("openai_base_url", "model_providers.mine.base_url"));
  // A provider that the file does not describe is Codex's own.
  files_.content[codex] = "model_provider = \"openai\"\n";
  EXPECT_THAT(keys("codex"), ElementsAre("openai_base_url"));
}

TEST_F(PlanTest, AFileThatCannotBeReadIsAnError) {
  files_.content["/home/me/.codex/config.toml"] = "model = \n";
  const auto routing = wrap_routing(*find_agent("codex"), situation_, "http://x");
  ASSERT_FALSE(routing);
  EXPECT_THAT(routing.error().message, testing::HasSubstr("/home/me/.codex/config.toml: line"));
}

TEST_F(PlanTest, CopilotBySubscription) {
  situation_.flags = {"--subscription"};
  const Routing routing = wrap("copilot");
  EXPECT_THAT(routing.env, ElementsAre(Pair("COPILOT_API_URL", "http://127.0.0.1:8787")));
  EXPECT_THAT(routing.upstreams, Contains(Pair("openai", "https://api.githubcopilot.com")));
}

TEST_F(PlanTest, EveryModelOfContinue) {
  files_.content["/home/me/.continue/config.yaml"] =
      "models:\n  - name: a\n    provider: openai\n  - name: b\n    provider: anthropic\n  - name: c\n    provider: "
      "openai\n";
  const Routing routing = wrap("continue");
  ASSERT_EQ(routing.files.size(), 1U);
  std::vector<std::string> paths;
  for (const KeyEdit& key : routing.files[0].keys) paths.push_back(key_path_text(key.path));
  EXPECT_THAT(paths, ElementsAre("models[1].apiBase", "models[0].apiBase", "models[2].apiBase"));
}

TEST_F(PlanTest, McpEntriesNameTheProgram) {
  const auto entry = mcp_entry(*find_agent("opencode"), situation_, "/opt/head room");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->file, "/home/me/.config/opencode/opencode.json");
  EXPECT_EQ(entry->edit.json, R"({"command":["/opt/head room","mcp","serve"],"enabled":true,"type":"local"})");
}

TEST_F(PlanTest, InitNeedsASetting) {
  EXPECT_FALSE(init_routing(*find_agent("gemini"), situation_, "http://x"));
  EXPECT_EQ(init_routing(*find_agent("claude"), situation_, "http://x")->files.size(), 1U);
}

}  // namespace
}  // namespace headroom::agents
