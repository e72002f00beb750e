#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress {

enum class PieceKind : std::uint8_t { kWord, kSigns, kOther };

/// A piece of a sentence: a word, signs that stand together, or what stays as it is (names, numbers, quotes, marks).
struct Piece {
  PieceKind kind = PieceKind::kOther;
  std::string_view text;
  std::string plain;  ///< of a word
  std::string sound;  ///< of a word
};

/// What a sentence in another language consists of, in order; views into it.
std::vector<Piece> pieces_of(std::string_view sentence);

}  // namespace headroom::compress
