#include "base/python_string.h"

#include <cctype>
#include <cstdint>

namespace headroom::base {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&](std::uint32_t lead, unsigned shift) {
    out += static_cast<char>(static_cast<unsigned char>(lead | ((code >> shift) & (lead == 0x80 ? 0x3FU : 0x7FU))));
  };
  if (code < 0x80) return byte(0, 0);
  if (code < 0x800) {
    byte(0xC0, 6);
  } else {
    if (code < 0x10000) {
      byte(0xE0, 12);
    } else {
      byte(0xF0, 18);
      byte(0x80, 12);
    }
    byte(0x80, 6);
  }
  byte(0x80, 0);
}

/// The character of so many hexadecimal digits at `at`: of "\x41", "\u00e9".
bool append_character(std::string_view text, std::size_t& at, std::size_t digits, std::string& out) {
  if (at + digits > text.size()) return false;
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = text[at + i];
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return false;
    code = code * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  at += digits;
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  append_utf8(out, code);
  return true;
}

bool append_escape(std::string_view text, std::size_t& at, std::string& out) {
  if (at >= text.size()) return false;
  const char c = text[at++];
  switch (c) {
    case 'n':
      out += '\n';
      return true;
    case 't':
      out += '\t';
      return true;
    case 'r':
      out += '\r';
      return true;
    case '\\':
    case '\'':
    case '"':
      out += c;
      return true;
    case 'x':
      return append_character(text, at, 2, out);
    case 'u':
      return append_character(text, at, 4, out);
    case 'U':
      return append_character(text, at, 8, out);
    default:
      return false;
  }
}

}  // namespace

std::optional<std::string> decode_python_string(std::string_view literal) {
  if (literal.size() < 2 || (literal.front() != '\'' && literal.front() != '"') || literal.back() != literal.front()) {
    return std::nullopt;
  }
  const char quote = literal.front();
  const std::string_view text = literal.substr(1, literal.size() - 2);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c == '\n' || c == quote) return std::nullopt;
    if (c != '\\') {
      out += c;
    } else if (!append_escape(text, at, out)) {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace headroom::base
