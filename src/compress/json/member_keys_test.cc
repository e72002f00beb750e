#include "compress/json/member_keys.h"

#include <gtest/gtest.h>

namespace headroom::compress::json {
namespace {

using base::JsonDocument;

std::string no_news(std::string_view text) {
  const auto document = JsonDocument::parse(text);
  const MemberKeys members(*document);
  const std::vector<bool> found = members.no_news(std::vector<bool>(members.keys().size(), true));
  std::string out;
  for (std::size_t key = 0; key < found.size(); ++key) {
    if (found[key]) out += members.keys()[key].name;
  }
  return out;
}

TEST(MemberKeys, NumbersKeysByTheirFirstPlaceAndCountsThem) {
  const auto document = JsonDocument::parse(R"([{"a":1,"b":"x"},{"b":"x","a":2},{"a":1,"c":null,"b":"x"}])");
  const MemberKeys members(*document);
  ASSERT_EQ(members.keys().size(), 3u);
  EXPECT_EQ(members.keys()[0].name, "\"a\"");
  EXPECT_EQ(members.keys()[0].count, 3u);
  EXPECT_FALSE(members.keys()[0].same);
  EXPECT_EQ(members.keys()[1].value, "\"x\"");
  EXPECT_EQ(members.keys()[1].bytes, 18u);
  EXPECT_TRUE(members.keys()[1].same);
  EXPECT_FALSE(members.keys()[2].same) << "null says nothing";
  EXPECT_EQ(members.of(0), MemberKeys::kNone);
  EXPECT_EQ(members.of(document->index_of(document->node(2))), 0u);
  EXPECT_EQ(members.of(5), 1u);
}

TEST(MemberKeys, WhatAllOfAGroupHaveIsNoNews) {
  EXPECT_EQ(no_news(R"([{"a":1,"b":2},{"a":1}])"), R"("a")");
  EXPECT_EQ(no_news(R"([{"p":[{"a":1}]},{"p":[{"a":1},{"b":1}]}])"), R"("p")") << "who has it is news";
  EXPECT_EQ(no_news(R"([{"p":[{"a":1}],"q":{"b":1}},{"p":[{"a":1}],"q":{"b":1}}])"), R"("p""a""q""b")");
}

TEST(MemberKeys, WhatStandsUnderNamesIsOneGroup) {
  EXPECT_EQ(no_news(R"({"x":[{"a":1},{"a":1}],"y":[{"b":1},{"a":1}]})"), R"("x""y")");
  EXPECT_EQ(no_news(R"({"users":{"ann":{"a":1},"bob":{"a":1,"b":1}}})"), R"("users""ann""a""bob""b")")
      << "of a few, one may have what the others lack";
}

}  // namespace
}  // namespace headroom::compress::json
