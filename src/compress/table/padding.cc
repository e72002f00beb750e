#include "compress/table/padding.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::compress::table {
namespace {

constexpr std::string_view kOpening = "[padding left out; ";
constexpr std::string_view kColumns = "columns at";
constexpr std::string_view kWidths = "widths";
constexpr std::string_view kBars = " between ";
constexpr std::string_view kBoth = " in ";
constexpr std::string_view kTotal = " to ";
constexpr std::string_view kApart = ", two spaces apart";
constexpr std::string_view kTight = ", no spaces beside it";
/// About so many tokens does the opening cost, and each of its columns.
constexpr std::size_t kOpeningTokens = 12, kColumnTokens = 3;

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

struct Column {
  std::size_t place = 0;  ///< characters: begin or end of the cells, or their width between bars
  bool right = false;
};

struct Layout {
  std::vector<Column> columns;
  std::string bar;         ///< empty: parted by spaces alone
  bool outer = false;      ///< bars at both ends
  std::size_t total = 0;   ///< width that every line is filled up to; 0: none
  std::size_t spaces = 1;  ///< between cells without padding
  bool tight = false;      ///< bars stand between cells only, without spaces

  std::string separator() const {
    if (bar.empty()) return std::string(spaces, ' ');
    return tight ? bar : " " + bar + " ";
  }
  /// Bars at both ends of a squeezed line.
  bool framed() const { return outer && !tight; }
};

void fill(std::string& out, std::size_t& width, std::size_t to) {
  if (width >= to) return;
  out.append(to - width, ' ');
  width = to;
}

std::string aligned(const Layout& layout, std::span<const std::string_view> cells) {
  std::string out;
  std::size_t width = 0;
  for (std::size_t at = 0; at < cells.size(); ++at) {
    const std::size_t cell = width_of(cells[at]);
    const std::size_t place = layout.columns[at].place;
    if (at > 0) fill(out, width, width + 1);
    fill(out, width, layout.columns[at].right ? place - std::min(place, cell) : place);
    out += cells[at];
    width += cell;
  }
  fill(out, width, layout.total);
  return out;
}

std::string barred(const Layout& layout, std::span<const std::string_view> cells) {
  std::string out = layout.outer ? layout.bar : "";
  for (std::size_t at = 0; at < cells.size(); ++at) {
    const Column& column = layout.columns[at];
    const std::size_t cell = width_of(cells[at]);
    const std::size_t blank = column.place - std::min(column.place, cell);
    const bool last = at + 1 == cells.size();
    out.push_back(' ');
    if (column.right) out.append(blank, ' ');
    out += cells[at];
    if (!column.right && (!last || layout.outer || layout.total > 0)) out.append(blank, ' ');
    if (!last || layout.outer) out += " " + layout.bar;
    if (last && !layout.outer && layout.total > 0) out.push_back(' ');
  }
  return out;
}

std::string padded(const Layout& layout, std::span<const std::string_view> cells) {
  return layout.bar.empty() ? aligned(layout, cells) : barred(layout, cells);
}

std::string squeezed(const Layout& layout, std::span<const std::string_view> cells) {
  std::string out = layout.framed() ? layout.bar + " " : "";
  const std::string separator = layout.separator();
  for (std::size_t at = 0; at < cells.size(); ++at) {
    if (at > 0) out += separator;
    out += cells[at];
  }
  if (layout.framed()) out += " " + layout.bar;
  return out;
}

/// The cells of a squeezed line; false when it has not as many as there are columns.
bool read_squeezed(const Layout& layout, std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  if (layout.framed()) {
    const std::string left = layout.bar + " ", right = " " + layout.bar;
    if (line.size() < left.size() + right.size() || !line.starts_with(left) || !line.ends_with(right)) return false;
    line = line.substr(left.size(), line.size() - left.size() - right.size());
  }
  const std::string separator = layout.separator();
  while (cells.size() + 1 < layout.columns.size()) {
    const std::size_t end = line.find(separator);
    if (end == std::string_view::npos) return false;
    cells.push_back(line.substr(0, end));
    line.remove_prefix(end + separator.size());
  }
  cells.push_back(line);
  return true;
}

std::string opening_of(const Layout& layout) {
  std::string out = fmt::format("{}{}", kOpening, layout.bar.empty() ? kColumns : kWidths);
  for (const Column& column : layout.columns) {
    const std::size_t place = column.place + (layout.bar.empty() && !column.right ? 1 : 0);
    out += fmt::format(" {}{}", column.right ? "-" : "", place);
  }
  if (!layout.bar.empty()) out += fmt::format("{}{}", layout.outer ? kBoth : kBars, layout.bar);
  if (layout.total > 0) out += fmt::format("{}{}", kTotal, layout.total);
  if (layout.spaces == 2) out += kApart;
  if (layout.tight) out += kTight;
  return out + "]";
}

bool eat(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

bool eat_number(std::string_view& text, std::size_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number > 100'000) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

std::optional<Layout> read_opening(std::string_view line) {
  Layout layout;
  if (!eat(line, kOpening)) return std::nullopt;
  const bool bars = eat(line, kWidths);
  if (!bars && !eat(line, kColumns)) return std::nullopt;
  while (line.size() > 1 && line[0] == ' ' && (line[1] == '-' || (line[1] >= '0' && line[1] <= '9'))) {
    line.remove_prefix(1);
    Column& column = layout.columns.emplace_back();
    column.right = eat(line, "-");
    if (!eat_number(line, column.place)) return std::nullopt;
    if (!bars && !column.right) {
      if (column.place == 0) return std::nullopt;
      --column.place;
    }
  }
  if (layout.columns.empty()) return std::nullopt;
  if (bars) {
    layout.outer = eat(line, kBoth);
    if (!layout.outer && !eat(line, kBars)) return std::nullopt;
    layout.bar = line.substr(0, std::min(line.find_first_of(" ],"), line.size()));
    line.remove_prefix(layout.bar.size());
    if (layout.bar.empty()) return std::nullopt;
  }
  if (eat(line, kTotal) && !eat_number(line, layout.total)) return std::nullopt;
  if (eat(line, kApart)) layout.spaces = 2;
  layout.tight = eat(line, kTight);
  return line == "]" ? std::optional(layout) : std::nullopt;
}

/// What occurs most often.
std::size_t mode(const std::map<std::size_t, std::size_t>& counts, std::size_t& times) {
  std::size_t best = 0;
  times = 0;
  for (const auto& [value, count] : counts) {
    if (count > times) {
      best = value;
      times = count;
    }
  }
  return best;
}

/// Characters of the line before a view into it.
std::size_t place_of(std::string_view line, std::string_view cell) {
  return width_of(line.substr(0, static_cast<std::size_t>(cell.data() - line.data())));
}

bool is_inside(std::string_view line, std::string_view cell) {
  return !cell.empty() && cell.data() >= line.data() && cell.data() + cell.size() <= line.data() + line.size();
}

std::span<const std::string_view> cells_of(const Grid& grid, std::size_t row) {
  return std::span(grid.cells).subspan(row * grid.columns(), grid.columns());
}

Layout layout_of(const Grid& grid) {
  Layout layout;
  layout.columns.resize(grid.columns());
  layout.bar = grid.bar;
  std::vector<std::map<std::size_t, std::size_t>> begins(grid.columns()), ends(grid.columns());
  std::map<std::size_t, std::size_t> totals;
  std::size_t outer = 0;
  bool spaced = false;
  const std::size_t step = grid.rows.size() / 1000 + 1;
  std::size_t looked = 0;
  for (std::size_t row = 0; row < grid.rows.size(); row += step) {
    const std::string_view line = grid.lines[grid.rows[row].first_line];
    ++looked;
    const auto cells = cells_of(grid, row);
    if (line.ends_with(' ') && !cells.back().empty()) ++totals[width_of(line)];
    outer += !grid.bar.empty() && line.starts_with(grid.bar);
    for (std::size_t at = 0; at < cells.size(); ++at) {
      if (!is_inside(line, cells[at])) continue;
      const std::size_t begin = place_of(line, cells[at]);
      ++begins[at][begin];
      ++ends[at][begin + width_of(cells[at])];
      spaced = spaced || (at + 1 < cells.size() && cells[at].find(' ') != std::string_view::npos);
    }
  }
  layout.outer = outer * 2 > looked;
  std::size_t times = 0;
  const std::size_t total = mode(totals, times);
  if (times * 2 > looked) layout.total = total;
  if (layout.bar.empty() && spaced) layout.spaces = 2;
  for (std::size_t at = 0; at < layout.columns.size(); ++at) {
    std::size_t at_begin = 0, at_end = 0;
    const std::size_t begin = mode(begins[at], at_begin), end = mode(ends[at], at_end);
    Column& column = layout.columns[at];
    column.right = at_end > at_begin;
    column.place = column.right ? end : begin;
  }
  if (layout.bar.empty()) return layout;
  // Between bars the width counts: from one bar to the next, without the space at either side.
  std::vector<std::size_t> widths(grid.columns(), 0);
  for (std::size_t row = 0; row < grid.rows.size(); row += step) {
    std::string_view line = grid.lines[grid.rows[row].first_line];
    if (layout.outer) line.remove_prefix(std::min(line.size(), layout.bar.size()));
    for (std::size_t at = 0; at < widths.size(); ++at) {
      const std::size_t end = std::min(line.find(layout.bar), line.size());
      const std::size_t width = width_of(line.substr(0, end));
      if (width > 2) widths[at] = std::max(widths[at], width - 2);
      line.remove_prefix(std::min(line.size(), end + layout.bar.size()));
    }
    if (row > 200 * step) break;
  }
  for (std::size_t at = 0; at < widths.size(); ++at) layout.columns[at].place = widths[at];
  return layout;
}

/// Runs of several spaces are what costs.
std::size_t runs_of(std::string_view line) {
  std::size_t runs = 0;
  for (std::size_t at = line.find("  "); at != std::string_view::npos; at = line.find("  ", at)) {
    ++runs;
    at = std::min(line.find_first_not_of(' ', at), line.size());
  }
  return runs;
}

}  // namespace

std::optional<std::string> leave_padding_out(const Grid& grid, bool ends_with_newline, bool tight) {
  if (grid.form == Grid::Form::kDelimited) return std::nullopt;
  Layout layout = layout_of(grid);
  layout.tight = tight && !layout.bar.empty();
  std::string out = opening_of(layout);
  if (!read_opening(out)) return std::nullopt;
  std::size_t gain = 0, cost = kOpeningTokens + kColumnTokens * layout.columns.size();
  std::size_t row = 0;
  std::vector<std::string_view> cells, header(grid.names.begin(), grid.names.end());
  for (std::uint32_t at = 0; at < grid.lines.size(); ++at) {
    const std::string_view line = grid.lines[at];
    while (row < grid.rows.size() && grid.rows[row].last_line < at) ++row;
    std::span<const std::string_view> own;
    if (at == grid.header_line) own = header;
    if (row < grid.rows.size() && grid.rows[row].first_line == at && grid.rows[row].last_line == at)
      own = cells_of(grid, row);
    out.push_back('\n');
    if (!own.empty()) {
      const std::string short_line = squeezed(layout, own);
      if (!short_line.starts_with('~') && read_squeezed(layout, short_line, cells) && padded(layout, cells) == line) {
        out += short_line;
        gain += runs_of(line) - std::min(runs_of(line), runs_of(short_line)) + (layout.tight ? own.size() : 0);
        continue;
      }
    }
    ++cost;
    out.push_back('~');
    out += line;
  }
  if (ends_with_newline) out.push_back('\n');
  return gain > cost ? std::optional(std::move(out)) : std::nullopt;
}

base::Result<std::string> put_padding_back(std::string_view text) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  const std::optional<Layout> layout = lines.empty() ? std::nullopt : read_opening(lines.front());
  if (!layout) return base::fail(base::ErrorCode::kParse, "no table without padding");
  std::string out;
  std::vector<std::string_view> cells;
  for (std::size_t at = 1; at < lines.size(); ++at) {
    if (at > 1) out.push_back('\n');
    if (lines[at].starts_with('~')) {
      out += lines[at].substr(1);
    } else if (read_squeezed(*layout, lines[at], cells)) {
      out += padded(*layout, cells);
    } else {
      return base::fail(base::ErrorCode::kParse, fmt::format("line {} has not the table's columns", at + 1));
    }
  }
  if (text.ends_with('\n')) out.push_back('\n');
  return out;
}

}  // namespace headroom::compress::table
