#include "compress/log/stanzas.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace headroom::compress::log {
namespace {

constexpr std::size_t kLongestKey = 40;
constexpr std::uint32_t kHeadWithin = 3;  // lines
constexpr std::uint32_t kLeastLines = 3;
constexpr std::size_t kLeastStanzas = 2;

bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/// The key of the first field below the stanza's head.
std::string_view second_key(const Document& document, const Stanza& stanza) {
  for (std::uint32_t i = stanza.first + 1; i <= stanza.last; ++i) {
    if (const std::string_view key = field_key(document.lines[i].text); !key.empty()) return key;
  }
  return {};
}

/// "libssl3:" at the margin, nothing behind.
bool is_name(const Line& line) {
  return line.indent == 0 && line.text.size() > 1 && line.text.ends_with(':') &&
         line.text.find(' ') == std::string_view::npos;
}

/// Records that are each begun by a name; empty when the text is no list of such.
std::vector<Stanza> named_stanzas(const Document& document) {
  std::vector<Stanza> out;
  for (std::uint32_t i = 0; i < document.lines.size(); ++i) {
    const Line& line = document.lines[i];
    if (line.has(kBlank)) continue;
    if (is_name(line)) {
      out.push_back({i, i, true});
    } else if (out.empty() || line.indent == 0) {
      return {};
    }
    out.back().last = i;
  }
  return out;
}

/// Enough of them, and most have the same field first.
bool alike(const Document& document, const std::vector<Stanza>& stanzas) {
  if (stanzas.size() < kLeastStanzas) return false;
  const std::string_view second = second_key(document, stanzas.front());
  const auto like = std::ranges::count_if(stanzas, [&](const Stanza& s) {
    return s.last - s.first + 1 >= kLeastLines && second_key(document, s) == second;
  });
  return !second.empty() && like * 10 >= std::ssize(stanzas) * 7;
}

}  // namespace

std::string_view field_key(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos || !letter(line[begin])) return {};
  int words = 1;
  for (std::size_t at = begin; at < line.size() && at - begin <= kLongestKey; ++at) {
    const char c = line[at];
    if (c == ':') {
      if (at + 1 < line.size() && line[at + 1] != ' ' && line[at + 1] != '\t') return {};
      std::string_view key = line.substr(begin, at - begin);
      while (key.ends_with(' ') || key.ends_with('\t')) key.remove_suffix(1);
      return key;
    }
    if (c == ' ' && at + 1 < line.size() && letter(line[at + 1]) && ++words > 3) return {};
    const bool digit = c >= '0' && c <= '9';
    if (!letter(c) && !digit && std::string_view(" \t-_.").find(c) == std::string_view::npos) return {};
  }
  return {};
}

std::vector<Stanza> find_stanzas(const Document& document) {
  if (document.timed) return {};
  if (std::vector<Stanza> named = named_stanzas(document); alike(document, named)) return named;
  const auto count = static_cast<std::uint32_t>(document.lines.size());
  std::string_view head;
  std::uint32_t from = 0;
  for (; from < std::min(count, kHeadWithin) && head.empty(); ++from) head = field_key(document.lines[from].text);
  if (head.empty()) return {};
  --from;
  const std::uint32_t indent = document.lines[from].indent;
  std::vector<Stanza> out;
  std::uint32_t fields = 0, filled = 0;
  for (std::uint32_t i = from; i < count; ++i) {
    if (document.lines[i].has(kBlank)) continue;
    const std::string_view key = field_key(document.lines[i].text);
    ++filled;
    // What goes on below a field is its value.
    fields += !key.empty() || document.lines[i].indent > 0 || document.lines[i].text == "---";
    if (key == head && document.lines[i].indent == indent) out.push_back({i, i});
    out.back().last = i;
  }
  if (fields * 10 < filled * 8 || !alike(document, out)) return {};
  return out;
}

}  // namespace headroom::compress::log
