#include "base/json_writer.h"

#include <limits>

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace headroom::base {
namespace {

TEST(JsonWriter, WritesInTheOrderOfTheCallsWithCommasWhereTheyBelong) {
  JsonWriter json;
  json.begin_object().member("a", 1).member("b", true).key("list").begin_array();
  json.value("x").value(2.5).begin_object().end_object().begin_array().end_array().raw("null");
  json.end_array().member("c", "d").end_object();
  EXPECT_EQ(json.text(), R"({"a":1,"b":true,"list":["x",2.5,{},[],null],"c":"d"})");
}

TEST(JsonWriter, EscapesTextAndKeepsWholeNumbersExact) {
  JsonWriter json;
  json.begin_array()
      .value("a\"b\\c\n\x01")
      .value(std::numeric_limits<std::int64_t>::max())
      .value(1.0 / 0.0)
      .end_array();
  EXPECT_EQ(json.text(), "[\"a\\\"b\\\\c\\n\\u0001\",9223372036854775807,null]");
}

TEST(JsonWriter, TextThatIsNoUtf8IsRepaired) {
  JsonWriter json;
  json.value(
      "a\xff"
      "b");
  EXPECT_EQ(json.text(),
            "\"a\xEF\xBF\xBD"
            "b\"");
}

TEST(Utf8, KnowsWellFormedTextFromAllElse) {
  for (const char* good :
       {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xEF\xBF\xBF", "\xED\x9F\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
    EXPECT_EQ(repaired_utf8(good), good);
  }
  for (const char* bad :
       {"\x80", "\xC0\xAF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5", "a\xE2\x82"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
    EXPECT_TRUE(is_utf8(repaired_utf8(bad)));
  }
}

}  // namespace
}  // namespace headroom::base
