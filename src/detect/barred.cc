#include "detect/barred.h"

#include <algorithm>

#include "base/text.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kRuleWithin = 60;
constexpr std::string_view kBoxBar = "\xE2\x94\x82";     // │
constexpr std::string_view kBoxThick = "\xE2\x94\x83";   // ┃
constexpr std::string_view kBoxDouble = "\xE2\x95\x91";  // ║

bool is_box_character(std::string_view text) {
  // U+2500 to U+257F
  return text.size() >= 3 && text[0] == '\xE2' && (text[1] == '\x94' || text[1] == '\x95');
}

std::size_t count_bars(std::string_view line, std::string_view bar) {
  std::size_t count = 0;
  for (std::size_t at = line.find(bar); at != std::string_view::npos; at = line.find(bar, at + bar.size())) {
    count += at == 0 || line[at - 1] != '\\';
  }
  return count;
}

bool has_outer_bars(std::string_view line, std::string_view bar) {
  line = base::trim(line);
  return line.size() >= 2 * bar.size() && line.starts_with(bar) && line.ends_with(bar);
}

std::size_t cells_of(std::string_view line, std::string_view bar, bool outer) {
  const std::size_t bars = count_bars(line, bar);
  if (bars == 0 || (outer && !has_outer_bars(line, bar))) return 0;
  return outer ? bars - 1 : bars + 1;
}

}  // namespace

bool is_drawn_rule(std::string_view line) {
  line = base::trim(line);
  std::size_t marks = 0, joints = 0;
  for (std::size_t at = 0; at < line.size();) {
    const char c = line[at];
    if (c == '-' || c == '=') {
      ++marks;
    } else if (c == '+' || c == '|') {
      ++joints;
    } else if (is_box_character(line.substr(at))) {
      ++marks;
      // Joints are everything but the plain lines.
      const std::string_view drawn = line.substr(at, 3);
      joints += drawn != "\xE2\x94\x80" && drawn != "\xE2\x94\x81" && drawn != "\xE2\x95\x90";
      marks -= drawn == kBoxBar || drawn == kBoxThick || drawn == kBoxDouble;
      at += 2;
    } else if (c != ':' && c != ' ') {
      return false;
    }
    ++at;
  }
  return marks >= 2 && joints >= 1;
}

std::optional<BarredTable> find_barred(std::span<const std::string_view> lines) {
  for (std::size_t at = 0; at < std::min(lines.size(), kRuleWithin); ++at) {
    if (!is_drawn_rule(lines[at])) continue;
    // Titles stand above a rule, or between the first two.
    const bool top =
        at + 2 < lines.size() && (at == 0 || count_bars(lines[at - 1], "|") + count_bars(lines[at - 1], kBoxBar) == 0);
    const std::size_t header = top ? at + 1 : at - 1;
    if (!top && at == 0) continue;
    BarredTable table{.header = header};
    for (std::string_view bar : {std::string_view("|"), kBoxBar, kBoxThick, kBoxDouble}) {
      table.outer = has_outer_bars(lines[header], bar);
      if (const std::size_t cells = cells_of(lines[header], bar, table.outer); cells >= 2) {
        table.columns = cells;
        table.bar = bar;
        break;
      }
    }
    if (table.columns < 2) continue;
    // rich draws its head with thick bars and its rows with thin ones.
    if (table.bar == kBoxThick && header + 2 < lines.size() &&
        cells_of(lines[header + 2], kBoxBar, true) == table.columns)
      table.bar = kBoxBar;
    table.markdown =
        !top && lines[at].find('|') != std::string_view::npos && lines[at].find('+') == std::string_view::npos;
    table.end = top ? header + 1 : at + 1;
    for (; table.end < lines.size(); ++table.end) {
      const std::string_view line = lines[table.end];
      if (is_drawn_rule(line)) continue;
      const std::size_t cells = cells_of(line, table.bar, table.outer);
      if (cells == 0) break;
      table.rows += cells == table.columns;
    }
    if (table.rows >= 2) return table;
  }
  return std::nullopt;
}

bool split_barred(const BarredTable& table, std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  std::string_view rest = base::trim(line);
  if (table.outer) {
    if (!has_outer_bars(rest, table.bar)) return false;
    rest = rest.substr(table.bar.size(), rest.size() - 2 * table.bar.size());
  }
  for (std::size_t at = 0;;) {
    std::size_t bar = rest.find(table.bar, at);
    while (bar != std::string_view::npos && bar > 0 && rest[bar - 1] == '\\') bar = rest.find(table.bar, bar + 1);
    cells.push_back(base::trim(rest.substr(at, bar == std::string_view::npos ? bar : bar - at)));
    if (bar == std::string_view::npos) break;
    at = bar + table.bar.size();
  }
  return cells.size() == table.columns;
}

}  // namespace headroom::detect
