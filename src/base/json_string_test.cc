#include "base/json_string.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace headroom::base {
namespace {

TEST(JsonString, DecodesEveryEscape) {
  EXPECT_EQ(decode_json_string(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00")").value(),
            "\"\\/\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
}

TEST(JsonString, RefusesBadLiterals) {
  for (std::string_view bad : {"", "\"", "abc", "\"a", "\"\\\"", "\"\\q\"", "\"\\u12\"", "\"\\u123x\"", "\"a\x01z\"",
                               "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\u0041\"", "\"\\ud83dx\""}) {
    EXPECT_FALSE(decode_json_string(bad)) << bad;
  }
}

TEST(JsonString, EncodesOnlyWhatMustBe) {
  EXPECT_EQ(encode_json_string("a\"b\\c\nd\re\tf\bg\fh\x01i/\x7F\xC3\xA9"),
            "\"a\\\"b\\\\c\\nd\\re\\tf\\bg\\fh\\u0001i/\x7F\xC3\xA9\"");
  EXPECT_EQ(encode_json_string(""), "\"\"");
}

TEST(JsonString, DecodeUndoesEncode) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t n = random() % 40; n > 0; --n) text.push_back(static_cast<char>(random() % 128));
    EXPECT_EQ(decode_json_string(encode_json_string(text)).value(), text);
  }
}

}  // namespace
}  // namespace headroom::base
