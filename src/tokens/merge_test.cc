#include "tokens/merge.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tokens/long_merge.h"
#include "tokens/tables.h"

namespace headroom::tokens {
namespace {

using Ids = std::vector<std::uint32_t>;

/// Byte-pair encoding as it is defined, with no thought for time.
Ids merge_by_definition(const RankTable& ranks, std::string_view piece) {
  std::vector<std::string> parts;
  for (char c : piece) parts.emplace_back(1, c);
  for (;;) {
    std::uint32_t lowest = kNoRank;
    std::size_t best = 0;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const std::string joined = parts[i] + parts[i + 1];
      if (const std::uint32_t rank = ranks.find(joined.data(), joined.size()); rank < lowest) {
        lowest = rank;
        best = i;
      }
    }
    if (lowest == kNoRank) break;
    parts[best] += parts[best + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
  Ids ids;
  for (const std::string& part : parts) ids.push_back(ranks.find(part.data(), part.size()));
  return ids;
}

std::string random_piece(std::mt19937& rng, std::size_t length) {
  static constexpr std::string_view kAlphabets[] = {"ab",
                                                    "aeiounrst",
                                                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ",
                                                    "=-",
                                                    " ",
                                                    "\xe0\xb8\xa1\xb9\x89\x99",
                                                    "\xe4\xbd\xa0\xa5"};
  const std::string_view alphabet = kAlphabets[rng() % std::size(kAlphabets)];
  std::string piece;
  while (piece.size() < length) piece += alphabet[rng() % alphabet.size()];
  return piece;
}

void append_utf8(std::string& text, char32_t point) {
  const auto tail = [&](int shift) { text.push_back(static_cast<char>(0x80 | (point >> shift & 0x3f))); };
  if (point < 0x80) return text.push_back(static_cast<char>(point));
  if (point < 0x800) {
    text.push_back(static_cast<char>(0xc0 | point >> 6));
  } else if (point < 0x10000) {
    text.push_back(static_cast<char>(0xe0 | point >> 12));
    tail(6);
  } else {
    text.push_back(static_cast<char>(0xf0 | point >> 18));
    tail(12);
    tail(6);
  }
  tail(0);
}

/// Characters of one block of code points, most blocks having a script of their own.
std::string random_script_piece(std::mt19937& rng, std::size_t characters) {
  const char32_t block = rng() % 8 == 0 ? 0x1f300 + rng() % 8 * 0x80 : rng() % 0x1a0 * 0x80;
  std::string piece;
  while (characters-- > 0) {
    const char32_t point = rng() % 16 == 0 ? 0x20 + rng() % 0x60 : block + rng() % 0x80;
    append_utf8(piece, point >= 0xd800 && point < 0xe000 ? 0xfffd : point);
  }
  return piece;
}

/// Tokens of the vocabulary side by side, of nearby ranks or any: what joins and what only looks as if it would.
std::string random_tokens_piece(std::mt19937& rng, const RankTable& ranks, std::size_t tokens) {
  const std::uint32_t first = rng() % ranks.rank_count();
  const std::uint32_t range = rng() % 2 == 0 ? 64 : ranks.rank_count();
  std::string piece;
  while (tokens-- > 0) piece += ranks.bytes((first + rng() % range) % ranks.rank_count());
  return piece.empty() ? "a" : piece;
}

void expect_as_defined(const RankTable& ranks, const std::string& piece) {
  const Ids expected = merge_by_definition(ranks, piece);
  Ids ids;
  EXPECT_EQ(merge_piece(ranks, piece.data(), piece.size(), &ids), expected.size());
  ASSERT_EQ(ids, expected) << piece;
  EXPECT_EQ(merge_piece(ranks, piece.data(), piece.size()), expected.size());
  ids.clear();
  merge_long_piece(ranks, piece.data(), piece.size(), &ids);
  ASSERT_EQ(ids, expected) << piece;
}

TEST(Merge, JoinsAsTheDefinitionSaysInEveryScript) {
  std::mt19937 rng(5);
  for (const unsigned char* table : {headroom_o200k_base_table, headroom_cl100k_base_table}) {
    const RankTable ranks(table);
    for (int i = 0; i < 2500; ++i) {
      ASSERT_NO_FATAL_FAILURE(expect_as_defined(ranks, random_script_piece(rng, 1 + rng() % 24)));
      ASSERT_NO_FATAL_FAILURE(expect_as_defined(ranks, random_tokens_piece(rng, ranks, 1 + rng() % 6)));
    }
    for (int i = 0; i < 20; ++i) {
      ASSERT_NO_FATAL_FAILURE(expect_as_defined(ranks, random_script_piece(rng, 200)));
      ASSERT_NO_FATAL_FAILURE(expect_as_defined(ranks, random_tokens_piece(rng, ranks, 100)));
    }
  }
}

TEST(Merge, JoinsRunsAsTheDefinitionSays) {
  for (const unsigned char* table : {headroom_o200k_base_table, headroom_cl100k_base_table}) {
    const RankTable ranks(table);
    for (const std::string_view unit : {"a", "=", " ", "\n", "-", "ab", "\xe4\xbd\xa0", "\xf0\x9f\x98\x80"}) {
      std::string piece;
      while (piece.size() < 420) {
        piece += unit;
        if (piece.size() % 7 >= 2) continue;
        ASSERT_NO_FATAL_FAILURE(expect_as_defined(ranks, piece));
      }
    }
  }
}

TEST(Merge, TakesEachTokenApartAsTheDefinitionSays) {
  for (const unsigned char* table : {headroom_o200k_base_table, headroom_cl100k_base_table}) {
    const RankTable ranks(table);
    for (std::uint32_t rank = 0; rank < ranks.rank_count(); rank += 23) {
      const std::string token(ranks.bytes(rank));
      if (token.empty()) continue;
      ASSERT_NO_FATAL_FAILURE(expect_as_defined(ranks, token));
    }
  }
}

TEST(Merge, JoinsAsTheDefinitionSays) {
  std::mt19937 rng(3);
  for (const unsigned char* table : {headroom_o200k_base_table, headroom_cl100k_base_table}) {
    const RankTable ranks(table);
    for (int i = 0; i < 600; ++i) {
      const std::string piece = random_piece(rng, 1 + rng() % (2 * kShortPiece));
      const Ids expected = merge_by_definition(ranks, piece);
      Ids ids;
      EXPECT_EQ(merge_piece(ranks, piece.data(), piece.size(), &ids), expected.size());
      ASSERT_EQ(ids, expected) << piece;
      EXPECT_EQ(merge_piece(ranks, piece.data(), piece.size()), expected.size());
      ids.clear();
      merge_long_piece(ranks, piece.data(), piece.size(), &ids);
      ASSERT_EQ(ids, expected) << piece;
    }
  }
}

TEST(Merge, TakesAMegabyteInOnePiece) {
  const RankTable ranks(headroom_o200k_base_table);
  std::mt19937 rng(4);
  for (int i = 0; i < 3; ++i) {
    const std::string piece = random_piece(rng, 1'000'000);
    Ids ids;
    const std::size_t count = merge_piece(ranks, piece.data(), piece.size(), &ids);
    EXPECT_EQ(count, ids.size());
    std::string decoded;
    for (std::uint32_t id : ids) decoded += ranks.bytes(id);
    EXPECT_EQ(decoded, piece);
  }
}

TEST(RankTable, FindsEveryTokenAndNothingElse) {
  for (const unsigned char* table : {headroom_o200k_base_table, headroom_cl100k_base_table}) {
    const RankTable ranks(table);
    for (std::uint32_t rank = 0; rank < ranks.rank_count(); ++rank) {
      const std::string_view token = ranks.bytes(rank);
      if (token.empty()) continue;
      ASSERT_EQ(ranks.find(token.data(), token.size()), rank);
      const std::string longer = std::string(token) + '\0';
      const std::uint32_t found = ranks.find(longer.data(), longer.size());
      ASSERT_TRUE(found == kNoRank || ranks.bytes(found) == longer);
    }
  }
}

}  // namespace
}  // namespace headroom::tokens
