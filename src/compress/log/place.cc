#include "compress/log/place.h"

#include <algorithm>

namespace headroom::compress::log {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/// Ends in a short extension: "src/cart.ts".
bool file_name(std::string_view s) {
  const std::size_t dot = s.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || s.size() - dot > 6 || s.size() - dot < 2) return false;
  return letter(s[dot + 1]) && s.find(':') == std::string_view::npos;
}

struct Place {
  std::uint32_t tokens = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

Place find_place(const Document& document, const Line& line) {
  const Token* tokens = document.tokens.data() + line.first_token;
  std::uint32_t at = 0;
  if (at < line.token_count && tokens[at].kind == TokenKind::kMark) ++at;  // "-->"
  if (at >= line.token_count) return {};
  const Token& token = tokens[at];
  const std::string_view text = document.text_of(line, token);
  const std::size_t colon = text.find(':', text.size() > 2 && text[1] == ':' ? 2 : 0);
  if (colon != std::string_view::npos) {
    if (!file_name(text.substr(0, colon)) || colon + 1 >= text.size() || !digit(text[colon + 1])) return {};
    std::size_t end = colon + 1;
    while (end < text.size() && digit(text[end])) ++end;
    return {at + 1, token.begin, token.begin + end};
  }
  if (token.after != '(' || !file_name(text) || at + 1 >= line.token_count) return {};
  const Token& number = tokens[at + 1];
  if (number.kind != TokenKind::kNumber) return {};
  const std::uint32_t column = at + 2 < line.token_count && number.after == ',' ? 1 : 0;
  const Token& last = tokens[at + 1 + column];
  const std::size_t end = last.begin + last.size;
  const bool closed = end < line.text.size() && line.text[end] == ')';
  return {at + 2 + column, token.begin, closed ? end + 1 : end};
}

}  // namespace

std::string_view place_of(const Document& document, const Line& line) {
  const Place place = find_place(document, line);
  return line.text.substr(place.begin, place.end - place.begin);
}

std::uint32_t place_tokens(const Document& document, const Line& line) {
  return find_place(document, line).tokens;
}

}  // namespace headroom::compress::log
