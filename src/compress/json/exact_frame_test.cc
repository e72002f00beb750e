#include "compress/json/exact_frame.h"

#include <string>

#include <gtest/gtest.h>

#include "compress/json/layout.h"

namespace headroom::compress::json {
namespace {

std::optional<std::string> framed(const std::string& text, bool ndjson = false) {
  const base::Result<Layout> layout = Layout::parse(text, ndjson);
  return layout ? frame_exactly(text, layout->write({})) : std::nullopt;
}

TEST(ExactFrame, the_common_styles_come_back_to_the_byte) {
  const std::string rows[] = {
      R"({"rows":[{"id":1,"name":"a: b, c"},{"id":2,"name":"d"},{"id":3,"name":"e"}],"empty":[],"none":{}})",
      "{\"rows\": [{\"id\": 1, \"name\": \"a\"}, {\"id\": 2, \"name\": \"d\"}, {\"id\": 3, \"name\": \"e\"}]}\n",
      "{\n  \"rows\": [\n    {\n      \"id\": 1\n    },\n    {\n      \"id\": 2\n    },\n    {\n      \"id\": 3\n    "
      "}\n  ]\n}",
      "[\n    {\n        \"id\": 1\n    },\n    {\n        \"id\": 2\n    }\n]\n",
      "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n{\n  \"a\": 3\n}\n",
      "[]",
      "{}\n",
      "\"s\"",
      "12\n"};
  for (const std::string& text : rows) {
    const std::optional<std::string> out = framed(text);
    ASSERT_TRUE(out.has_value()) << text;
    const base::Result<std::string> back = expand_exactly(*out);
    ASSERT_TRUE(back.has_value()) << *out;
    EXPECT_EQ(*back, text) << *out;
  }
}

TEST(ExactFrame, lines_of_values_come_back_too) {
  for (const std::string text : {"{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n{\"a\":5,\"b\":6}\n",
                                 "{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n{\"a\": 5, \"b\": 6}"}) {
    const std::optional<std::string> out = framed(text, true);
    ASSERT_TRUE(out.has_value()) << text;
    EXPECT_EQ(expand_exactly(*out).value_or("failed"), text) << *out;
  }
}

TEST(ExactFrame, white_space_of_ones_own_is_not_framed) {
  for (const std::string text :
       {"{ \"a\":1 }", "{\"a\":1}\n\n", " {\"a\":1}", "{\"a\" :1}", "{\n\t\"a\": 1\n}", "{\r\n  \"a\": 1\r\n}"}) {
    EXPECT_FALSE(framed(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace headroom::compress::json
