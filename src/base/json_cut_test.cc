#include "base/json_cut.h"

#include <string>

#include <gtest/gtest.h>

#include "base/json_document.h"

namespace headroom::base {
namespace {

TEST(FindCut, EndsAtTheLastWholeItemOfTheOutermostArray) {
  const std::string text = R"({"total": 9, "rows": [{"a": [1, 2]}, {"a": [3]}, {"a": []}, {"a": [5, 6]}, {"a": [7, )";
  const auto cut = find_cut(text);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->items, 4U);
  EXPECT_EQ(cut->closers, "]}");
  EXPECT_EQ(text.substr(cut->whole), R"(, {"a": [7, )");
  EXPECT_TRUE(JsonDocument::parse(text.substr(0, cut->whole) + cut->closers));
}

TEST(FindCut, FindsEveryPlaceOfACut) {
  const std::string text = R"([{"s":"a\"]b","n":-1.5e3},{"s":"","n":null},[true,false],"x",{"y":{}},12,"z"])";
  std::size_t found = 0;
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto cut = find_cut(std::string_view(text).substr(0, size), 2);
    if (!cut) continue;
    ++found;
    ASSERT_LE(cut->whole, size);
    EXPECT_TRUE(JsonDocument::parse(text.substr(0, cut->whole) + cut->closers)) << size;
  }
  EXPECT_GT(found, text.size() / 3);
  EXPECT_FALSE(find_cut(text, 2));
}

TEST(FindCut, OtherTextHasNone) {
  EXPECT_FALSE(find_cut(""));
  EXPECT_FALSE(find_cut("[INFO] starts, [INFO] goes on, [INFO] ends"));
  EXPECT_FALSE(find_cut("{ a: 1, b: [1, 2, 3, 4, 5"));
  EXPECT_FALSE(find_cut("[1, 2, 3, 4 5, 6"));
  EXPECT_FALSE(find_cut(std::string(100'000, '[')));
}

}  // namespace
}  // namespace headroom::base
