#include "cli/table.h"

#include <algorithm>

#include <fmt/format.h>

namespace headroom::cli {
namespace {

/// Columns on a terminal, taking each code point as one.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string shortened(const std::string& cell, std::size_t max_width) {
  if (width_of(cell) <= max_width) return cell;
  std::size_t end = 0;
  for (std::size_t seen = 0; end < cell.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(cell[end]) & 0xC0U) != 0x80U;
    if (starts && seen++ == max_width - 3) break;
  }
  return cell.substr(0, end) + "...";
}

std::string padded(const std::string& cell, std::size_t width, bool right) {
  const std::string blanks(width - std::min(width, width_of(cell)), ' ');
  return right ? blanks + cell : cell + blanks;
}

}  // namespace

std::string Table::text(const Paint& heading) const {
  std::vector<std::vector<std::string>> cells;
  cells.emplace_back();
  for (const Column& column : columns_) cells.front().emplace_back(column.heading);
  for (const auto& row : rows_) {
    auto& line = cells.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) line.push_back(shortened(row[i], columns_[i].max_width));
  }
  std::vector<std::size_t> widths(columns_.size());
  for (const auto& line : cells) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i]));
  }
  std::string out;
  for (std::size_t n = 0; n < cells.size(); ++n) {
    std::string line;
    for (std::size_t i = 0; i < cells[n].size(); ++i) {
      line += "  " + padded(cells[n][i], widths[i], columns_[i].right);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += (n == 0 && heading ? heading(line) : line) + "\n";
  }
  return out;
}

std::string with_commas(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string saved_percent(std::int64_t before, std::int64_t after) {
  if (before <= 0) return "-";
  return fmt::format("{:.1f}%", 100.0 * static_cast<double>(before - after) / static_cast<double>(before));
}

std::string counted(std::int64_t number, std::string_view singular) {
  return fmt::format("{} {}{}", with_commas(number), singular, number == 1 ? "" : "s");
}

}  // namespace headroom::cli
