#include "base/json_document.h"

#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

namespace headroom::base {
namespace {

using ::testing::ElementsAre;

JsonDocument parsed(std::string_view text) {
  auto document = JsonDocument::parse(text);
  EXPECT_TRUE(document) << text << ": " << document.error().message;
  return std::move(*document);
}

TEST(JsonDocument, KeepsEveryByteOfEveryValue) {
  const std::string text =
      R"( {"z":1.0,"a" : 1e2, "m":12345678901234567890123,"n":-0,"k":1E+05,"dup":1,"dup":2, "u":"\u00e9e\/","e":[ ] ,"o":{} } )";
  const JsonDocument document = parsed(text);
  std::vector<std::string> seen;
  for (const JsonNode& child : document.children(document.root())) {
    seen.push_back(std::string(child.key_raw) + "=" + std::string(child.raw));
    EXPECT_EQ(text.substr(document.span(child).begin, document.span(child).size()), child.raw);
  }
  EXPECT_THAT(seen,
              ElementsAre(R"("z"=1.0)", R"("a"=1e2)", R"("m"=12345678901234567890123)", R"("n"=-0)", R"("k"=1E+05)",
                          R"("dup"=1)", R"("dup"=2)", R"("u"="\u00e9e\/")", R"("e"=[ ])", R"("o"={})"));
  EXPECT_EQ(document.find(document.root(), "dup")->raw, "1");
  EXPECT_EQ(document.find_last(document.root(), "dup")->raw, "2");
  EXPECT_EQ(document.string_member(document.root(), "dup"), "") << "no string";
  EXPECT_EQ(document.string_member(document.root(), "none"), "");
  EXPECT_EQ(document.find(document.root(), "u")->text,
            "\xC3\xA9"
            "e/");
  EXPECT_EQ(document.find(document.root(), "nothing"), nullptr);
}

TEST(JsonDocument, NestedContainersEndWhereTheyEnd) {
  const std::string text = "[[1,[2 , {\"a\":[3]}\n]\t] , \"x\"]";
  const JsonDocument document = parsed(text);
  EXPECT_EQ(document.root().raw, text);
  const JsonNode& first = *document.children(document.root()).begin();
  EXPECT_EQ(first.raw, "[1,[2 , {\"a\":[3]}\n]\t]");
  EXPECT_EQ(document.node(first.next).raw, "\"x\"");
  EXPECT_EQ(document.root().size, 2U);
}

TEST(JsonDocument, ScalarsAreDocumentsToo) {
  EXPECT_EQ(parsed(" true ").root().kind, JsonKind::kBool);
  EXPECT_EQ(parsed("null").root().kind, JsonKind::kNull);
  EXPECT_EQ(parsed("\n-12.5e-3").root().raw, "-12.5e-3");
  EXPECT_EQ(parsed("\"a\\nb\" ").root().text, "a\nb");
}

TEST(JsonDocument, LoneSurrogatesStayRaw) {
  const JsonDocument document = parsed(R"({"a":"x\ud800y","\udc00":1})");
  const JsonNode& value = *document.find(document.root(), "a");
  EXPECT_FALSE(value.decoded);
  EXPECT_EQ(value.raw, R"("x\ud800y")");
  EXPECT_EQ(document.node(value.next).key_raw, R"("\udc00")");
}

TEST(JsonDocument, RefusesWhatIsNoJson) {
  for (std::string_view bad : {"",
                               " ",
                               "{",
                               "[1,2",
                               "[1 2]",
                               "{\"a\":}",
                               "{\"a\" 1}",
                               "{a:1}",
                               "[1,]",
                               "tru",
                               "nul",
                               "01",
                               "1.",
                               ".5",
                               "+1",
                               "1e",
                               "\"abc",
                               "\"a\\x\"",
                               "\"\\u12g4\"",
                               "\"a\nb\"",
                               "[1] 2",
                               "1 2",
                               "\"a\" \"b\"",
                               "{\"a\":1}}",
                               "[\"\xFF\"]",
                               "[\"\xED\xA0\x80\"]",
                               "NaN",
                               "[Infinity]",
                               "'a'",
                               "[\"a\":1]"}) {
    const auto document = JsonDocument::parse(bad);
    EXPECT_FALSE(document) << bad;
    if (!document) {
      EXPECT_EQ(document.error().code, ErrorCode::kParse) << bad;
    }
  }
}

TEST(JsonDocument, DeepNestingIsAnErrorNotACrash) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); };
  EXPECT_TRUE(JsonDocument::parse(nested(JsonDocument::kMaxDepth)));
  for (std::size_t depth : {std::size_t{JsonDocument::kMaxDepth} + 1, std::size_t{10'000}, std::size_t{1'000'000}}) {
    const auto document = JsonDocument::parse(nested(depth));
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().code, ErrorCode::kTooLarge);
  }
}

TEST(JsonDocument, NulBytes) {
  EXPECT_EQ(parsed(R"(["\u0000a"])").node(1).text, std::string_view("\0a", 2));
  EXPECT_FALSE(JsonDocument::parse(std::string_view("[1]\0", 4)));
  EXPECT_FALSE(JsonDocument::parse(std::string_view("\0[1]", 4)));
  EXPECT_FALSE(JsonDocument::parse(std::string_view("[\"\0\"]", 5)));
}

/// Random damage to valid texts: what this parser takes, simdjson's own validating parser takes, and the other way
/// round.
TEST(JsonDocument, AgreesWithAValidatingParser) {
  const std::vector<std::string> seeds = {R"({"a":[1,2.5,{"b":null}],"c":"x\n\u00e9","d":true})",
                                          R"([[],{},[[1]],"",-0,1e5,false])",
                                          R"({"k":{"k":{"k":[{"k":1},{"k":"]}"}]}}})", R"( [ "a" , { "b" : [ ] } ] )"};
  std::mt19937 random(11);
  const std::string alphabet = "{}[],:\"\\ntfu019.eE+- x";
  std::size_t accepted = 0;
  simdjson::dom::parser reference;
  for (int round = 0; round < 60'000; ++round) {
    std::string text = seeds[random() % seeds.size()];
    for (std::size_t n = random() % 3 + (round % 4 == 0 ? 0 : 1); n > 0; --n) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = alphabet[random() % alphabet.size()];
          break;
        case 1:
          text.erase(at, 1);
          break;
        default:
          text.insert(at, 1, alphabet[random() % alphabet.size()]);
      }
      if (text.empty()) text = " ";
    }
    const bool valid = reference.parse(text).error() == simdjson::SUCCESS;
    const bool ours = JsonDocument::parse(text).has_value();
    // The reference also refuses numbers that it cannot hold and lone surrogates, which are valid JSON text.
    const bool big = text.find('e') != std::string::npos || text.find('E') != std::string::npos ||
                     text.find("\\u") != std::string::npos;
    ASSERT_TRUE(ours == valid || (ours && big)) << text;
    accepted += ours;
  }
  EXPECT_GT(accepted, 5000U);
}

TEST(JsonDocument, MovesKeepViewsValid) {
  const std::string text = R"(["\u0041\n","plain"])";
  JsonDocument first = parsed(text);
  const JsonDocument second = std::move(first);
  EXPECT_EQ(second.node(1).text, "A\n");
  EXPECT_EQ(second.node(2).text, "plain");
}

TEST(JsonDocument, HasABoundForTheNumberOfItsValues) {
  const auto zeros = [](std::size_t count) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i) text += "0,";
    text.back() = ']';
    return text;
  };
  const std::size_t most = (1 << 21) - 1;
  EXPECT_TRUE(JsonDocument::parse(zeros(most)));
  const auto more = JsonDocument::parse(zeros(most + 1));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace headroom::base
