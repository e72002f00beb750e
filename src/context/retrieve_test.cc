#include "context/retrieve.h"

#include <gtest/gtest.h>

#include "base/glob.h"
#include "context/query.h"

namespace headroom::context {
namespace {

TEST(Retrieve, Lines) {
  const std::string text = "a\r\nb\n\nd";
  EXPECT_EQ(retrieve_lines(text, 1, 1).value(), "a\r\n");
  EXPECT_EQ(retrieve_lines(text, 2, 3).value(), "b\n\n");
  EXPECT_EQ(retrieve_lines(text, 1, 99).value(), text);
  EXPECT_FALSE(retrieve_lines(text, 0, 1));
  EXPECT_FALSE(retrieve_lines(text, 3, 2));
  EXPECT_FALSE(retrieve_lines(text, 5, 6));
  EXPECT_FALSE(retrieve_lines("", 1, 1));
}

TEST(Retrieve, Items) {
  const std::string text = R"({"small":[1],"data":{"rows":[{"id":1.0},  {"id":2e0} ,"x"]}})";
  EXPECT_EQ(retrieve_items(text, "", 0, 1).value(), "{\"id\":1.0}\n{\"id\":2e0}\n");
  EXPECT_EQ(retrieve_items(text, "data.rows", 2, 9).value(), "\"x\"\n");
  EXPECT_EQ(retrieve_items(text, "small", 0, 0).value(), "1\n");
  EXPECT_FALSE(retrieve_items(text, "data", 0, 0));
  EXPECT_FALSE(retrieve_items(text, "small", 1, 1));
  EXPECT_EQ(retrieve_items("<a><b><c/></b> <b/></a>", "", 1, 3).value(), "<b><c/></b> <b/>\n");
  EXPECT_FALSE(retrieve_items("<a><b/></a>", "", 2, 2));
  EXPECT_FALSE(retrieve_items("plain text", "", 0, 0));
  EXPECT_EQ(retrieve_items("{\"a\":1}\n{\"a\":2}\n", "", 1, 1).value(), "{\"a\":2}\n");
}

TEST(Retrieve, Query) {
  EXPECT_EQ(retrieve_query("one apple\ntwo pears\nthree apples\n", "apple").value(), "1: one apple\n3: three apples\n");
  EXPECT_EQ(retrieve_query(R"([{"n":"disk full"},{"n":"ok"}])", "disk").value(), "0: {\"n\":\"disk full\"}\n");
  EXPECT_EQ(retrieve_query("a\n", "nothing here").value(), "");
}

TEST(Retrieve, Ranges) {
  EXPECT_EQ(parse_range("3:9").value(), std::pair(std::size_t{3}, std::size_t{9}));
  EXPECT_EQ(parse_range("3-9").value(), std::pair(std::size_t{3}, std::size_t{9}));
  EXPECT_EQ(parse_range("7").value(), std::pair(std::size_t{7}, std::size_t{7}));
  for (std::string_view bad : {"", "a", "9:3", "1:", ":2", "1:2:3", "-1"}) EXPECT_FALSE(parse_range(bad)) << bad;
}

TEST(Glob, Matches) {
  EXPECT_TRUE(base::glob_matches("read*", "Read_File"));
  EXPECT_TRUE(base::glob_matches("*", ""));
  EXPECT_TRUE(base::glob_matches("m?p__*__x", "mcp__a__b__x"));
  EXPECT_FALSE(base::glob_matches("read", "reader"));
  EXPECT_FALSE(base::glob_matches("", "a"));
}

TEST(Query, RemindersAskNothing) {
  EXPECT_EQ(without_reminders("a <system-reminder>x</system-reminder> b"), "a  b");
  EXPECT_EQ(without_reminders("<system-reminder>never closed"), "");
  EXPECT_EQ(without_reminders("plain"), "plain");
  EXPECT_EQ(without_reminders("<task>go</task> <environment_details>\n# Time\n</environment_details>"),
            "<task>go</task>");
  EXPECT_EQ(without_reminders("1 < 2 <system-reminder>x</system-reminder><"), "1 < 2 <");
}

TEST(Retrieve, ItemsOfJsonThatWasCutOff) {
  const auto items = retrieve_items(R"({"rows":[{"a":1},{"a":2},{"a":3},{"a":4},{"a":)", "rows", 1, 2);
  ASSERT_TRUE(items);
  EXPECT_EQ(*items, "{\"a\":2}\n{\"a\":3}\n");
}

}  // namespace
}  // namespace headroom::context
