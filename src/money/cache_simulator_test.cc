#include "money/cache_simulator.h"

#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace headroom::money {
namespace {

Unit unit_of(std::string word) {
  Unit unit;
  if (word.ends_with("**")) {
    unit.mark = Mark::kLong;
  } else if (word.ends_with("*")) {
    unit.mark = Mark::kShort;
  }
  const std::size_t colon = word.find(':');
  unit.hash = std::hash<std::string>()(word.substr(0, colon));
  unit.tokens = std::stoull(word.substr(colon + 1));
  return unit;
}

std::string shown(const CacheStep& step) {
  std::ostringstream out;
  out << step.usage.cached << ' ' << step.usage.written << ' ' << step.usage.written_long << ' ' << step.usage.uncached
      << ' ' << (step.cause == BreakCause::kFirst ? "first" : break_cause_name(step.cause));
  return out.str();
}

TEST(CacheSimulator, DoesWhatProvidersDo) {
  std::ifstream in(std::string(HEADROOM_SOURCE_DIR) + "/src/money/cases/cache.case");
  ASSERT_TRUE(in);
  std::optional<CacheSimulator> simulator;
  int requests = 0;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    if (line.starts_with("= ")) {
      simulator.emplace(cache_rules(line.substr(2)));
      continue;
    }
    const std::size_t arrow = line.find(" -> ");
    ASSERT_NE(arrow, std::string::npos) << number;
    std::istringstream words(line.substr(0, arrow));
    std::int64_t time = 0;
    words >> time;
    std::vector<Unit> units;
    std::uint64_t total = 0;
    for (std::string word; words >> word;) {
      units.push_back(unit_of(word));
      total += units.back().tokens;
    }
    const CacheStep step = simulator->step(units, time);
    EXPECT_EQ(shown(step), line.substr(arrow + 4)) << "cache.case:" << number;
    EXPECT_EQ(step.usage.input(), total) << "cache.case:" << number;
    ++requests;
  }
  EXPECT_GT(requests, 25);
}

TEST(CacheSimulator, SaysWhereThePrefixBroke) {
  CacheSimulator simulator(cache_rules("claude-sonnet-4-5"));
  simulator.step(std::vector<Unit>{{1, 2000, Mark::kShort}, {2, 500}, {3, 700, Mark::kShort}}, 0);
  const CacheStep step =
      simulator.step(std::vector<Unit>{{1, 2000, Mark::kShort}, {9, 400}, {3, 700, Mark::kShort}}, 5);
  EXPECT_EQ(step.cause, BreakCause::kChanged);
  EXPECT_EQ(step.common_units, 1U);
  EXPECT_EQ(step.cached_units, 3U);
  EXPECT_EQ(step.lost_tokens, 1200U);
}

}  // namespace
}  // namespace headroom::money
