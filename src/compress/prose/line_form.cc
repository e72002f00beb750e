#include "compress/prose/line_form.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace headroom::compress::prose {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
bool high(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

std::size_t run_of(std::string_view text, char c) {
  return std::min(text.find_first_not_of(c), text.size());
}

/// "1", "1.2", "1.2.3.", "IV.", "A.1": bytes of a section number with the dot; 0: none.
std::size_t section_number(std::string_view content) {
  std::size_t at = 0;
  while (at < content.size() && (digit(content[at]) || content[at] == '.')) ++at;
  if (at > 0 && digit(content[0]) && at < content.size() && content[at] == ' ' && at <= 12) return at;
  at = upper(content[0]) ? 1 : 0;
  while (at > 0 && at < content.size() && (digit(content[at]) || content[at] == '.')) ++at;
  return at >= 2 && at < content.size() && content[at] == ' ' ? at : 0;
}

}  // namespace

std::uint8_t marked_heading(const Line& line) {
  const std::string_view c = line.content;
  if (c.empty() || line.indent > 3) return 0;
  for (const char mark : {'#', '='}) {
    const std::size_t level = run_of(c, mark);
    if (level > 0 && level <= 6 && level + 1 < c.size() && c[level] == ' ') return static_cast<std::uint8_t>(level);
  }
  // An entry of a package's history: "curl (7.88.1-10) bookworm; urgency=medium".
  if (line.indent == 0 && c.find("; urgency=") != std::string_view::npos) return 1;
  return 0;
}

char rule_char(std::string_view c) {
  if (c.size() < 3) return 0;
  static constexpr std::string_view kRules = "-=~^*+_#\"'`:.";
  const char mark = c.front();
  if (kRules.find(mark) == std::string_view::npos) return 0;
  return c.find_first_not_of(mark) == std::string_view::npos ? mark : '\0';
}

bool opens_fence(std::string_view c) {
  return c.starts_with("```") || c.starts_with("~~~");
}

bool closes_fence(std::string_view c, std::string_view opener) {
  const std::size_t run = run_of(opener, opener.front());
  return run_of(c, opener.front()) >= run && rule_char(c) == opener.front();
}

std::size_t item_marker(std::string_view c) {
  static constexpr std::array<std::string_view, 9> kBullets = {
      "- ", "* ", "+ ", "o ", "\xE2\x80\xA2 ", "\xC2\xB7 ", "\xE2\x80\x93 ", "\xE2\x96\xAA ", "\xE2\x97\xA6 "};
  for (std::string_view bullet : kBullets) {
    if (c.starts_with(bullet)) return std::min(c.find_first_not_of(' ', bullet.size()), c.size());
  }
  std::size_t at = c.starts_with("(") || c.starts_with("[") ? 1 : 0;
  const bool open = at == 1;
  const std::size_t from = at;
  while (at < c.size() && digit(c[at]) && at - from < 4) ++at;
  if (at == from && at < c.size() && letter(c[at])) ++at;
  if (at == from || at + 1 >= c.size()) return 0;
  const bool closed = c[at] == ')' || (open && c[at] == ']') || (!open && c[at] == '.' && digit(c[from]));
  if (!closed || c[at + 1] != ' ') return 0;
  return std::min(c.find_first_not_of(' ', at + 1), c.size());
}

bool is_option(std::string_view c) {
  return c.size() >= 2 && c[0] == '-' && (letter(c[1]) || digit(c[1]) || (c[1] == '-' && c.size() > 2 && letter(c[2])));
}

std::size_t described_at(std::string_view c) {
  constexpr std::size_t kLongestName = 40;
  const std::size_t name = c.find("  ");
  if (name == std::string_view::npos || name > kLongestName || !std::ranges::any_of(c.substr(0, name), letter))
    return 0;
  if (std::ranges::count(c.substr(0, name), ' ') > 2 || c[name - 1] == '.' || c[name - 1] == ':') return 0;
  const std::size_t at = std::min(c.find_first_not_of(' ', name), c.size());
  const std::string_view said = c.substr(at);
  // Words, and no further column.
  const bool words = !said.empty() && (letter(said.front()) || high(said.front())) && said.contains(' ');
  return words && !said.contains("  ") ? at : 0;
}

bool is_table_rule(std::string_view c) {
  if (c.size() < 3 || c.find_first_not_of("|-=+: ") != std::string_view::npos) return false;
  return c.find("--") != std::string_view::npos || c.find("==") != std::string_view::npos;
}

bool is_table_line(std::string_view c) {
  if (c.size() < 3) return false;
  if (c.front() == '|' && c.find('|', 1) != std::string_view::npos) return true;
  if (c.front() == '+' && c.back() == '+' && is_table_rule(c)) return true;
  const bool simple = (c.starts_with("==") || c.starts_with("--")) && is_table_rule(c) && c.find(' ') != c.npos;
  return simple || (c.find(" | ") != std::string_view::npos && c.find(". ") == std::string_view::npos);
}

bool is_title(std::string_view c) {
  if (c.size() < 2 || c.size() > 76 || is_option(c)) return false;
  static constexpr std::string_view kNoEnd = ".,;:!?{}\\=";
  if (kNoEnd.find(c.back()) != std::string_view::npos) return false;
  const std::size_t number = section_number(c);
  const std::string_view rest = base::trim(c.substr(number));
  if (rest.empty() || !(upper(rest.front()) || (number > 0 && (letter(rest.front()) || rest.front() == '`')))) {
    return false;
  }
  std::size_t words = 0;
  std::size_t capital = 0;
  std::size_t capitals = 0;  // words all in capitals
  std::size_t at = 0;
  while (at < rest.size()) {
    const std::size_t end = std::min(rest.find(' ', at), rest.size());
    const std::string_view word = rest.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const bool small = word.size() <= 3 && !upper(word.front());
    words += !small;
    capital += upper(word.front()) || digit(word.front());
    capitals += std::ranges::none_of(word, [](char x) { return x >= 'a' && x <= 'z'; });
  }
  if (words == 0 || words > 12) return false;
  return number > 0 || capitals >= words || capital * 3 >= words * 2;
}

bool is_code_like(std::string_view c) {
  if (c.starts_with("$ ") || c.starts_with(">>> ") || c.starts_with("# ") || c.starts_with("% ") ||
      c.starts_with("... ") || c.starts_with("//") || c.starts_with("<")) {
    return true;
  }
  std::size_t marks = 0;
  std::size_t letters = 0;
  std::size_t spaces = 0;
  for (const char x : c) {
    marks += std::string_view("{}()[]<>=;|&$\\/_*#@+^~").find(x) != std::string_view::npos;
    letters += letter(x) || high(x);
    spaces += x == ' ';
  }
  if (marks * 8 > c.size() || c.ends_with(";") || c.ends_with("{") || c.ends_with("\\")) return true;
  if (letters * 2 < c.size() && !std::ranges::all_of(c, digit)) return true;
  return c.find("   ") != std::string_view::npos && spaces * 3 > c.size();
}

bool is_only_links(std::string_view c) {
  static constexpr std::size_t kMostOther = 12;  // letters and digits outside of links
  c.remove_prefix(item_marker(c));
  std::size_t links = 0, others = 0;
  for (std::size_t at = 0; at < c.size();) {
    if (c[at] == '[') {
      // The text of a link may hold an image in brackets.
      const std::size_t close = c.find("](", at);
      const std::size_t end = close == std::string_view::npos ? close : c.find(')', close);
      if (end != std::string_view::npos) {
        ++links;
        at = end + 1;
        continue;
      }
    }
    const char byte = c[at++];
    const bool word = (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
    if (word && ++others > kMostOther) return false;
  }
  return links > 0;
}

bool is_meta(std::string_view c) {
  if (c.starts_with("[![") || c.starts_with("![") || c.starts_with("<img") || c.starts_with("<!--") ||
      c.starts_with("<a ") || c.starts_with("</") || c.starts_with("<p") || c.starts_with("<div") ||
      c.starts_with("<br") || c.starts_with("<h1") || c.starts_with("<picture") || c.starts_with("<source")) {
    return true;
  }
  if (c.starts_with(".. image::") || c.starts_with(".. |") || c.starts_with(".. _") || c.starts_with(":target:") ||
      c.starts_with(":alt:")) {
    return true;
  }
  if (c.starts_with("[") && c.find("]: ") != std::string_view::npos && c.find("://") != std::string_view::npos) {
    return true;
  }
  return rule_char(c) != 0;
}

}  // namespace headroom::compress::prose
