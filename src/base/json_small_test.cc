#include "base/json_small.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::base {
namespace {

bool same(const JsonNode& a, const JsonNode& b) {
  return a.raw == b.raw && a.key_raw == b.key_raw && a.key == b.key && a.text == b.text && a.size == b.size &&
         a.next == b.next && a.kind == b.kind && a.decoded == b.decoded;
}

/// What is read here is read in the same way where it is part of a text that is too large for it.
testing::AssertionResult agrees(const std::string& text) {
  std::vector<JsonNode> nodes;
  std::unique_ptr<char[]> decoded;
  if (!read_small_json(text, nodes, decoded)) return testing::AssertionSuccess();
  const std::string longer = text + std::string(kSmallJson, ' ');
  const auto document = JsonDocument::parse(longer);
  if (!document) return testing::AssertionFailure() << document.error().message << ": " << text;
  if (nodes.size() != document->nodes().size()) return testing::AssertionFailure() << "other values: " << text;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (!same(nodes[i], document->node(i))) return testing::AssertionFailure() << "value " << i << ": " << text;
  }
  return testing::AssertionSuccess();
}

bool reads(const std::string& text) {
  std::vector<JsonNode> nodes;
  std::unique_ptr<char[]> decoded;
  return read_small_json(text, nodes, decoded);
}

const std::vector<std::string> kTexts = {
    R"({"a":[1,2.5,{"b":null}],"c":"x\n\u00e9 and more than eight","d":true,"longer than that":false})",
    R"([[],{},[[1]],"",-0,1e5,1E+05,1e-2,0.10])",
    R"({"k\n":{"k":{"k":[{"k":1},{"k":"]}"}]}}})",
    " [ \"a\" , { \"b\" : [ ] } , \"\\ud83d\\ude00 \\\\ \\\" \\/ \\b\\f\\r\\t\" ]\r\n\t ",
    "{\"caf\xC3\xA9\":\"\xE2\x82\xAC \xF0\x9F\x98\x80\"}",
    R"("of itself \u0041\u20ac")",
    "  -12.5e-3 "};

TEST(SmallJson, ReadsWhatIsPlain) {
  for (const std::string& text : kTexts) {
    EXPECT_TRUE(reads(text)) << text;
    EXPECT_TRUE(agrees(text));
  }
}

TEST(SmallJson, LeavesTheRest) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); };
  for (const std::string& text :
       {std::string(R"(["\ud800"])"), std::string(R"({"\udc00x":1})"), std::string(R"(["\ud800\u0041"])"), nested(100),
        "[" + std::string(kSmallJson, ' ') + "]", std::string("[\"\xED\xA0\x80\"]"), std::string("[1,]"),
        std::string("[1] 2"), std::string("[01]"), std::string("\"a\nb\""), std::string("[\"\\x\"]")}) {
    EXPECT_FALSE(reads(text)) << text.substr(0, 40);
  }
  std::string many = "[0";
  for (int i = 0; i < 500; ++i) many += ",0";
  EXPECT_FALSE(reads(many + "]"));
}

TEST(SmallJson, RandomDamageIsReadAsInALargeText) {
  std::mt19937 random(5);
  const std::string alphabet = "{}[],:\"\\\\ntfubr0019.eE+- xdD8\xC3\xA9\xF0\x9F\n";
  int read = 0;
  for (int round = 0; round < 40'000; ++round) {
    std::string text = kTexts[random() % kTexts.size()];
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = alphabet[random() % alphabet.size()];
          break;
        case 1:
          if (text.size() > 1) text.erase(at, 1);
          break;
        default:
          text.insert(at, 1, alphabet[random() % alphabet.size()]);
      }
    }
    ASSERT_TRUE(agrees(text));
    // Nothing is left to the other way that this one could have read: only what is no JSON, and lone surrogates.
    const bool known = JsonDocument::parse(text + std::string(kSmallJson, ' ')).has_value();
    ASSERT_TRUE(reads(text) || !known || text.contains("\\u")) << text;
    read += reads(text);
  }
  EXPECT_GT(read, 5000);
}

}  // namespace
}  // namespace headroom::base
