#include "detect/command_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::detect {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The deciding commands of a line, each as one text.
std::vector<std::string> deciding(std::string_view line) {
  std::vector<std::string> all;
  for (const CommandWords& words : deciding_commands(line)) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    all.push_back(text);
  }
  return all;
}

TEST(CommandLine, WrappersAndPathsGo) {
  EXPECT_THAT(deciding("git status"), ElementsAre("git status"));
  EXPECT_THAT(deciding("cd /x && FOO=1 sudo -u me /usr/bin/git log 2>&1 | head -20"), ElementsAre("git log"));
  EXPECT_THAT(deciding("timeout -k 5 30 npx --yes eslint src"), ElementsAre("eslint src"));
  EXPECT_THAT(deciding("uv run --with x pytest -q"), ElementsAre("pytest -q"));
  EXPECT_THAT(deciding("poetry run python3.11 -m pytest tests"), ElementsAre("pytest tests"));
  EXPECT_THAT(deciding("bash -lc \"cd a && make -j4 test 2>&1\""), ElementsAre("make -j4 test"));
  EXPECT_THAT(deciding("docker compose exec -T web pip3 install x"), ElementsAre("pip install x"));
  EXPECT_THAT(deciding("kubectl exec -n a pod -- env"), ElementsAre("env"));
  EXPECT_THAT(deciding("find . -name '*.c' | xargs -n 1 wc -l"), ElementsAre("wc -l"));
  EXPECT_THAT(deciding("env -u X A=b nice -n 5 gcc-12 -c a.c"), ElementsAre("gcc -c a.c"));
  EXPECT_THAT(deciding("./gradlew build"), ElementsAre("gradle build"));
}

TEST(CommandLine, OfAPipelineTheLastThatMakesOutputCounts) {
  EXPECT_THAT(deciding("ps aux | sort -k3 | tail -5"), ElementsAre("ps aux"));
  EXPECT_THAT(deciding("cat a.json | jq .x"), ElementsAre("jq .x"));
  EXPECT_THAT(deciding("rg foo src | grep -v test | head"), ElementsAre("rg foo src"));
  EXPECT_THAT(deciding("df -h | awk '{print $1}'"), ElementsAre("awk {print $1}"));
  EXPECT_THAT(deciding("make |& tee build.log"), ElementsAre("make"));
}

TEST(CommandLine, SeveralCommandsAreSeveral) {
  EXPECT_THAT(deciding("git status; git diff --stat"), ElementsAre("git status", "git diff --stat"));
  EXPECT_THAT(deciding("echo start; export A=1; cargo build || exit 1"), ElementsAre("cargo build"));
  EXPECT_THAT(deciding("# a note\nls -l\nif true; then df; fi"), ElementsAre("ls -l", "df", "fi"));
}

TEST(CommandLine, OddLines) {
  EXPECT_THAT(deciding(""), IsEmpty());
  EXPECT_THAT(deciding("'unclosed | git"), ElementsAre("unclosed | git"));
  EXPECT_THAT(deciding("python3 - <<'EOF' 2>&1 | head\nimport os; os.x()\nEOF\ngit log"),
              ElementsAre("python -", "git log"));
  EXPECT_THAT(deciding("echo $(git log | head) && date"), ElementsAre("date"));
  EXPECT_THAT(deciding("git commit -m \"a; b | c\""), ElementsAre("git commit -m a; b | c"));
  EXPECT_THAT(deciding("git lo\\\n g"), ElementsAre("git lo g"));
  EXPECT_EQ(deciding(std::string(100'000, '(')).size(), 0U);
}

TEST(CommandRules, TheFileReadsWithoutProblems) {
  std::string problems;
  for (const CommandRule& rule : command_rules()) {
    for (const CommandWords& words : rule.commands) problems += words.empty() ? "empty" : "";
  }
  EXPECT_EQ(problems, "");
  EXPECT_GE(command_rules().size(), 40U);
  EXPECT_THAT(parse_command_rules("command: a\ntype: log\ndrop: x*\n", problems), ::testing::SizeIs(1));
  EXPECT_EQ(problems, "");
  parse_command_rules("drop: x\ncommand: \ntype: nonsense\nwhat is this\n", problems);
  EXPECT_EQ(std::ranges::count(problems, '\n'), 4);
}

TEST(CommandRules, TheLongestRuleThatFitsCounts) {
  const auto type = [](std::string_view line) {
    const auto rules = rules_for_line(line);
    return rules.empty() ? ContentType::kOther : rules[0]->type;
  };
  EXPECT_EQ(type("kubectl -n prod get pods -o wide"), ContentType::kTable);
  EXPECT_EQ(type("kubectl describe pod x"), ContentType::kConfig);
  EXPECT_EQ(type("git --no-pager -C dir log --oneline"), ContentType::kLog);
  EXPECT_EQ(type("git diff HEAD~1"), ContentType::kDiff);
  EXPECT_EQ(type("cargo build --release"), ContentType::kLog);
  EXPECT_EQ(type("some-program --flag"), ContentType::kOther);
}

}  // namespace
}  // namespace headroom::detect
