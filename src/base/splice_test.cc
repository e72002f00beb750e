#include "base/splice.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/json_document.h"
#include "base/json_string.h"

namespace headroom::base {
namespace {

/// Random JSON with the spellings that re-serialisers destroy.
class JsonGenerator {
 public:
  explicit JsonGenerator(unsigned seed) : random_(seed) {}

  std::string value(int depth = 0) {
    switch (pick(depth > 5 ? 4 : 6)) {
      case 0:
        return number();
      case 1:
        return literal();
      case 2:
        return literal();
      case 3:
        return std::vector<std::string>{"true", "false", "null"}[pick(3)];
      case 4:
        return container('[', ']', depth, false);
      default:
        return container('{', '}', depth, true);
    }
  }

  std::string text() {
    static const std::vector<std::string> kPieces = {
        "a",      "Z", "\"", "\\", "/", "\n", "\t", "\x01", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
        "<<ccr:", "{", "}",  " ",  "0"};
    std::string out;
    for (std::size_t n = pick(12); n > 0; --n) out += kPieces[pick(kPieces.size())];
    return out;
  }
  std::size_t pick(std::size_t n) { return random_() % n; }

 private:
  std::string number() {
    return std::vector<std::string>{"0",      "-0",      "1.0",
                                    "1e2",    "1E+05",   "12345678901234567890123",
                                    "0.1000", "-3.5e-9", "18446744073709551616"}[pick(9)];
  }
  std::string literal() {
    static const std::vector<std::string> kEscapes = {R"(\u00e9)",       R"(\/)",     R"(\n)",    R"(\")",
                                                      R"(\ud83d\ude00)", R"(\u0000)", R"(\ud800)"};
    std::string inside;
    for (std::size_t n = pick(4); n > 0; --n) {
      const std::string plain = encode_json_string(text());
      inside += pick(3) == 0 ? kEscapes[pick(kEscapes.size())] : plain.substr(1, plain.size() - 2);
    }
    return '"' + inside + '"';
  }
  std::string space() { return std::vector<std::string>{"", "", " ", "\n  ", "\t"}[pick(5)]; }
  std::string container(char open, char close, int depth, bool keys) {
    std::string out(1, open);
    const std::size_t n = pick(5);
    for (std::size_t i = 0; i < n; ++i) {
      out += space();
      if (keys) out += (pick(4) == 0 ? std::string("\"dup\"") : literal()) + space() + ":" + space();
      out += value(depth + 1) + space();
      if (i + 1 < n) out += ',';
    }
    return out + space() + close;
  }
  std::mt19937 random_;
};

TEST(Splice, RefusesEditsThatOverlapOrLieOutside) {
  EXPECT_FALSE(splice("abcdef", std::vector<Edit>{{{1, 3}, "x"}, {{2, 4}, "y"}}));
  EXPECT_FALSE(splice("abc", std::vector<Edit>{{{1, 4}, "x"}}));
  EXPECT_FALSE(splice("abc", std::vector<Edit>{{{2, 1}, "x"}}));
  EXPECT_EQ(splice("abcdef", std::vector<Edit>{{{3, 6}, "Y"}, {{0, 3}, ""}}).value(), "Y");
  EXPECT_EQ(splice("", {}).value(), "");
}

TEST(Splice, NoEditsAreTheIdentity) {
  JsonGenerator json(1);
  for (int round = 0; round < 500; ++round) {
    const std::string body = json.value();
    EXPECT_EQ(splice(body, {}).value(), body);
  }
}

/// For random edits of string values: every byte outside them is unchanged, the result parses, and each edited string
/// decodes to exactly what was meant.
TEST(Splice, ChangesExactlyTheEditedStrings) {
  JsonGenerator json(2);
  std::size_t edited = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string body = json.value();
    const auto before = JsonDocument::parse(body);
    ASSERT_TRUE(before) << body << "\n" << before.error().message;
    std::vector<Edit> edits;
    std::vector<std::pair<std::uint32_t, std::string>> meant;
    for (std::uint32_t i = 0; i < before->nodes().size(); ++i) {
      if (before->node(i).kind != JsonKind::kString || json.pick(2) == 0) continue;
      meant.emplace_back(i, json.text());
      edits.push_back({before->span(before->node(i)), encode_json_string(meant.back().second)});
    }
    edited += edits.size();
    std::ranges::reverse(edits);
    const std::string result = splice(body, edits).value();
    std::ranges::reverse(edits);

    std::size_t at_body = 0;
    std::size_t at_result = 0;
    for (const Edit& edit : edits) {
      const std::size_t same = edit.span.begin - at_body;
      ASSERT_EQ(body.substr(at_body, same), result.substr(at_result, same));
      at_body = edit.span.end;
      at_result += same + edit.replacement.size();
    }
    ASSERT_EQ(body.substr(at_body), result.substr(at_result));

    const auto after = JsonDocument::parse(result);
    ASSERT_TRUE(after) << result;
    ASSERT_EQ(after->nodes().size(), before->nodes().size());
    for (const auto& [node, text] : meant) ASSERT_EQ(after->node(node).text, text);
  }
  EXPECT_GT(edited, 1000U);
}

}  // namespace
}  // namespace headroom::base
