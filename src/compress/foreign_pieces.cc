#include "compress/foreign_pieces.h"

#include <algorithm>
#include <cstddef>

#include "compress/foreign_lexicon.h"
#include "compress/foreign_spelling.h"

namespace headroom::compress {
namespace {

unsigned char byte(char c) {
  return static_cast<unsigned char>(c);
}

bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

Piece word_piece(std::string_view word) {
  // "BufferedClient", "HTTP": names stay
  const bool name = std::ranges::any_of(word.substr(1), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (name) return {.text = word};
  Piece piece{.kind = PieceKind::kWord, .text = word, .plain = plain(word)};
  piece.sound = sound(piece.plain);
  return piece;
}

/// "State-Eigenschaft", "est-ce": words that hyphens join, one of which is known; not "x-request-id".
bool joins_words(std::string_view chunk) {
  bool known = false, small = true;
  for (std::size_t at = 0; at <= chunk.size();) {
    const std::size_t end = std::min(chunk.find('-', at), chunk.size());
    const std::string word = plain(chunk.substr(at, end - at));
    known = known || Lexicon::get().word(sound(word)) != nullptr;
    small = small && Lexicon::get().small(word);
    at = end + 1;
  }
  return known || small;
}

/// A word, signs, a mark, or else all up to white space.
Piece piece_at(std::string_view text, std::size_t at) {
  const char first = text[at];
  if (is_sign(text, at)) {
    std::size_t end = at;
    while (end < text.size() && is_sign(text, end)) end += size_at(text, end);
    return {.kind = PieceKind::kSigns, .text = text.substr(at, end - at)};
  }
  if (!is_spelling(text, at) && byte(first) >= 0x80) return {.text = text.substr(at, size_at(text, at))};
  const bool within = at > 0 && (letter(text[at - 1]) || byte(text[at - 1]) >= 0x80);
  if (within && (first == '\'' || first == '-')) return {.text = text.substr(at, 1)};
  if (first == '"' || first == '`' || first == '\'') {
    const std::size_t end = text.find(first, at + 1);
    if (end != std::string_view::npos) return {.text = text.substr(at, end + 1 - at)};
  }
  std::size_t end = at;
  while (end < text.size() && is_spelling(text, end)) end += size_at(text, end);
  const auto parts = [&](std::size_t i) {
    return i >= text.size() || text[i] == ' ' || (byte(text[i]) >= 0x80 && !is_spelling(text, i));
  };
  if (end > at) {
    if (parts(end) || (text[end] == '\'' && end + 1 < text.size() && is_spelling(text, end + 1)))
      return word_piece(text.substr(at, end - at));
    std::size_t whole = end;
    while (whole < text.size() && (is_spelling(text, whole) || text[whole] == '-')) whole += size_at(text, whole);
    if (text[end] == '-' && whole > end + 1 && joins_words(text.substr(at, whole - at)))
      return word_piece(text.substr(at, end - at));
    static constexpr std::string_view kMarks = ",;:?!.()\"";
    if (kMarks.find(text[end]) != std::string_view::npos && parts(end + 1))
      return word_piece(text.substr(at, end - at));
  }
  if (end == at) ++end;
  const bool mark = std::string_view(",;:?!.()").find(first) != std::string_view::npos;
  if (mark && end == at + 1) return {.text = text.substr(at, 1)};
  while (!parts(end)) ++end;
  while (end > at + 1 && std::string_view(",;:?!.)").find(text[end - 1]) != std::string_view::npos) --end;
  return {.text = text.substr(at, end - at)};
}

}  // namespace

std::vector<Piece> pieces_of(std::string_view sentence) {
  std::vector<Piece> out;
  for (std::size_t at = 0; at < sentence.size();) {
    if (sentence[at] == ' ' || sentence[at] == '\t' || sentence[at] == '\r') {
      ++at;
      continue;
    }
    Piece piece = piece_at(sentence, at);
    at += piece.text.size();
    const bool joins = piece.kind == PieceKind::kOther && (piece.text == "-" || piece.text == "'");
    if (!joins) out.push_back(std::move(piece));
  }
  return out;
}

}  // namespace headroom::compress
