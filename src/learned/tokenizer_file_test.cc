#include "learned/tokenizer_file.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::learned {
namespace {

/// Letters a..e, apostrophe, digit and the bytes of e-acute, and what merging makes of them.
constexpr std::string_view kFile = R"({
  "added_tokens": [{"id": 90, "content": "[CLS]"}, {"id": 91, "content": "[SEP]"}, {"id": 92, "content": "  "}],
  "normalizer": {"type": "NFC"},
  "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
  "post_processor": {"type": "TemplateProcessing",
    "single": [{"SpecialToken": {"id": "[CLS]"}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "[SEP]"}}],
    "special_tokens": {"[CLS]": {"ids": [90]}, "[SEP]": {"ids": [91]}}},
  "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "s": 3, "'": 4, "1": 5, "Ã": 6, "©": 7,
    "bc": 10, "ab": 11, "abc": 12, "'s": 13, "Ã©": 14, "a1": 15},
  "merges": ["b c", "a b", ["a", "bc"], "' s", ["Ã", "©"], "a 1"]}})";

std::vector<std::int64_t> encode(std::string_view word, std::size_t most = 100) {
  static const auto tokenizer = TokenizerFile::parse(kFile);
  std::vector<std::int64_t> ids;
  if (tokenizer) (*tokenizer)->encode_word(word, most, ids);
  return ids;
}

using Ids = std::vector<std::int64_t>;

TEST(TokenizerFile, MergesInTheOrderOfRanks) {
  ASSERT_TRUE(TokenizerFile::parse(kFile)) << TokenizerFile::parse(kFile).error().message;
  EXPECT_EQ(encode("abc"), Ids({12}));  // bc before ab
  EXPECT_EQ(encode("ab"), Ids({11}));
  EXPECT_EQ(encode("abab"), Ids({11, 11}));
  EXPECT_EQ(encode("\xC3\xA9"), Ids({14}));
}

TEST(TokenizerFile, MergesStayInsidePieces) {
  EXPECT_EQ(encode("a1"), Ids({0, 5}));             // letters and numbers are apart
  EXPECT_EQ(encode("ab's"), Ids({11, 13}));         // a contraction is a piece
  EXPECT_EQ(encode("''s"), Ids({4, 4, 3}));         // unless a sign stands before it
  EXPECT_EQ(encode("a[SEP]bc"), Ids({0, 91, 10}));  // an added token comes before anything
}

TEST(TokenizerFile, FramesAndLimits) {
  const auto tokenizer = TokenizerFile::parse(kFile);
  ASSERT_TRUE(tokenizer);
  EXPECT_EQ((*tokenizer)->prefix(), Ids({90}));
  EXPECT_EQ((*tokenizer)->suffix(), Ids({91}));
  EXPECT_EQ(encode(std::string(1'000'000, 'c'), 7).size(), 7u);
  EXPECT_EQ(encode("", 7).size(), 0u);
}

TEST(TokenizerFile, OtherSortsAreRefused) {
  for (std::string_view text :
       {"", "[]", "{}", R"({"model":{"type":"WordPiece"}})",
        R"({"model":{"type":"BPE","vocab":{},"merges":[]},"pre_tokenizer":{"type":"Metaspace"}})",
        R"({"model":{"type":"BPE","vocab":{},"merges":["a b"]},"pre_tokenizer":{"type":"ByteLevel"}})"}) {
    const auto tokenizer = TokenizerFile::parse(text);
    ASSERT_FALSE(tokenizer) << text;
    EXPECT_EQ(tokenizer.error().code, base::ErrorCode::kUnavailable);
  }
  EXPECT_FALSE(TokenizerFile::load("/nowhere/tokenizer.json"));
}

}  // namespace
}  // namespace headroom::learned
