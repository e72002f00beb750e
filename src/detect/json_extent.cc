#include "detect/json_extent.h"

#include <array>
#include <string>
#include <string_view>

#include "base/sixteen_bytes.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kDeepest = 512;

enum class Class : unsigned char { kPlain, kQuote, kOpen, kClose, kOther };

/// Plain is what numbers are made of and what stands between values.
constexpr std::array<Class, 256> make_classes() {
  std::array<Class, 256> table{};
  table.fill(Class::kOther);
  for (const char c : std::string_view("0123456789-+.eE,: \t\r\n"))
    table[static_cast<unsigned char>(c)] = Class::kPlain;
  table['"'] = Class::kQuote;
  table['{'] = table['['] = Class::kOpen;
  table['}'] = table[']'] = Class::kClose;
  return table;
}
constexpr std::array<Class, 256> kClasses = make_classes();

/// Where the first quote, backslash or line break is at or after `at`; the text's size without one.
std::size_t string_stop(std::string_view text, std::size_t at) {
  at = base::skip_sixteens(text, at,
                           [](base::SixteenBytes bytes) { return (bytes == '"') | (bytes == '\\') | (bytes == '\n'); });
  while (at < text.size() && text[at] != '"' && text[at] != '\\' && text[at] != '\n') ++at;
  return at;
}

/// One past the closing quote of the string that opens at `at`; a line break ends no string of JSON.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; (at = string_stop(text, at)) < text.size(); at += 2) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\n') return kNone;
  }
  return kNone;
}

std::size_t literal_end(std::string_view text, std::size_t at) {
  for (std::string_view word : {std::string_view("true"), std::string_view("false"), std::string_view("null")}) {
    if (text.substr(at).starts_with(word)) return at + word.size();
  }
  return kNone;
}

/// An object begins with a key, or is empty.
bool opens_object(std::string_view text, std::size_t inside) {
  const std::size_t next = text.find_first_not_of(" \t\r\n", inside);
  return next != kNone && (text[next] == '"' || text[next] == '}');
}

std::size_t extent(std::string_view text, std::size_t at, std::size_t& stopped) {
  std::string open;
  std::size_t next = at;
  for (; next < text.size(); at = next) {
    at = next;
    const char c = text[at];
    next = at + 1;
    switch (kClasses[static_cast<unsigned char>(c)]) {
      case Class::kPlain:
        while (next < text.size() && kClasses[static_cast<unsigned char>(text[next])] == Class::kPlain) ++next;
        break;
      case Class::kQuote:
        next = string_end(text, at);
        break;
      case Class::kOpen:
        if (open.size() == kDeepest || (c == '{' && !opens_object(text, next))) next = kNone;
        open.push_back(c);
        break;
      case Class::kClose:
        if (open.back() != (c == '}' ? '{' : '[')) {
          next = kNone;
          break;
        }
        open.pop_back();
        if (open.empty()) return next;
        break;
      case Class::kOther:
        next = literal_end(text, at);
    }
    if (next == kNone) break;
  }
  stopped = at;
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
