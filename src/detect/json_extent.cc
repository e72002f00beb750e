#include "detect/json_extent.h"

#include <array>
#include <string>
#include <string_view>

#include "base/json_string.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kDeepest = 512;

/// What numbers are made of and what stands between values.
constexpr std::array<bool, 256> make_plain() {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("0123456789-+.eE,: \t\r\n")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kPlain = make_plain();

/// One past the closing quote of the string that opens at `at`; a line break ends no string of JSON.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; (at = base::plain_until(text, at)) < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\n') return kNone;
    if (text[at] == '\\') ++at;
  }
  return kNone;
}

std::size_t literal_end(std::string_view text, std::size_t at) {
  for (std::string_view word : {std::string_view("true"), std::string_view("false"), std::string_view("null")}) {
    if (text.substr(at).starts_with(word)) return at + word.size();
  }
  return kNone;
}

std::size_t extent(std::string_view text, std::size_t at, std::size_t& stopped) {
  std::string open;
  while (at < text.size()) {
    stopped = at;
    const char c = text[at];
    if (c == '"') {
      at = string_end(text, at);
    } else if (c == '{' || c == '[') {
      if (open.size() == kDeepest) return kNone;
      open.push_back(c);
      const std::size_t next = text.find_first_not_of(" \t\r\n", ++at);
      if (c == '{' && (next == kNone || (text[next] != '"' && text[next] != '}'))) return kNone;
    } else if (c == '}' || c == ']') {
      if (open.empty() || open.back() != (c == '}' ? '{' : '[')) return kNone;
      open.pop_back();
      ++at;
      if (open.empty()) return at;
    } else {
      at = kPlain[static_cast<unsigned char>(c)] ? at + 1 : literal_end(text, at);
    }
    if (at == kNone) return kNone;
  }
  return kNone;
}

}  // namespace

std::size_t json_extent(std::string_view text, std::size_t at, std::size_t& looked) {
  if (at >= text.size() || (text[at] != '{' && text[at] != '[')) return kNone;
  std::size_t stopped = at;
  const std::size_t end = extent(text, at, stopped);
  looked += (end == kNone ? stopped : end) - at + 1;
  return end;
}

}  // namespace headroom::detect
