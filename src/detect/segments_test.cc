#include "detect/segments.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "detect/tool_call.h"

namespace headroom::detect {
namespace {

struct Case {
  std::string name, tool, args, text;
  std::vector<std::string> parts;
};

Case read_case(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream all;
  all << file.rdbuf();
  const std::string bytes = all.str();
  const std::size_t rule = bytes.find("\n---\n");
  Case c{path.stem().string(), {}, {}, bytes.substr(rule + 5), {}};
  for (std::string_view line : base::split_lines(std::string_view(bytes).substr(0, rule))) {
    if (line.starts_with("part: ")) c.parts.emplace_back(line.substr(6));
    if (line.starts_with("tool: ")) c.tool = line.substr(6);
    if (line.starts_with("args: ")) c.args = line.substr(6);
  }
  return c;
}

/// The parts worth a compressor and the fixed ones, as "TYPE: first words".
std::vector<std::string> described(std::string_view text, const std::vector<Segment>& segments) {
  std::vector<std::string> parts;
  for (const Segment& segment : segments) {
    if (segment.size < kSmallestPart && !segment.fixed) continue;
    const std::string_view part = base::trim(text.substr(segment.begin, segment.size));
    std::string first(part.substr(0, std::min<std::size_t>(part.find('\n'), 40)));
    parts.push_back(fmt::format("{}: {}", segment.fixed ? "fixed" : content_type_name(segment.detection.type), first));
  }
  return parts;
}

void expect_tiles(std::string_view text, const std::vector<Segment>& segments) {
  std::size_t at = 0;
  for (const Segment& segment : segments) {
    EXPECT_EQ(segment.begin, at);
    EXPECT_GT(segment.size, 0U);
    at += segment.size;
  }
  EXPECT_EQ(at, text.size());
}

/// segment_cases/NAME.case: "part: TYPE: first words" for each part of some size, "---", then the text.
TEST(Segments, Cases) {
  std::size_t cases = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(HEADROOM_SOURCE_DIR) + "/src/detect/segment_cases")) {
    const Case c = read_case(entry.path());
    const ToolCall call = read_tool_call(c.tool, c.args);
    const std::string path = shown_file(c.tool, call);
    const auto segments = split_segments(c.text, {c.tool, c.args, path});
    EXPECT_EQ(described(c.text, segments), c.parts) << c.name;
    expect_tiles(c.text, segments);
    ++cases;
  }
  EXPECT_GE(cases, 12U);
}

TEST(Segments, AnyBytesAreTiled) {
  const std::vector<std::string> bits = {"```\n",
                                         "```py\n",
                                         "{\"a\":[1,2",
                                         "}",
                                         "]\n",
                                         "==> a/b.c <==\n",
                                         "<file path=\"x.py\">\n",
                                         "</file>\n",
                                         "|a|b|\n",
                                         "|---|---|\n",
                                         "\n",
                                         "### Result 1\n",
                                         "### Result 2\n",
                                         "words in a line\n",
                                         "<system-reminder>",
                                         "</system-reminder>\n",
                                         "========\n",
                                         "{\"k\": \"v\"}\n"};
  std::uint32_t random = 7;
  for (int round = 0; round < 60; ++round) {
    std::string text;
    for (int i = 0; i < 200; ++i) {
      random = random * 1664525 + 1013904223;
      const std::string& bit = bits[(random >> 16) % bits.size()];
      for (std::uint32_t n = 0; n <= (random >> 28); ++n) text += bit;
    }
    const auto segments = split_segments(text, {});
    if (segments.size() > 1) expect_tiles(text, segments);
  }
}

TEST(Segments, DeepBracketsCostLittle) {
  std::string text;
  for (int i = 0; i < 4000; ++i) text += "x: [[[[[[[[[[[[[[[[1\n";
  EXPECT_EQ(split_segments(text, {}).size(), 1U);
}

}  // namespace
}  // namespace headroom::detect
