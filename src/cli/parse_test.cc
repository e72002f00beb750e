#include "cli/parse.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::cli {
namespace {

ParsedLine parsed(std::string_view command, std::vector<std::string> words) {
  auto line = parse_line(*find_command(command), words);
  EXPECT_TRUE(line) << (line ? "" : line.error().message);
  return line ? *std::move(line) : ParsedLine{};
}

TEST(ParseLine, FlagsOfTheTableComeWithTheirText) {
  const ParsedLine line = parsed("proxy", {"-p", "9000", "--log-level=debug", "--no-optimize", "--lossless"});
  ASSERT_EQ(line.flags.size(), 4U);
  EXPECT_EQ(line.flags[0].name, "port");
  EXPECT_EQ(line.flags[0].text, "9000");
  EXPECT_EQ(line.flags[1].text, "debug");
  EXPECT_EQ(line.flags[2].name, "optimize");
  EXPECT_EQ(line.flags[2].text, "false");
  EXPECT_EQ(line.flags[3].text, "true");
}

TEST(ParseLine, OfAFlagAndItsOppositeTheLastCounts) {
  EXPECT_EQ(parsed("compress", {"--lossless", "--no-lossless"}).flags.at(0).text, "false");
  EXPECT_EQ(parsed("compress", {"--ccr", "--no-ccr"}).flags.at(0).text, "true");
}

TEST(ParseLine, EveryFlagOfEveryCommandIsUnderstood) {
  for (const CommandSpec& command : commands()) {
    for (const config::OptionSpec& spec : config::option_table()) {
      const bool has = (spec.commands & command.config_options) != 0;
      std::vector<std::string> words = {"--" + std::string(spec.name)};
      if (!spec.value_name.empty()) words.emplace_back("1");
      for (const ArgSpec& arg : command.args) {
        if (arg.required) words.emplace_back(arg.choices.empty() ? "x" : arg.choices.front());
      }
      // A flag of the command's own may have the name of a setting of others.
      if (std::ranges::find(command.args, words.front(), &ArgSpec::name) != command.args.end()) continue;
      const auto line = parse_line(command, words);
      const bool set =
          line && std::ranges::any_of(line->flags, [&](const auto& flag) { return flag.name == spec.name; });
      EXPECT_EQ(set, has) << command.name << " --" << spec.name;
      // What follows another command's name is that command's.
      const bool others = !command.rest.empty() && command.rest_after == 0;
      EXPECT_EQ(line.has_value(), has || others) << command.name << " --" << spec.name;
    }
  }
}

TEST(ParseLine, ADashIsStandardInputAndTwoDashesEndTheFlags) {
  EXPECT_EQ(parsed("compress", {"-"}).values.at("FILE"), "-");
  EXPECT_EQ(parsed("compress", {"--", "--odd-name"}).values.at("FILE"), "--odd-name");
}

TEST(ParseLine, WordsBehindAnAgentsNameAreTheAgents) {
  using testing::ElementsAre;
  ParsedLine line = parsed("wrap", {"-p", "9000", "--log-level", "debug", "claude", "-p", "hi"});
  EXPECT_EQ(line.values.at("AGENT"), "claude");
  EXPECT_EQ(line.flags.at(0).text, "9000");
  EXPECT_THAT(line.rest, ElementsAre("-p", "hi"));
  EXPECT_EQ(parsed("wrap", {"-p9000", "claude"}).values.at("AGENT"), "claude");
  // --profile is a setting of ours, too; --port is what users of wrap put there.
  line = parsed("wrap", {"codex", "--port", "9000", "--dry-run", "--profile", "work", "--port", "x"});
  EXPECT_EQ(line.flags.size(), 1U);
  EXPECT_TRUE(line.values.contains("--dry-run"));
  EXPECT_THAT(line.rest, ElementsAre("--profile", "work", "--port", "x"));
  EXPECT_THAT(parsed("wrap", {"codex", "--workspace-dir", "/x"}).rest, ElementsAre("--workspace-dir", "/x"));
  EXPECT_THAT(parsed("wrap", {"codex", "--", "--dry-run"}).rest, ElementsAre("--dry-run"));
  EXPECT_THAT(parsed("wrap", {"codex", "--json"}).rest, ElementsAre("--json"));
  EXPECT_TRUE(parsed("wrap", {"--json", "codex", "--dry-run"}).values.contains("--json"));
  EXPECT_EQ(parsed("mcp", {"proxy", "--workspace-dir", "/x", "npx", "--y"}).flags.at(0).text, "/x");
  EXPECT_THAT(parsed("run", {"--model", "x", "ls", "-l"}).rest, ElementsAre("ls", "-l"));
}

TEST(ParseLine, WhoseWordsAreWhoseIsSaidWhereThatIsWrong) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--permission-mode", "plan", "claude"}, {"claude", "--tool-search"}}) {
    const auto line = parse_line(*find_command("wrap"), words);
    ASSERT_FALSE(line);
    EXPECT_THAT(line.error().message, testing::HasSubstr("`headroom wrap AGENT -- ...`"));
  }
  EXPECT_FALSE(parse_line(*find_command("unwrap"), std::vector<std::string>{"--x"}).error().message.contains(" -- "));
}

TEST(ParseLine, HelpWinsOverWhatElseIsWrong) {
  EXPECT_TRUE(parsed("retrieve", {"--help"}).help);
  EXPECT_TRUE(parsed("retrieve", {"-h"}).help);
  EXPECT_TRUE(parsed("retrieve", {"-?"}).help);
}

TEST(ParseLine, CompatFlagsAreOfTheProxyOnly) {
  const ParsedLine line = parsed("proxy", {"--workers", "4", "--no-rate-limit"});
  ASSERT_EQ(line.compat.size(), 2U);
  EXPECT_EQ(line.compat[0].name, "workers");
  EXPECT_EQ(line.compat[0].text, "4");
  EXPECT_EQ(line.compat[1].name, "no-rate-limit");
  EXPECT_FALSE(parse_line(*find_command("compress"), std::vector<std::string>{"--no-rate-limit"}));
}

}  // namespace
}  // namespace headroom::cli
