#include "base/json_string.h"

#include <array>
#include <cstdint>

#include "base/sixteen_bytes.h"

namespace headroom::base {
namespace {

constexpr std::array<bool, 256> make_needs_escape() {
  std::array<bool, 256> table{};
  for (int c = 0; c < 0x20; ++c) table[static_cast<std::size_t>(c)] = true;
  table['"'] = true;
  table['\\'] = true;
  return table;
}
constexpr std::array<bool, 256> kNeedsEscape = make_needs_escape();

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The code unit of the four hex digits at `at`, or -1.
int code_unit(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  int unit = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out.push_back(static_cast<char>(0xC0 | (code_point >> 6)));
    out.push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  } else if (code_point < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | (code_point >> 12)));
    out.push_back(static_cast<char>(0x80 | ((code_point >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | (code_point >> 18)));
    out.push_back(static_cast<char>(0x80 | ((code_point >> 12) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | ((code_point >> 6) & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
  }
}

/// Decodes the escape whose backslash is at `at`; gives the bytes it takes, 0 for a bad escape, -1 for a lone
/// surrogate.
int decode_escape(std::string_view inside, std::size_t at, std::string& out) {
  if (at + 1 >= inside.size()) return 0;
  switch (inside[at + 1]) {
    case '"':
      out.push_back('"');
      return 2;
    case '\\':
      out.push_back('\\');
      return 2;
    case '/':
      out.push_back('/');
      return 2;
    case 'b':
      out.push_back('\b');
      return 2;
    case 'f':
      out.push_back('\f');
      return 2;
    case 'n':
      out.push_back('\n');
      return 2;
    case 'r':
      out.push_back('\r');
      return 2;
    case 't':
      out.push_back('\t');
      return 2;
    case 'u':
      break;
    default:
      return 0;
  }
  const int unit = code_unit(inside, at + 2);
  if (unit < 0) return 0;
  if (unit < 0xD800 || unit > 0xDFFF) {
    append_utf8(out, static_cast<std::uint32_t>(unit));
    return 6;
  }
  if (unit > 0xDBFF || at + 7 >= inside.size() || inside[at + 6] != '\\' || inside[at + 7] != 'u') return -1;
  const int low = code_unit(inside, at + 8);
  if (low < 0) return 0;
  if (low < 0xDC00 || low > 0xDFFF) return -1;
  append_utf8(out, 0x10000U + ((static_cast<std::uint32_t>(unit) - 0xD800U) << 10) +
                       (static_cast<std::uint32_t>(low) - 0xDC00U));
  return 12;
}

}  // namespace

Result<std::string> decode_json_string(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != '"' || literal.back() != '"') {
    return fail(ErrorCode::kParse, "not a JSON string literal");
  }
  const std::string_view inside = literal.substr(1, literal.size() - 2);
  std::string out;
  out.reserve(inside.size());
  std::size_t at = 0;
  while (at < inside.size()) {
    std::size_t plain = at;
    while (plain < inside.size() && !kNeedsEscape[static_cast<unsigned char>(inside[plain])]) ++plain;
    out.append(inside.substr(at, plain - at));
    if (plain == inside.size()) break;
    if (inside[plain] != '\\') return fail(ErrorCode::kParse, "raw control character or quote in a JSON string");
    const int taken = decode_escape(inside, plain, out);
    if (taken == 0) return fail(ErrorCode::kParse, "bad escape in a JSON string");
    if (taken < 0) return fail(ErrorCode::kParse, "lone surrogate in a JSON string");
    at = plain + static_cast<std::size_t>(taken);
  }
  return out;
}

std::size_t plain_until(std::string_view text, std::size_t at) {
  at = skip_sixteens(text, at, [](SixteenBytes bytes) { return (bytes < 0x20) | (bytes == '"') | (bytes == '\\'); });
  while (at < text.size() && !kNeedsEscape[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  out.reserve(out.size() + text.size() + 2);
  out.push_back('"');
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t plain = plain_until(text, at);
    out.append(text.substr(at, plain - at));
    if (plain == text.size()) break;
    const auto c = static_cast<unsigned char>(text[plain]);
    switch (c) {
      case '"':
        out.append("\\\"");
        break;
      case '\\':
        out.append("\\\\");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      case '\b':
        out.append("\\b");
        break;
      case '\f':
        out.append("\\f");
        break;
      default:
        out.append("\\u00");
        out.push_back(kHex[c >> 4]);
        out.push_back(kHex[c & 15]);
    }
    at = plain + 1;
  }
  out.push_back('"');
}

std::string encode_json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace headroom::base
