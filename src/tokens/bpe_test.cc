#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/json_document.h"
#include "tokens/tokenizer.h"

namespace headroom::tokens {
namespace {

using Ids = std::vector<std::uint32_t>;

const BpeTokenizer& encoding(std::string_view name) {
  return name == "o200k_base" ? o200k_base() : cl100k_base();
}

Ids ids_of(const base::JsonDocument& document, const base::JsonNode& array) {
  Ids ids;
  for (const base::JsonNode& id : document.children(array)) {
    ids.push_back(static_cast<std::uint32_t>(std::stoul(std::string(id.raw))));
  }
  return ids;
}

std::string repeat(std::string_view unit, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += unit;
  return text;
}

void check_run(const base::JsonDocument& document, const base::JsonNode& row, std::string_view name) {
  const std::string text =
      repeat(document.find(row, "unit")->text, std::stoul(std::string(document.find(row, "times")->raw)));
  const base::JsonNode& expected = *document.find(row, name);
  const Ids ids = encoding(name).encode(text);
  const Ids first = ids_of(document, *document.find(expected, "first"));
  const Ids last = ids_of(document, *document.find(expected, "last"));
  ASSERT_EQ(std::to_string(ids.size()), document.find(expected, "count")->raw);
  EXPECT_EQ(Ids(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(first.size())), first);
  EXPECT_EQ(Ids(ids.end() - static_cast<std::ptrdiff_t>(last.size()), ids.end()), last);
  EXPECT_EQ(encoding(name).count(text), ids.size());
}

TEST(Bpe, EqualsTiktokenOnTheGoldenTexts) {
  std::ifstream golden(HEADROOM_SOURCE_DIR "/tests/tokens/golden.jsonl");
  int rows = 0;
  for (std::string line; std::getline(golden, line); ++rows) {
    SCOPED_TRACE(line.substr(0, 200));
    const auto document = base::JsonDocument::parse(line);
    ASSERT_TRUE(document.has_value());
    for (std::string_view name : {"o200k_base", "cl100k_base"}) {
      const base::JsonNode* text = document->find(document->root(), "text");
      if (text == nullptr) {
        check_run(*document, document->root(), name);
        continue;
      }
      const Ids expected = ids_of(*document, *document->find(document->root(), name));
      EXPECT_EQ(encoding(name).encode(text->text), expected) << name;
      EXPECT_EQ(encoding(name).count(text->text), expected.size()) << name;
    }
  }
  EXPECT_GE(rows, 80);
}

/// Any bytes at all: valid and broken UTF-8, runs, words.
std::string random_bytes(std::mt19937& rng) {
  static constexpr std::string_view kParts[] = {
      "the",  " word", "\n",       "  ",           "123",  "'s",  "\xc3\xa9", "\xe4\xbd\xa0",
      "\xf0", "\x80",  "\xed\xa0", "\xf4\x90\x80", "\xc0", "aaa", "/",        "\xf0\x9f\x98\x80"};
  std::string text;
  const auto length = rng() % (rng() % 8 == 0 ? 3000 : 300);
  while (text.size() < length) {
    if (rng() % 4 == 0) {
      text += static_cast<char>(rng() % 256);
    } else {
      text += repeat(kParts[rng() % std::size(kParts)], 1 + (rng() % 16 == 0 ? rng() % 60 : 0));
    }
  }
  return text;
}

TEST(Bpe, DecodesToTheSameBytesWhateverTheyAre) {
  std::mt19937 rng(1);
  for (int i = 0; i < 4000; ++i) {
    const std::string text = random_bytes(rng);
    for (const BpeTokenizer* tokenizer : {&o200k_base(), &cl100k_base()}) {
      const Ids ids = tokenizer->encode(text);
      ASSERT_EQ(tokenizer->decode(ids), text);
      ASSERT_EQ(tokenizer->count(text), ids.size());
    }
  }
}

TEST(Bpe, CountsABrokenByteAsASymbolOfItsOwn) {
  // Like U+FFFD in the pattern, itself in the merge: it never joins the word beside it.
  EXPECT_EQ(o200k_base().count("hello\xff"), o200k_base().count("hello") + 1);
  EXPECT_EQ(o200k_base().count("\xff\xff"), 2u);
  EXPECT_EQ(o200k_base().count(std::string_view("caf\xc3", 4)), o200k_base().count("caf") + 1);
}

TEST(Bpe, IgnoresUnknownIdsInDecode) {
  EXPECT_EQ(o200k_base().decode({200018, 4000000, 0xffffffff}), "");
  EXPECT_EQ(o200k_base().decode({}), "");
}

TEST(Bpe, SaysWhatItIs) {
  EXPECT_EQ(o200k_base().name(), "o200k_base");
  EXPECT_EQ(cl100k_base().name(), "cl100k_base");
  EXPECT_FALSE(o200k_base().is_estimate());
}

TEST(Bpe, ReadsNothingOutsideItsText) {
  // Exact-size heap copies, so that a sanitizer sees a byte too many.
  const std::string_view text = "a \xe4\xbd\xa0\xf0\x9f\x98\x80 12345 don't\xc3\xa9 zqxjkvbw\n\n";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const std::vector<char> copy(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length));
    const std::string_view part(copy.data(), copy.size());
    EXPECT_EQ(o200k_base().count(part), o200k_base().encode(part).size());
    EXPECT_EQ(cl100k_base().count(part), cl100k_base().encode(part).size());
  }
}

TEST(Bpe, GivesEveryThreadTheSameIds) {
  std::mt19937 rng(2);
  std::vector<std::string> texts;
  for (int i = 0; i < 50; ++i) texts.push_back(random_bytes(rng));
  std::vector<std::vector<Ids>> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results) {
    threads.emplace_back([&texts, &result] {
      for (const std::string& text : texts) result.push_back(o200k_base().encode(text));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_EQ(result, results[0]);
}

}  // namespace
}  // namespace headroom::tokens
