#include "context/inner_texts.h"

#include <gtest/gtest.h>

#include "base/json_string.h"

namespace headroom::context {
namespace {

std::string in_quotes(std::string_view text) {
  return base::encode_json_string(text);
}

TEST(InnerTexts, AreTheLongStringsOfAValue) {
  const std::string one(1200, 'a');
  const std::string two = "a \"quoted\" line\n" + std::string(1200, 'b');
  const std::string json = R"([{"id":1,"body":)" + in_quotes(one) + R"(},{"id":2,"body":)" + in_quotes(two) + "}]";
  const std::vector<InnerText> inner = find_inner_texts(json);
  ASSERT_EQ(inner.size(), 2U);
  EXPECT_EQ(inner[1].text, two);
  EXPECT_EQ(json.substr(inner[1].literal.begin, inner[1].literal.size()), in_quotes(two));
  EXPECT_EQ(with_inner_texts(json, inner, {"x", "y\n"}), R"([{"id":1,"body":"x"},{"id":2,"body":"y\n"}])");
  EXPECT_EQ(with_inner_texts(json, inner, {one, two}), json);
}

TEST(InnerTexts, AreNoneOfOtherThings) {
  EXPECT_TRUE(find_inner_texts("").empty());
  EXPECT_TRUE(find_inner_texts("[" + std::string(3000, ' ') + "]").empty());
  EXPECT_TRUE(find_inner_texts(std::string(3000, '[')).empty());
  EXPECT_TRUE(find_inner_texts(in_quotes(std::string(3000, 'a')).substr(1)).empty());
  std::string rows = "[";
  for (int i = 0; i < 900; ++i) rows += (i > 0 ? "," : "") + std::string(R"({"id":1,"name":"some name"})");
  EXPECT_TRUE(find_inner_texts(rows + "," + in_quotes(std::string(1500, 'a')) + "]").empty()) << "the least of it";
  EXPECT_TRUE(find_inner_texts("[" + in_quotes("{\"a\": \"" + std::string(3000, 'a') + "\"}") + "]").empty())
      << "JSON in a string";
}

}  // namespace
}  // namespace headroom::context
