#include "mcp/twin.h"

#include <gtest/gtest.h>

namespace headroom::mcp {
namespace {

bool twin(std::string_view structured, const std::vector<std::string_view>& texts) {
  const auto document = base::JsonDocument::parse(structured);
  return document && is_twin(*document, document->root(), texts);
}

TEST(TwinTest, TheSameValueWhateverItsSpelling) {
  EXPECT_TRUE(
      twin(R"({"a":[1,"\u00e4",null],"b":{"c":true}})", {"{\"b\": {\"c\": true},\n \"a\": [1, \"\xc3\xa4\", null]}"}));
  EXPECT_FALSE(twin(R"({"a":[1,2]})", {R"({"a":[2,1]})"}));
  EXPECT_FALSE(twin(R"({"a":1})", {R"({"a":1,"b":2})"}));
  EXPECT_FALSE(twin(R"({"a":1})", {R"({"a":1.0})"}));
  EXPECT_FALSE(twin(R"({"a":1})", {"a is one"}));
  EXPECT_FALSE(twin(R"({"a":1})", {}));
  EXPECT_FALSE(twin(R"({"a":1})", {R"({"a":1})", "and more"}));
}

TEST(TwinTest, AResultThatIsWrapped) {
  EXPECT_TRUE(twin(R"({"result":"a text"})", {"a text"}));
  EXPECT_TRUE(twin(R"({"content":"a text"})", {"a text"})) << "whatever its name is";
  EXPECT_TRUE(twin(R"({"result":[1,2]})", {"[1, 2]"}));
  EXPECT_TRUE(twin(R"({"result":[{"a":1},"b"]})", {R"({"a": 1})", "b"}));
  EXPECT_FALSE(twin(R"({"result":[{"a":1},"b"]})", {R"({"a": 1})", "c"}));
  EXPECT_FALSE(twin(R"({"result":[1,2,3]})", {"1", "2"}));
  EXPECT_FALSE(twin(R"({"result":"a","more":1})", {"a"}));
}

}  // namespace
}  // namespace headroom::mcp
