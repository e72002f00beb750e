#include "wire/wrapped_text.h"

#include <string>

#include <gtest/gtest.h>

#include "base/json_string.h"

namespace headroom::wire {
namespace {

std::string long_text() {
  std::string text = "first \"line\"\n";
  for (int i = 0; i < 60; ++i) text += "line " + std::to_string(i) + " of C:\\dir with a\ttab\n";
  return text;
}

std::string quoted(const std::string& text) {
  return base::encode_json_string(text);
}

TEST(WrappedText, IsReadOfAnObject) {
  const std::string json = R"({"exit_code":0,"output":)" + quoted(long_text()) + R"(,"metadata":{"s":0.1}})";
  const auto wrapped = unwrap(json);
  ASSERT_TRUE(wrapped);
  EXPECT_EQ(wrapped->text, long_text());
  EXPECT_EQ(wrapped->strings, 1U);
  EXPECT_EQ(wrap(wrapped->before, wrapped->text, wrapped->after, wrapped->strings), json);
}

TEST(WrappedText, IsReadOfAStringInAString) {
  const std::string inner = R"({"result":)" + quoted(long_text()) + R"(,"rows":3})";
  const std::string middle = R"([{"type":"text","text":)" + quoted(inner) + "}]";
  const std::string outer = R"({"success":true,"data":)" + quoted(middle) + R"(,"took":"1 \"s\""})";
  const auto wrapped = unwrap(outer);
  ASSERT_TRUE(wrapped);
  EXPECT_EQ(wrapped->text, long_text());
  EXPECT_EQ(wrapped->strings, 3U);
  EXPECT_EQ(wrap(wrapped->before, wrapped->text, wrapped->after, wrapped->strings), outer);
  const std::string shorter = wrap(wrapped->before, "two\n\"words\"", wrapped->after, wrapped->strings);
  const std::string innermost = R"({"result":)" + quoted("two\n\"words\"") + R"(,"rows":3})";
  EXPECT_EQ(shorter, R"({"success":true,"data":)" + quoted(R"([{"type":"text","text":)" + quoted(innermost) + "}]") +
                         R"(,"took":"1 \"s\""})");
}

TEST(WrappedText, IsReadOfADictOfPython) {
  std::string said;
  for (int i = 0; i < 60; ++i) said += "line " + std::to_string(i) + " isn\\'t \"plain\"\\n";
  const std::string dict = "{'status': 'success', 'code': None, 'content': [{'text': '" + said + "'}], 'id': 'tool_1'}";
  const auto wrapped = unwrap(dict);
  ASSERT_TRUE(wrapped);
  EXPECT_TRUE(wrapped->text.starts_with("line 0 isn't \"plain\"\nline 1 "));
  EXPECT_EQ(wrap(wrapped->before, "it's\nshort", wrapped->after, wrapped->strings),
            "{'status': 'success', 'code': None, 'content': [{'text': \"it's\\nshort\"}], 'id': 'tool_1'}");
  EXPECT_FALSE(unwrap("{'text': '" + std::string(900, 'a') + "\\q'}"));
  EXPECT_FALSE(unwrap("{'text': '" + std::string(900, 'a') + "}"));
  EXPECT_FALSE(unwrap("{\"text\": '" + std::string(900, 'a') + "'}"));
  EXPECT_FALSE(unwrap("{'text': '" + std::string(900, 'a') + "\nb'}"));
}

TEST(WrappedText, StopsWhereTheTextIsNoObject) {
  const std::string rows = R"([{"id":1,"note":"short"},{"id":2,"note":)" + quoted(std::string(500, 'x')) + "}" +
                           R"(,{"id":3,"note":)" + quoted(std::string(500, 'y')) + "}]";
  const auto wrapped = unwrap(R"([{"type":"text","text":)" + quoted(rows) + "}]");
  ASSERT_TRUE(wrapped);
  EXPECT_EQ(wrapped->text, rows);
}

TEST(WrappedText, IsNoneOfOtherTexts) {
  EXPECT_FALSE(unwrap(""));
  EXPECT_FALSE(unwrap("[]"));
  EXPECT_FALSE(unwrap("{\"a\":\"" + std::string(900, 'a')));
  EXPECT_FALSE(unwrap(std::string(900, '[') + "]"));
  EXPECT_FALSE(unwrap(std::string(900, '{') + "}"));
}

}  // namespace
}  // namespace headroom::wire
