#include "base/json_canonical.h"

#include <gtest/gtest.h>

namespace headroom::base {
namespace {

std::string canonical(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  EXPECT_TRUE(document) << json;
  std::string out;
  if (document) append_canonical_json(*document, document->root(), out);
  return out;
}

TEST(CanonicalJson, WhiteSpaceOrderAndEscapesDoNotMatter) {
  EXPECT_EQ(canonical(R"({ "b": [1, {"d":null,"c":"\u0061"}], "a" : true })"),
            R"({"a":true,"b":[1,{"c":"a","d":null}]})");
  EXPECT_EQ(canonical(R"({"a":"a\/b"})"), canonical(R"({"a":"a/b"})"));
  EXPECT_NE(canonical("[1,2]"), canonical("[2,1]"));
  EXPECT_NE(canonical("1.0"), canonical("1"));
}

}  // namespace
}  // namespace headroom::base
