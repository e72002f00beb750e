#include "config/resolve.h"

#include <filesystem>
#include <fstream>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::config {
namespace {

using ::testing::HasSubstr;

class ResolveTest : public ::testing::Test {
 protected:
  ResolveTest() {
    home_ = testing::TempDir() + "/headroom_resolve_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(home_);
    std::filesystem::create_directories(home_ + "/.headroom/config");
    variables_["HOME"] = home_;
  }
  ~ResolveTest() override { std::filesystem::remove_all(home_); }

  void write_file(std::string_view text) { std::ofstream(home_ + "/.headroom/config/config.toml") << text; }
  base::Result<Resolved> resolved() {
    return resolve(flags_, [this](std::string_view name) -> std::optional<std::string> {
      const auto found = variables_.find(std::string(name));
      if (found == variables_.end()) return std::nullopt;
      return found->second;
    });
  }

  std::string home_;
  std::map<std::string, std::string> variables_;
  std::vector<FlagValue> flags_;
};

/// A value of the option's type that is not its default.
std::string other_value(const OptionSpec& spec) {
  const std::string usual = option_text(spec, Options{});
  if (option_type_name(spec) == "yes/no") return usual == "true" ? "false" : "true";
  if (option_type_name(spec) == "number") return std::to_string(spec.max - 1);
  if (spec.value_name == "TOKEN") return "what-nobody-guesses";
  if (spec.name == "tool-profiles") return "alpha=lossless,beta*=aggressive";
  if (option_type_name(spec) == "list") return "alpha,beta*";
  if (!spec.choices.empty()) return std::string(spec.choices.back());
  return spec.value_name == "URL" ? "http://127.0.0.1:9/base" : "/somewhere/else";
}

std::string value_of(const Resolved& resolved, const OptionSpec& spec) {
  return option_text(spec, resolved.options);
}

TEST_F(ResolveTest, EveryOptionIsSetByItsFlagByEachOfItsEnvironmentNamesAndByTheFile) {
  for (const OptionSpec& spec : option_table()) {
    const std::string wanted = other_value(spec);
    SCOPED_TRACE(spec.name);
    ASSERT_NE(wanted, option_text(spec, Options{}));
    const auto usual = resolved();
    ASSERT_TRUE(usual) << usual.error().message;
    EXPECT_NE(value_of(*usual, spec), wanted);

    flags_ = {{std::string(spec.name), wanted}};
    EXPECT_EQ(value_of(*resolved(), spec), wanted);
    flags_.clear();
    for (std::string_view name : spec.env) {
      variables_[std::string(name)] = wanted;
      EXPECT_EQ(value_of(*resolved(), spec), wanted) << name;
      variables_.erase(std::string(name));
    }
    if (spec.key.empty()) continue;
    const bool quoted = option_type_name(spec) == "text" || option_type_name(spec) == "list";
    write_file(fmt::format("{} = {}{}{}\n", spec.key, quoted ? "\"" : "", wanted, quoted ? "\"" : ""));
    const auto from_file = resolved();
    ASSERT_TRUE(from_file) << from_file.error().message;
    EXPECT_EQ(value_of(*from_file, spec), wanted);
    write_file("");
  }
}

TEST_F(ResolveTest, AFlagWinsOverTheEnvironmentTheEnvironmentOverTheFileAndTheOriginIsSaid) {
  const auto port = [&] { return resolved()->options.port; };
  const auto origin = [&] {
    const auto config = resolved();
    for (std::size_t i = 0; i < option_table().size(); ++i) {
      if (option_table()[i].name == "port") return describe(config->origins[i]);
    }
    return std::string();
  };
  EXPECT_EQ(port(), 8787);
  EXPECT_EQ(origin(), "default");
  write_file("[server]\nport = 1001\n");
  EXPECT_EQ(port(), 1001);
  EXPECT_THAT(origin(), HasSubstr("config.toml:2 server.port"));
  variables_["HEADROOM_PORT"] = "1002";
  EXPECT_EQ(port(), 1002);
  EXPECT_EQ(origin(), "environment HEADROOM_PORT");
  flags_ = {{"port", "1003"}};
  EXPECT_EQ(port(), 1003);
  EXPECT_EQ(origin(), "flag --port");
}

TEST_F(ResolveTest, OurOwnEnvironmentNameWinsAndAnEmptyOneDoesNotCount) {
  variables_["ANTHROPIC_TARGET_API_URL"] = "http://second.test";
  variables_["HEADROOM_ANTHROPIC_API_URL"] = "http://first.test";
  EXPECT_EQ(resolved()->options.anthropic_api_url, "http://first.test");
  variables_["HEADROOM_ANTHROPIC_API_URL"] = "";
  EXPECT_EQ(resolved()->options.anthropic_api_url, "http://second.test");
}

TEST_F(ResolveTest, ABadValueIsRefusedWithItsOriginAndWhatIsAllowed) {
  variables_["HEADROOM_PORT"] = "70000";
  EXPECT_EQ(resolved().error().message, "environment HEADROOM_PORT: '70000' is not a whole number from 0 to 65535");
  variables_.erase("HEADROOM_PORT");
  flags_ = {{"log-level", "loud"}};
  EXPECT_EQ(resolved().error().message, "flag --log-level: 'loud' is not one of debug, info, warn, warning, error");
  flags_ = {{"openai-api-url", "ftp://x"}};
  EXPECT_THAT(resolved().error().message, HasSubstr("flag --openai-api-url: 'ftp://x' is not a URL"));
  flags_.clear();
  for (std::string_view bad : {"port = \"x\"", "port = 1.5", "port = true", "port = -1", "port = 8787x"}) {
    write_file(fmt::format("[server]\n{}\n", bad));
    EXPECT_THAT(resolved().error().message, HasSubstr("config.toml:2")) << bad;
  }
}

TEST_F(ResolveTest, AnUnknownSettingInTheFileIsRefusedWithTheNearestName) {
  write_file("[compress]\nmin_token = 5\n");
  EXPECT_THAT(resolved().error().message, HasSubstr("line 2: unknown setting 'compress.min_token'; did you mean "
                                                    "'compress.min_tokens'?"));
}

TEST_F(ResolveTest, ABrokenFileIsRefusedWithThePlace) {
  write_file("[server\nport = 1\n");
  ASSERT_FALSE(resolved());
  EXPECT_THAT(resolved().error().message, HasSubstr("config.toml:1:"));
}

TEST_F(ResolveTest, ListsAreWrittenAsTomlListsToo) {
  write_file("compress.protect_tool_results = [\"Read\", \"mcp__*\"]\n");
  EXPECT_EQ(resolved()->options.protect_tool_results, (std::vector<std::string>{"Read", "mcp__*"}));
}

TEST_F(ResolveTest, FoldersFollowTheHomeTheWorkspaceAndTheConfigFolder) {
  EXPECT_EQ(resolved()->options.workspace_dir, home_ + "/.headroom");
  EXPECT_EQ(resolved()->file, home_ + "/.headroom/config/config.toml");
  variables_["HEADROOM_WORKSPACE_DIR"] = "~/ws";
  EXPECT_EQ(resolved()->options.workspace_dir, home_ + "/ws");
  EXPECT_EQ(resolved()->file, home_ + "/ws/config/config.toml");
  variables_["HEADROOM_CONFIG_DIR"] = "/etc/headroom";
  EXPECT_EQ(resolved()->file, "/etc/headroom/config.toml");
  EXPECT_EQ(resolved()->options.config_dir, "/etc/headroom");
}

}  // namespace
}  // namespace headroom::config
