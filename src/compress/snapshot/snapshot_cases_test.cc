#include <string>

#include <gtest/gtest.h>

#include "base/text.h"
#include "compress/snapshot/page_tree.h"
#include "compress/snapshot/snapshot_compressor.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

std::string unfold(std::string_view output) {
  return std::string(output.substr(0, output.rfind("<<ccr:")));
}

TEST(SnapshotCases, Hold) {
  const std::vector<testing::Case> cases = testing::read_cases("compress/snapshot");
  EXPECT_GE(cases.size(), 2U);
  for (const testing::Case& c : cases)
    testing::check_case(SnapshotCompressor(), c, detect::ContentType::kConfig, unfold);
}

TEST(PageTree, NodesHoldWhatStandsFurtherIn) {
  std::string text = "- table \"Members\" [ref=e1]:\n";
  for (int i = 0; i < 20; ++i) {
    const std::string ref = std::to_string(10 + i);
    text += "  - row \"Ann " + ref + "\" [ref=e" + ref + "]:\n    - /url: /ann\n";
  }
  const auto lines = base::split_lines(text);
  const auto nodes = snapshot::read_page(lines);
  ASSERT_EQ(nodes.size(), 41U);
  EXPECT_EQ(nodes[0].role, "table");
  EXPECT_EQ(nodes[0].end, 41U);
  EXPECT_EQ(nodes[1].name, "Ann 10");
  EXPECT_EQ(nodes[1].end, 3U);
  EXPECT_EQ(nodes[2].role, "");
}

TEST(PageTree, SettingsAreNoPage) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "- name: item" + std::to_string(i) + "\n  value: 3\n";
  EXPECT_TRUE(snapshot::read_page(base::split_lines(text)).empty());
}

}  // namespace
}  // namespace headroom::compress
