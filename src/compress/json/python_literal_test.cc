#include "compress/json/python_literal.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::compress::json {
namespace {

TEST(PythonLiteral, RowsBecomeJson) {
  EXPECT_EQ(json_of_python("[{'id': 1, 'left': None, 'ok': True, 'at': -1.5e-3}]\n"),
            R"([{"id": 1, "left": null, "ok": true, "at": -1.5e-3}])");
  EXPECT_EQ(json_of_python("[(1, 'a'), (2, \"it's\",)]"), R"([[1, "a"], [2, "it's"]])");
  EXPECT_EQ(json_of_python("{'a': [], 'b': {}, 'c': ()}"), R"({"a": [], "b": {}, "c": []})");
  EXPECT_EQ(json_of_python("[{'at': datetime.datetime(2026, 1, 2, 10, 0), 'sum': Decimal('1.50')}]"),
            R"x([{"at": "datetime.datetime(2026, 1, 2, 10, 0)", "sum": "Decimal('1.50')"}])x");
}

TEST(PythonLiteral, EscapesAreRead) {
  EXPECT_EQ(json_of_python(R"(['a\n\t"b"\'\\', '\xe9\u20ac\U0001f600'])"), "[\"a\\n\\t\\\"b\\\"'\\\\\", \"é€😀\"]");
  EXPECT_FALSE(json_of_python(R"(['\ud800'])"));
  EXPECT_FALSE(json_of_python(R"(['\x4'])"));
  EXPECT_FALSE(json_of_python("['\\"));
}

TEST(PythonLiteral, IsNoneOfOtherTexts) {
  for (const char* text : {"", "[", "{", "(", "[1, 2]", "{\"a\": 1}", "{1: 'a'}", "{'a', 'b'}", "['a' 'b']", "[b'a']",
                           "['a'", "['a'] and more", "[01, 'a']", "['a\nb']", "{'a': 1, 'b'}", "[f(, 'a']", "[foo]",
                           "[Decimal('1.50']", "['a',, 'b']"}) {
    EXPECT_FALSE(json_of_python(text)) << text;
  }
  EXPECT_FALSE(json_of_python(std::string(5000, '[') + "'a'" + std::string(5000, ']')));
}

}  // namespace
}  // namespace headroom::compress::json
