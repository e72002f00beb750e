#include "compress/search/wants.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::compress::search {
namespace {

TEST(Wants, AllIsAskedFor) {
  for (const char* question : {"list every caller of parse_config", "How many TODOs are there?", "Please count them",
                               "rename foo to bar", "Show all hits.", "the number of tests", "give me the full list"})
    EXPECT_TRUE(wants_all(question)) << question;
  for (const char* question : {"Where is it set at all?", "After all, who calls it?", "which list is sorted?",
                               "what happens to each request?", "Where is the timeout disabled?"})
    EXPECT_FALSE(wants_all(question)) << question;
}

TEST(Wants, ALongRequestSaysAllOfOtherThings) {
  const std::string task(400, 'x');
  EXPECT_FALSE(wants_all(task + " Make sure all tests pass."));
  EXPECT_TRUE(wants_all(task + " Then fix all usages."));
  EXPECT_TRUE(wants_all(task + " Fix all retries.", "retries"));
}

TEST(Wants, Limits) {
  EXPECT_EQ(limited_to("list every call in src/net/."), "src/net/");
  EXPECT_EQ(limited_to("all hits in `pool.py`, please"), "pool.py");
  EXPECT_EQ(limited_to("all hits in the code"), "");
}

TEST(Wants, WhatIsLacking) {
  EXPECT_EQ(lacked("Which calls don't pass encoding?"), std::vector<std::string>{"encod"});
  EXPECT_EQ(lacked("calls without a timeout"), std::vector<std::string>{"timeout"});
  EXPECT_TRUE(lacked("why does it not work?").empty());
}

TEST(Wants, NoTests) {
  EXPECT_TRUE(leaves_out_tests("Where in the library itself (not the tests) is it caught?"));
  EXPECT_TRUE(leaves_out_tests("who calls it outside of tests?"));
  EXPECT_TRUE(leaves_out_tests("Which production code uses it?"));
  EXPECT_FALSE(leaves_out_tests("Why do the tests not call it?"));
  EXPECT_FALSE(leaves_out_tests("which functions have no tests"));
}

TEST(Wants, Sets) {
  EXPECT_TRUE(wants_set("Who calls connect?"));
  EXPECT_TRUE(wants_set("which files import os"));
  EXPECT_FALSE(wants_set("where is it defined?"));
}

}  // namespace
}  // namespace headroom::compress::search
