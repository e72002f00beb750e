#include "compress/json/layout.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compress/json/cell.h"
#include "compress/json/expand.h"

namespace headroom::compress::json {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string laid_out(std::string_view text, bool ndjson = false) {
  const base::Result<Layout> layout = Layout::parse(text, ndjson);
  return layout ? layout->write({}) : "failed: " + layout.error().message;
}

std::string minified(std::string_view text) {
  std::string out;
  append_minified(out, text);
  return out;
}

class RoundTrip : public ::testing::TestWithParam<const char*> {};

TEST_P(RoundTrip, expand_gives_the_minified_text_back) {
  const std::string text = laid_out(GetParam());
  const base::Result<std::string> back = expand(text);
  ASSERT_TRUE(back.has_value()) << back.error().message << "\n" << text;
  EXPECT_EQ(*back, minified(GetParam())) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Samples, RoundTrip,
    ::testing::Values(
        // Spelling of numbers, strings that look like other things, null, missing and empty.
        R"([{"a":1.0,"b":"1","c":null},{"a":1e3,"b":"true","c":""},{"a":-0,"b":"x"},{"b":"null","c":"null"}])",
        R"([{"a":"x=y","b":"a\tb"},{"a":"~x","b":"line\nline"},{"a":"<<1-2>>","b":"]"},{"a":"]","b":"}"},{"a":"{","b":"["}])",
        R"([{"a":" lead","b":"trail "},{"a":"","b":""},{"a":"|","b":","},{"a":"\u00e9","b":"é"}])",
        // Duplicate keys and another key order stand as plain rows.
        R"([{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"b":1,"a":2},{"a":1,"b":2}])",
        R"([{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2},{"a":1,"a":2},{"a":1,"b":2}])",
        // Optional members, groups that are null, empty or missing.
        R"([{"id":1,"u":{"n":"a","t":"T"}},{"id":2,"u":{"n":"b","t":"T"}},{"id":3,"u":null},{"id":4},{"id":5,"u":{}},{"id":6,"u":{"n":"c","t":"T"}},{"id":7,"u":{"n":"d","t":"T"}},{"id":8,"u":{"n":"d","t":"T"}}])",
        R"([{"m":[{"x":1}]},{"m":[{"x":2}]},{"m":[{"x":3,"y":null}]},{"m":[{"x":3}]}])",
        R"([{"id":1,"t":[{"k":"a","v":"1"},{"k":"b","v":{"q":[1,2]}}]},{"id":2,"t":[]},{"id":3,"t":[{"k":"c, ]","v":"]"}]}])",
        R"([{"a.b":1,"c?":2,"":3," d":4,"e=f":5,"g(h":6},{"a.b":1,"c?":2,"":3," d":4,"e=f":7,"g(h":6},{"a.b":1,"":3," d":4,"e=f":5,"g(h":6}])",
        R"([{"a":{"b.c":{"d":1}}},{"a":{"b.c":{"d":2}}},{"a":{"b.c":{"d":3}}}])",
        // Trees.
        R"([{"n":"a","k":"dir","c":[{"n":"b","k":"dir","c":[{"n":"x","k":"file"},{"n":"y","k":"file"}]},{"n":"e","k":"dir","c":[]},{"n":"z","k":"file","c":null}]},{"n":"f","k":"file"},{"n":"g","k":"file"}])",
        // Lists, maps, items of many types, nesting.
        R"({"rows":[["a",1,null],["b",2,""],["c",3],[],["d","4",{"x":[1]}]]})",
        R"({"u1":{"n":"a","v":1},"u2":{"n":"b","v":2},"":{"n":"c","v":3},"~k":{"n":"d"},"u 5":{"n":"e","v":4}})",
        R"({"a":"1","b":2,"c":null,"d":"x","e":"","f":"~","g":true,"h":"true","":0,"j k":"l","m\"n":"o","p":1.50})",
        R"({"1":"1","2":"2","3":"3","4":"3","5":"3","6":"3","7":"3","8":"3","9":"3","10":"3","11":"3","12":"3"})",
        R"([1,"two",null,{"three":3},[4],true,7,8,9,10,11,12,13])",
        R"({"a":[{"x":1},{"x":2},{"x":3}],"b":{"c":[{"y":1},{"y":2},{"y":3}]},"d":"tail"})",
        R"([{"x":"0012","y":"5"},{"x":"0013","y":"7"},{"x":"0014","y":null}])", R"({})", R"([])", R"("s")", R"(12)",
        "{ \"a\" : [ 1 , 2 ] ,\n \"b\" : \"x  y\" }"));

TEST(Layout, puts_the_header_once_and_one_row_a_line) {
  EXPECT_EQ(laid_out(R"({"items":[{"id":1,"name":"a"},{"id":2,"name":"b"},{"id":3,"name":"c"}]})"),
            "{\"items\":[3 rows:\nid\tname\n1\ta\n2\tb\n3\tc\n]}");
}

TEST(Layout, states_a_common_value_once_and_rare_members_with_their_row) {
  const std::string text = laid_out(
      R"([{"id":1,"state":"running"},{"id":2,"state":"running"},{"id":3,"state":"running"},{"id":4,"state":"stopped"},{"id":5,"state":"running","owner":"kim"}])");
  EXPECT_THAT(text, HasSubstr("id\tstate=running\towner?\n1\n2\n3\n4\tstate=stopped\n5\towner=kim\n"));
}

TEST(Layout, lists_a_map_of_like_values) {
  std::string map = "{\"\":\"\"";
  for (int at = 0; at < 80; ++at)
    map += ",\"1." + std::to_string(at) + "\":\"" + std::to_string(2000 + at % 9) + "-01\"";
  map += ",\"a b\":7}";
  const std::string text = laid_out(map);
  EXPECT_THAT(text, HasSubstr("{82 entries:\n(key)\t(value)\n\"\"\t\"\"\n1.0\t2000-01\n"));
  EXPECT_EQ(expand(text).value_or("failed"), map);
}

TEST(Layout, opens_json_inside_a_string) {
  std::string inner = "[";
  for (int at = 0; at < 10; ++at) {
    inner +=
        (at > 0 ? ", " : "") + std::string(R"({\"id\": )") + std::to_string(at) + R"(, \"name\": \"item of a list\"})";
  }
  const std::string json = "{\"content\":[{\"type\":\"text\",\"text\":\"" + inner + "]\"}]}";
  const std::string text = laid_out(json);
  EXPECT_THAT(text, HasSubstr("json-string spaced:[10 rows"));
  EXPECT_EQ(expand(text).value_or("failed"), json);
}

TEST(Layout, writes_json_lines_as_one_table) {
  const std::string lines = "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n\n{\"a\":3,\"b\":\"z\"}\n";
  const std::string text = laid_out(lines, true);
  EXPECT_EQ(text, "NDJSON [3 rows:\na\tb\n1\tx\n2\ty\n3\tz\n]");
  EXPECT_EQ(expand(text).value_or("failed"), "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n{\"a\":3,\"b\":\"z\"}");
  EXPECT_FALSE(Layout::parse("[1\n2]\n", true).has_value());
}

TEST(Layout, refuses_stray_tokens_rather_than_losing_them) {
  EXPECT_FALSE(Layout::parse(R"(["a":3},{"a":1,"b":2}])", false).has_value());
  EXPECT_FALSE(Layout::parse("\xEF\xBB\xBF{}", false).has_value());
  EXPECT_TRUE(Layout::parse(" [ 1 , { \"a\" : [ ] } ] ", false).has_value());
}

TEST(Expand, says_that_rows_are_missing) {
  const base::Result<Layout> layout = Layout::parse(R"([{"a":1},{"a":2},{"a":3},{"a":4}])", false);
  ASSERT_TRUE(layout.has_value());
  const std::string text = layout->write({{true, false, false, true}});
  EXPECT_THAT(text, HasSubstr("1\n<<1-2>>\n4\n"));
  const base::Result<std::string> back = expand(text);
  ASSERT_FALSE(back.has_value());
  EXPECT_EQ(back.error().code, base::ErrorCode::kNotFound);
}

TEST(Expand, refuses_what_is_no_table) {
  for (const char* text : {"", "[3 rows", "[3 rows:\na\n1\t2\n]", "[3 rows:\na?\nb=1\n]", "{\"a\":}", "[1,]", "[1 2]",
                           "json-string wide:1", "{2 entries:\na\nx\n}", "nonsense"}) {
    EXPECT_FALSE(expand(text).has_value()) << text;
  }
}

/// Rows of which `common` of ten have the same state, each with nested members where `nested` says so.
std::string rows_of(std::size_t rows, std::size_t common, bool nested) {
  std::string text = "{\"tag\":\"t\",\"rows\":[";
  for (std::size_t row = 0; row < rows; ++row) {
    text += fmt::format(R"({}{{"id":{},"name":"svc-{}","state":"{}"{}}})", row == 0 ? "" : ", ", row, row * 7919 % 1000,
                        row % 10 < common ? "ready" : fmt::format("state-{}", row % 17),
                        nested ? R"(,"owner":{"team":"core","mail":"core@example.org"})" : "");
  }
  return text + "]}";
}

TEST(LayoutTest, tells_about_how_long_it_is_before_it_is_written) {
  for (const bool nested : {false, true}) {
    for (const std::size_t common : {0, 5, 9, 10}) {
      const std::string text = rows_of(400, common, nested);
      const base::Result<Layout> layout = Layout::parse(text, false);
      ASSERT_TRUE(layout.has_value());
      const auto about = static_cast<double>(layout->about_bytes());
      const auto written = static_cast<double>(layout->write({}).size());
      EXPECT_GT(about, 0.9 * written) << text.substr(0, 200);
      EXPECT_LT(about, 1.15 * written) << text.substr(0, 200);
    }
  }
}

TEST(LayoutTest, without_a_table_it_is_about_as_long_as_the_text) {
  const std::string text = R"({"a":{"b":1},"c":"d"})";
  const base::Result<Layout> layout = Layout::parse(text, false);
  ASSERT_TRUE(layout.has_value());
  EXPECT_EQ(layout->about_bytes(), text.size());
}

}  // namespace
}  // namespace headroom::compress::json
