#include "compress/testing/case.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "compress/marker.h"

namespace headroom::compress::testing {
namespace {

Case read_case(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream all;
  all << file.rdbuf();
  const std::string bytes = all.str();
  const std::size_t rule = bytes.find("\n---\n");
  EXPECT_NE(rule, std::string::npos) << path << " has no line ---";
  Case c;
  c.name = path.stem().string();
  if (rule == std::string::npos) return c;
  c.text = bytes.substr(rule + 5);
  for (std::string_view line : base::split_lines(std::string_view(bytes).substr(0, rule))) {
    const std::size_t colon = line.find(": ");
    const std::string_view key = line.substr(0, colon);
    std::string value(line.substr(std::min(line.size(), colon + 2)));
    if (key == "ask")
      c.query.user = value;
    else if (key == "intent")
      c.query.intent = value;
    else if (key == "tool")
      c.query.tool_name = value;
    else if (key == "args")
      c.query.tool_arguments = value;
    else if (key == "type")
      c.type = value;
    else if (key == "floor")
      c.floor = std::stod(value);
    else if (key == "need")
      c.needs.push_back(value);
    else if (key == "never")
      c.nevers.push_back(value);
    else
      ADD_FAILURE() << path << ": unknown key in \"" << line << '"';
  }
  c.query.call = detect::read_tool_call(c.query.tool_name, c.query.tool_arguments);
  return c;
}

detect::ContentType type_of(const Case& c, detect::ContentType folder_type) {
  if (c.type.empty()) return folder_type;
  bool known = true;
  const detect::ContentType type = detect::content_type_from_name(c.type, known);
  EXPECT_TRUE(known) << c.name << ": no type " << c.type;
  return type;
}

double saved_percent(std::string_view before, std::string_view after) {
  const tokens::Tokenizer& tokenizer = tokens::o200k_base();
  return 100 * (1 - static_cast<double>(tokenizer.count(after)) / static_cast<double>(tokenizer.count(before)));
}

void check_lossless(const Compressor& compressor, const Case& c, detect::ContentType type, const Unfold& unfold) {
  const auto exact = compressor.compress(input_of(c, type, {}));
  if (!exact) return;
  EXPECT_FALSE(exact->lossy) << c.name;
  EXPECT_TRUE(marker_ids(exact->text).empty()) << c.name;
  EXPECT_EQ(unfold(exact->text), c.text) << c.name << ": the lossless output does not invert";
}

}  // namespace

std::vector<Case> read_cases(std::string_view folder) {
  return read_cases_in(std::filesystem::path(HEADROOM_SOURCE_DIR) / "src" / folder / "cases");
}

std::vector<Case> read_cases_in(const std::filesystem::path& path) {
  std::vector<Case> cases;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.path().extension() == ".case") cases.push_back(read_case(entry.path()));
  }
  std::ranges::sort(cases, {}, &Case::name);
  EXPECT_FALSE(cases.empty()) << path;
  return cases;
}

Input input_of(const Case& c, detect::ContentType type, std::string_view id) {
  return {.text = c.text, .type = type_of(c, type), .query = c.query, .tokenizer = tokens::o200k_base(), .id = id};
}

void expect_tiles(std::string_view input, std::string_view unfolded, const std::string& name) {
  const std::vector<std::string_view> source = base::split_lines(input);
  std::size_t at = 0;  // lines of the source accounted for
  for (std::string_view line : base::split_lines(unfolded)) {
    const std::vector<Gap> gaps = find_gaps(line);
    if (gaps.size() == 1 && gaps[0].first == at + 1 && gaps[0].last >= gaps[0].first && gaps[0].last <= source.size() &&
        (at >= source.size() || line != source[at])) {
      at = gaps[0].last;
      continue;
    }
    ASSERT_LT(at, source.size()) << name << ": more lines than the input has: " << line;
    ASSERT_EQ(line, source[at]) << name << " line " << at + 1;
    ++at;
  }
  EXPECT_EQ(at, source.size()) << name << ": lines are missing without a gap";
}

void check_case(const Compressor& compressor, const Case& c, detect::ContentType type, const Unfold& unfold) {
  const std::string id = base::content_id(c.text);
  const Input input = input_of(c, type, id);
  check_lossless(compressor, c, type, unfold);
  const auto out = compressor.compress(input);
  if (!out) {
    EXPECT_LE(c.floor, 0) << c.name << " was not compressed";
    return;
  }
  for (const std::string& need : c.needs)
    EXPECT_NE(out->text.find(need), std::string::npos) << c.name << " lost: " << need;
  for (const std::string& never : c.nevers)
    EXPECT_EQ(out->text.find(never), std::string::npos) << c.name << " kept: " << never;
  EXPECT_GE(saved_percent(c.text, out->text), c.floor) << c.name;
  EXPECT_LE(out->records_kept, out->records_before) << c.name;
  EXPECT_FALSE(out->strategy.empty()) << c.name;
  const auto again = compressor.compress(input);
  EXPECT_TRUE(again && again->text == out->text) << c.name << " differs the second time";
  if (!out->lossy) {
    EXPECT_EQ(unfold(out->text), c.text) << c.name << ": the lossless output does not invert";
    return;
  }
  EXPECT_EQ(marker_ids(out->text), std::vector<std::string>{id}) << c.name;
  expect_tiles(c.text, unfold(out->text), c.name);
}

}  // namespace headroom::compress::testing
