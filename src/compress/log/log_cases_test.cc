#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "compress/log/log_compressor.h"
#include "compress/log/repeat_fold.h"
#include "compress/marker.h"

namespace headroom::compress {
namespace {

// A .case file: "ask:", "tool:", "args:" (the question), "floor:" (least saving in percent of o200k_base tokens), any
// number of "need:" (strings that an answer needs inline), a line "---", then the tool's output as it came.
struct Case {
  std::string name;
  Query query;
  double floor = 0;
  std::vector<std::string> needs;
  std::string text;
};

Case read_case(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream all;
  all << file.rdbuf();
  const std::string bytes = all.str();
  const std::size_t rule = bytes.find("\n---\n");
  EXPECT_NE(rule, std::string::npos) << path;
  Case c;
  c.name = path.stem().string();
  c.text = bytes.substr(rule + 5);
  for (std::string_view line : base::split_lines(std::string_view(bytes).substr(0, rule))) {
    const std::size_t colon = line.find(": ");
    const std::string value(line.substr(std::min(line.size(), colon + 2)));
    const std::string_view key = line.substr(0, colon);
    if (key == "ask") c.query.user = value;
    if (key == "tool") c.query.tool_name = value;
    if (key == "args") c.query.tool_arguments = value;
    if (key == "floor") c.floor = std::stod(value);
    if (key == "need") c.needs.push_back(value);
  }
  return c;
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto& entry : std::filesystem::directory_iterator(HEADROOM_SOURCE_DIR "/src/compress/log/cases")) {
    if (entry.path().extension() == ".case") cases.push_back(read_case(entry.path()));
  }
  std::ranges::sort(cases, {}, &Case::name);
  return cases;
}

Input input_of(const Case& c, std::string_view id) {
  return {
      .text = c.text, .type = detect::ContentType::kLog, .query = c.query, .tokenizer = tokens::o200k_base(), .id = id};
}

/// The range of a gap marker line, or 0-0 for any other line.
std::pair<std::size_t, std::size_t> gap_range(std::string_view line) {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t at = 2;
  if (!line.starts_with("<<") || !line.ends_with(">>")) return {0, 0};
  while (at < line.size() && std::isdigit(static_cast<unsigned char>(line[at])))
    first = first * 10 + (line[at++] - '0');
  last = first;
  if (line[at] == '-') {
    for (last = 0, ++at; at < line.size() && std::isdigit(static_cast<unsigned char>(line[at])); ++at)
      last = last * 10 + (line[at] - '0');
  }
  return line[at] == ':' || line[at] == '>' ? std::pair{first, last} : std::pair<std::size_t, std::size_t>{0, 0};
}

/// Checks that kept lines are input lines and that, with the gaps, they are lines 1..N in order, each once.
void expect_partition(std::string_view in, std::string_view out, std::string_view id, const std::string& name) {
  const std::vector<std::string_view> source = base::split_lines(in);
  const std::vector<std::string_view> lines = base::split_lines(out);
  ASSERT_FALSE(lines.empty()) << name;
  ASSERT_TRUE(lines.back().starts_with("<<ccr:" + std::string(id) + " ")) << name << ": " << lines.back();
  std::size_t at = 0;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    const auto [first, last] = gap_range(lines[i]);
    if (first == at + 1 && last <= source.size() && (at >= source.size() || lines[i] != source[at])) {
      at = last;
      continue;
    }
    ASSERT_LT(at, source.size()) << name;
    ASSERT_EQ(lines[i], source[at]) << name << " line " << at + 1;
    ++at;
  }
  EXPECT_EQ(at, source.size()) << name;
}

TEST(LogCases, KeepWhatIsAskedForAndSaveTheRest) {
  const LogCompressor compressor;
  const std::vector<Case> cases = all_cases();
  ASSERT_GE(cases.size(), 30u);
  for (const Case& c : cases) {
    const std::string id = base::content_id(c.text);
    const auto out = compressor.compress(input_of(c, id));
    if (!out) {
      EXPECT_EQ(c.floor, 0) << c.name << " was not compressed";
      continue;
    }
    for (const std::string& need : c.needs)
      EXPECT_NE(out->text.find(need), std::string::npos) << c.name << " lost: " << need;
    const auto before = static_cast<double>(tokens::o200k_base().count(c.text));
    const auto after = static_cast<double>(tokens::o200k_base().count(out->text));
    EXPECT_GE(100 * (1 - after / before), c.floor) << c.name;
    EXPECT_TRUE(out->lossy) << c.name;
    EXPECT_THAT(marker_ids(out->text), ::testing::ElementsAre(id)) << c.name;
    expect_partition(c.text, out->text, id, c.name);
    EXPECT_LE(out->records_kept, out->records_before);
  }
}

TEST(LogCases, AreTheSameEveryTime) {
  const LogCompressor compressor;
  for (const Case& c : all_cases()) {
    const auto first = compressor.compress(input_of(c, "0123456789abcdef01234567"));
    const auto second = LogCompressor().compress(input_of(c, "0123456789abcdef01234567"));
    ASSERT_EQ(first.has_value(), second.has_value());
    if (first) {
      EXPECT_EQ(first->text, second->text) << c.name;
    }
  }
}

TEST(LogCases, FoldOnlyRepeatsWhenNothingMayBeDropped) {
  const LogCompressor compressor;
  for (const Case& c : all_cases()) {
    const auto out = compressor.compress(input_of(c, ""));
    if (!out) continue;
    EXPECT_FALSE(out->lossy) << c.name;
    EXPECT_EQ(log::expand_repeats(out->text), c.text) << c.name;
  }
}

TEST(LogCases, TargetMakesTheOutputSmallerOrLarger) {
  const LogCompressor compressor;
  std::size_t smaller = 0;
  for (const Case& c : all_cases()) {
    Input input = input_of(c, "0123456789abcdef01234567");
    input.target_tokens = 1;
    const auto tight = compressor.compress(input);
    input.target_tokens = 1'000'000;
    const auto loose = compressor.compress(input);
    if (!tight) continue;
    expect_partition(c.text, tight->text, input.id, c.name);
    if (loose) {
      EXPECT_LE(tight->text.size(), loose->text.size()) << c.name;
    }
    smaller += !loose || tight->text.size() < loose->text.size();
  }
  EXPECT_GT(smaller, 20u);
}

}  // namespace
}  // namespace headroom::compress
