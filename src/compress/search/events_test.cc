#include "compress/search/events.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::compress::search {
namespace {

constexpr std::string_view kBegin = R"({"type":"begin","data":{"path":{"text":"a.py"}}})";

TEST(Events, AreLines) {
  const std::string match =
      R"({"type":"match","data":{"path":{"text":"a.py"},"lines":{"text":"x = \"1\"\t# 1\n"},"line_number":7,"absolute_offset":90,"submatches":[{"match":{"text":"1"},"start":5,"end":6},{"match":{"text":"1"},"start":10,"end":11}]}})";
  const std::string context =
      R"({"type":"context","data":{"path":{"text":"a.py"},"lines":{"text":"y\n"},"line_number":8,"absolute_offset":103,"submatches":[]}})";
  const std::string end =
      R"({"type":"end","data":{"path":{"text":"a.py"},"binary_offset":null,"stats":{"elapsed":{"secs":0,"nanos":20080,"human":"0.000020s"},"searches":1,"searches_with_match":1,"bytes_searched":56733,"bytes_printed":1353,"matched_lines":5,"matches":6}}})";
  const auto flat = flatten_events(std::string(kBegin) + "\n" + match + "\n" + context + "\n" + end + "\n");
  ASSERT_TRUE(flat);
  EXPECT_EQ(*flat,
            "begin: a.py\na.py:7:@90 5-6,10-11:x = \"1\"\t# 1\na.py-8-@103:y\n"
            "end: a.py\t0 20080 0.000020s 1 1 56733 1353 5 6\n");
  EXPECT_EQ(restore_event("a.py:7:@90 5-6,10-11:x = \"1\"\t# 1"), match);
  EXPECT_EQ(restore_event("a.py-8-@103:y"), context);
  EXPECT_EQ(restore_event("end: a.py\t0 20080 0.000020s 1 1 56733 1353 5 6"), end);
}

TEST(Events, OtherEventsStand) {
  const std::string bytes = R"({"type":"match","data":{"path":{"bytes":"/w=="}}})";
  const auto flat =
      flatten_events(std::string(kBegin) + "\n" + std::string(kBegin) + "\n" + std::string(kBegin) + "\n" + bytes);
  ASSERT_TRUE(flat);
  EXPECT_EQ(*flat, "begin: a.py\nbegin: a.py\nbegin: a.py\n" + bytes);
  EXPECT_FALSE(flatten_events("{\"type\":\"start\"}\n"));
}

}  // namespace
}  // namespace headroom::compress::search
