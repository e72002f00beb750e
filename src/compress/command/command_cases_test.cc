#include <string>

#include <gtest/gtest.h>

#include "compress/command/command_filter.h"
#include "compress/command/line_rules.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

std::string unfold(std::string_view output) {
  return std::string(output.substr(0, output.rfind("<<ccr:")));
}

TEST(CommandCases, Hold) {
  const std::vector<testing::Case> cases = testing::read_cases("compress/command");
  EXPECT_GE(cases.size(), 15U);
  for (const testing::Case& c : cases) testing::check_case(CommandFilter(), c, detect::ContentType::kLog, unfold);
}

TEST(CommandFilter, OnlyCommandsThatHaveRules) {
  testing::Case c;
  for (int i = 0; i < 100; ++i) c.text += "   Compiling package-" + std::to_string(i) + " v1.0.0\n";
  const auto run = [&](std::string_view command) {
    c.query.call.command = command;
    return CommandFilter()
        .compress(testing::input_of(c, detect::ContentType::kLog, "0123456789abcdef01234567"))
        .has_value();
  };
  EXPECT_TRUE(run("cargo build"));
  EXPECT_FALSE(run("my-build"));
  EXPECT_FALSE(run(""));
}

TEST(LineRules, ProblemsAreTold) {
  for (std::string_view line :
       {"error: no such file", "3 failed", "npm ERR! code", "Permission denied", "1 Error(s)"}) {
    EXPECT_TRUE(command::reports_problem(line)) << line;
  }
  for (std::string_view line : {"Compiling thiserror v1.0", "0 errors", "Failures: 0", "error-chain v0.12", "ok"}) {
    EXPECT_FALSE(command::reports_problem(line)) << line;
  }
}

}  // namespace
}  // namespace headroom::compress
