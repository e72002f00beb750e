#include "compress/config/blocks.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace headroom::compress::config {
namespace {

std::string service(const std::string& name, const std::string& memory, const std::string& rest = {}) {
  return fmt::format(
      "  {0}:\n    image: acme/{0}:1\n    user: app\n    memory: {1}\n    restart: always\n    log: /var/log/{0}\n{2}",
      name, memory, rest);
}

TEST(ConfigBlocks, WhatDiffersAndWhatIsMissing) {
  const std::string text = "services:\n" + service("api", "1g") + service("web", "1g") + service("db", "9g") +
                           service("mail", "1g", "    cap_add: ALL\n") +
                           "  bare:\n    image: acme/bare:1\n    user: app\n    memory: 1g\n    log: /var/log/bare\n";
  const Tree tree = read_tree(text);
  const auto clusters = find_clusters(tree);
  ASSERT_EQ(clusters.size(), 1u);
  const Cluster& c = clusters[0];
  ASSERT_EQ(c.members.size(), 5u);
  EXPECT_EQ(c.members[0].name, "api");
  EXPECT_TRUE(c.members[1].folded);
  EXPECT_TRUE(c.members[1].differs.empty());
  ASSERT_EQ(c.members[2].differs.size(), 1u);
  EXPECT_EQ(tree.lines[c.members[2].differs[0]].text, "    memory: 9g");
  ASSERT_EQ(c.members[3].differs.size(), 1u);
  EXPECT_EQ(c.members[4].lacks, "restart");
}

TEST(ConfigBlocks, BlocksOfOneNameAreToldApart) {
  std::string text = "http {\n";
  for (const char* name : {"a", "bb", "ccc"})
    text += fmt::format(
        "  server {{\n    listen 80;\n    server_name {0}.example.com;\n    root /srv/{0};\n    index on;\n    gzip "
        "on;\n  }}\n",
        name);
  text += "}\n";
  const Tree tree = read_tree(text);
  const auto clusters = find_clusters(tree);
  ASSERT_EQ(clusters.size(), 1u);
  EXPECT_EQ(clusters[0].members[1].name, "bb.example.com");
  EXPECT_TRUE(clusters[0].members[1].differs.empty());
}

TEST(ConfigBlocks, TheOrderOfItemsIsPartOfThem) {
  const auto block = [](const std::string& name, const std::string& first, const std::string& second) {
    return fmt::format("- name: {}\n  a: 1\n  b: 2\n  c: 3\n  steps:\n  - {}\n  - {}\n", name, first, second);
  };
  const std::string text =
      "jobs:\n" + block("x", "build", "test") + block("y", "build", "test") + block("z", "test", "build");
  const Tree tree = read_tree(text);
  const auto clusters = find_clusters(tree);
  ASSERT_EQ(clusters.size(), 1u);
  EXPECT_TRUE(clusters[0].members[1].differs.empty());
  EXPECT_FALSE(clusters[0].members[2].differs.empty());
}

TEST(ConfigBlocks, UnlikeBlocksAreNoCluster) {
  const Tree tree = read_tree("a:\n  b: 1\n  c: 2\nd:\n  e: 1\n  f: 2\ng:\n  h: 1\n  i: 2\n");
  EXPECT_TRUE(find_clusters(tree).empty());
}

TEST(ConfigBlocks, DeepNestingEnds) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += std::string(static_cast<std::size_t>(i % 900), ' ') + "k:\n";
  EXPECT_LT(find_clusters(read_tree(text)).size(), 10u);
}

}  // namespace
}  // namespace headroom::compress::config
