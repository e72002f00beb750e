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
