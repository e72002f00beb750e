#include "compress/config/asked_tree.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::compress::config {
namespace {

constexpr std::string_view kText =
    "services:\n"
    "  web:\n"
    "    image: acme/web:3\n"
    "    ports:\n"
    "      - 8080:80\n"
    "  db:\n"
    "    image: postgres:15\n"
    "    environment:\n"
    "      POSTGRES_DB: shop\n"
    "volumes:\n"
    "  data:\n"
    "    driver: local\n";

std::vector<std::size_t> named(std::string_view question, Said least = Said::kAll) {
  Query query;
  query.user = question;
  const AskedTree asked = ask_tree(read_tree(kText), query);
  std::vector<std::size_t> out;
  if (asked.said < least) return out;
  for (std::size_t i = 0; i < asked.named.size(); ++i) {
    if (asked.named[i] != 0) out.push_back(i + 1);
  }
  return out;
}

using Lines = std::vector<std::size_t>;

TEST(AskedTree, KeysOnTheWayCountAsWell) {
  EXPECT_EQ(named("Which image does db use?"), (Lines{7}));
  EXPECT_EQ(named("Which driver do the volumes have?"), (Lines{10, 11, 12}));
}

TEST(AskedTree, WhatIsAskedOfANamedBlockIsNotMeantOfOthers) {
  std::string text = "services:\n";
  for (int i = 0; i < 12; ++i) {
    const std::string n = std::to_string(i);
    text += "  part" + n + ":\n    image: shop/part" + n + ":2\n    memory: 1" + n + "Mi\n    queue: q" + n + "\n";
  }
  const Tree tree = read_tree(text);
  Query query;
  query.user = "Which image does part7 run?";
  const AskedTree asked = ask_tree(tree, query);
  EXPECT_TRUE(asked.in_blocks);
  EXPECT_GE(asked.said, Said::kNearlyAll);
  EXPECT_EQ(std::ranges::count(asked.named, 1), 4);
  EXPECT_EQ(asked.named[30], 1);
  query.user = "Which image does part7 run in production, please?";
  EXPECT_TRUE(ask_tree(tree, query).in_blocks) << "nothing else speaks of what is not in it";
  query.user = "Which image does part7 run, and which port is used?";
  EXPECT_FALSE(ask_tree(read_tree(text + "  gate:\n    port: 80\n"), query).in_blocks) << "a port is not in it";
  query.user = "Is another service like part7?";
  EXPECT_FALSE(ask_tree(tree, query).in_blocks);
}

TEST(AskedTree, AQuestionThatComparesNamesNothing) {
  EXPECT_EQ(named("Does any service use another image?", Said::kSome), Lines{});
  EXPECT_EQ(named("Why does db not start?", Said::kSome), Lines{});
}

}  // namespace
}  // namespace headroom::compress::config
