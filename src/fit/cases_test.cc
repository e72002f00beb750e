#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fit/intelligent_context.h"
#include "fit/rolling_window.h"
#include "fit/testing/sketch.h"

namespace headroom::fit {
namespace {

/// A plan as a case writes it: "remove FIRST-LAST" and "reduce MESSAGE: text" with what the text must hold.
struct Expected {
  std::vector<std::string> removed;
  std::vector<std::string> reduced;
};

/// Lines of a case (cases/*.case): "strategy rolling|intelligent", "budget N", "keep ROUNDS STEPS", "body KIND", lines
/// of a sketch, and what is expected: "= remove 1-4", "= reduce 3 some text of the marker", "= met", "= unmet".
void check_case(const std::filesystem::path& path) {
  SCOPED_TRACE(path.filename().string());
  std::ifstream file(path);
  std::string line, sketch, strategy = "intelligent";
  std::size_t budget = 0, rounds = 1, steps = 0;
  std::vector<std::string> expected;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word.empty() || word.starts_with("#")) continue;
    if (word == "strategy") {
      words >> strategy;
    } else if (word == "budget") {
      words >> budget;
    } else if (word == "keep") {
      words >> rounds >> steps;
    } else if (word == "=") {
      expected.push_back(line.substr(2));
    } else {
      sketch += line + "\n";
    }
  }
  ASSERT_FALSE(expected.empty());
  for (wire::Api api : {wire::Api::kAnthropicMessages, wire::Api::kOpenAiChat}) {
    SCOPED_TRACE(wire::api_name(api));
    const testing::Sketch made(api, sketch);
    Window window = made.window(budget);
    window.keep_rounds = rounds;
    window.keep_steps = steps;
    const Plan plan = strategy == "rolling" ? rolling_window(window) : intelligent_context(window);
    std::string got;
    for (const Removal& r : plan.removals) got += fmt::format("remove {}-{}\n", r.first_message, r.end_message - 1);
    for (const Reduction& r : plan.reductions) {
      got += fmt::format("reduce {} {}\n", made.conversation().blocks[r.block].message, r.text);
    }
    got += plan.met ? "met" : "unmet";
    std::istringstream lines(got);
    std::size_t at = 0;
    for (std::string line_got; std::getline(lines, line_got);) {
      if (!line_got.starts_with("re") && line_got != "met" && line_got != "unmet") continue;  // text after a marker
      ASSERT_LT(at, expected.size()) << got;
      std::istringstream want(expected[at++]);
      std::string verb, where, rest;
      want >> verb >> where;
      std::getline(want >> std::ws, rest);
      EXPECT_TRUE(line_got.starts_with(where.empty() ? verb : verb + " " + where)) << expected[at - 1] << "\n" << got;
      EXPECT_NE(line_got.find(rest), std::string::npos) << rest << "\n" << got;
    }
    EXPECT_EQ(at, expected.size()) << got;
  }
}

TEST(FitCases, Hold) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(HEADROOM_SOURCE_DIR "/src/fit/cases")) {
    if (entry.path().extension() != ".case") continue;
    check_case(entry.path());
    ++count;
  }
  EXPECT_GE(count, 6U);
}

}  // namespace
}  // namespace headroom::fit
