#include "compress/foreign_spelling.h"

#include <algorithm>
#include <array>

namespace headroom::compress {
namespace {

unsigned char byte(char c) {
  return static_cast<unsigned char>(c);
}

bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

}  // namespace

std::size_t size_at(std::string_view text, std::size_t at) {
  const unsigned char c = byte(text[at]);
  const std::size_t size = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  return std::min(size, text.size() - at);
}

bool is_sign(std::string_view text, std::size_t at) {
  return byte(text[at]) >= 0xE3 && byte(text[at]) <= 0xE9 && !text.substr(at).starts_with("\xE3\x80");
}

bool is_spelling(std::string_view text, std::size_t at) {
  return is_letter(text[at]) || ((byte(text[at]) == 0xC3 || byte(text[at]) == 0xC5) && at + 1 < text.size());
}

bool has_accent(std::string_view word) {
  return std::ranges::any_of(word, [](char c) { return byte(c) == 0xC3; });
}

std::string plain(std::string_view word) {
  // From U+00C0 on; "_" for what is no letter
  static constexpr std::string_view kLetters = "aaaaaaaceeeeiiiidnooooo_ouuuuyts";
  std::string out;
  for (std::size_t at = 0; at < word.size();) {
    if (byte(word[at]) == 0xC3 && at + 1 < word.size()) {
      const std::size_t code = byte(word[at + 1]) & 0x1F;
      out += kLetters[code];
      if (code == 0x1F && byte(word[at + 1]) == 0x9F) out += 's';  // a sharp s
      at += 2;
    } else if (byte(word[at]) == 0xC5 && at + 1 < word.size()) {
      out += "oe";
      at += 2;
    } else {
      out += word[at] >= 'A' && word[at] <= 'Z' ? static_cast<char>(word[at] | 0x20) : word[at];
      ++at;
    }
  }
  return out;
}

std::string sound(std::string_view word) {
  std::string out;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const char next = at + 1 < word.size() ? word[at + 1] : ' ';
    char c = word[at];
    if (c == 'h') continue;
    // "hoechstens"; not "que"
    if (c == 'e' && at > 0 && std::string_view("aou").find(word[at - 1]) != std::string_view::npos &&
        (at < 2 || word[at - 2] != 'q'))
      continue;
    if (c == 'v') c = 'b';
    if (c == 'z' || (c == 'c' && (next == 'e' || next == 'i'))) c = 's';
    if (c == 'm' && (next == 'b' || next == 'p')) c = 'n';
    if (c == 'y') c = 'i';
    if (out.empty() || out.back() != c) out += c;
  }
  static constexpr std::array<std::string_view, 12> kEndings = {"en", "er", "em", "es", "as", "os",
                                                                "an", "e",  "a",  "o",  "s",  "n"};
  for (const std::string_view ending : kEndings) {
    if (out.size() < ending.size() + 4 || !out.ends_with(ending)) continue;
    out.resize(out.size() - ending.size());
    break;
  }
  return out;
}

}  // namespace headroom::compress
