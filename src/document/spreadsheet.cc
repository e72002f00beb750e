#include "document/spreadsheet.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "document/workbook.h"
#include "document/zip_archive.h"

namespace headroom::document {
namespace {

constexpr std::size_t kMaxText = std::size_t{64} << 20;
constexpr std::string_view kZip = "PK\x03\x04";
constexpr std::string_view kOle = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

std::string column_name(std::uint32_t column) {
  std::string out;
  for (std::uint32_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
    out.insert(out.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return out;
}

/// A cell of comma separated values. Line breaks inside stay, blank lines do not: they would part the table.
void append_cell(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos &&
      (text.empty() || (text.front() != ' ' && text.back() != ' '))) {
    out += text;
    return;
  }
  out.push_back('"');
  char last = 0;
  for (const char c : text) {
    if (c == '\r' || (c == '\n' && (last == '\n' || last == 0))) continue;
    if (c == '"') out.push_back('"');
    out.push_back(c);
    last = c;
  }
  out.push_back('"');
}

/// A cell that is merged over rows says the same in each of them.
void fill_merges(Sheet& sheet) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> firsts;
  for (const Merge& merge : sheet.merges) {
    if (merge.last_row > merge.first_row) firsts[{merge.first_row, merge.first_column}] = {};
  }
  if (firsts.empty()) return;
  for (const Cell& cell : sheet.cells) {
    if (const auto found = firsts.find({cell.row, cell.column}); found != firsts.end()) found->second = cell.text;
  }
  std::size_t added = 0;
  const std::uint32_t last_row = sheet.cells.empty() ? 0 : sheet.cells.back().row;
  for (const Merge& merge : sheet.merges) {
    const auto found = firsts.find({merge.first_row, merge.first_column});
    if (found == firsts.end() || found->second.empty()) continue;
    for (std::uint32_t row = merge.first_row + 1; row <= std::min(merge.last_row, last_row) && ++added < kMaxCells;
         ++row)
      sheet.cells.push_back({row, merge.first_column, found->second});
  }
  std::ranges::stable_sort(sheet.cells, [](const Cell& a, const Cell& b) {
    return std::pair(a.row, a.column) < std::pair(b.row, b.column);
  });
}

/// Rows from `first` to before `last` (cells of consecutive rows), all as wide as the widest.
void append_block(std::string& out, const std::vector<Cell>& cells, std::size_t first, std::size_t last) {
  std::uint32_t left = cells[first].column, right = 0;
  for (std::size_t at = first; at < last; ++at) {
    left = std::min(left, cells[at].column);
    right = std::max(right, cells[at].column);
  }
  for (std::size_t at = first; at < last && out.size() <= kMaxText;) {
    const std::uint32_t row = cells[at].row;
    for (std::uint32_t column = left; column <= right; ++column) {
      if (column > left) out.push_back(',');
      if (at >= last || cells[at].row != row || cells[at].column != column) continue;
      append_cell(out, cells[at].text);
      while (at < last && cells[at].row == row && cells[at].column == column) ++at;
    }
    out.push_back('\n');
  }
}

void append_sheet(std::string& out, Sheet& sheet) {
  fill_merges(sheet);
  const std::vector<Cell>& cells = sheet.cells;
  if (!out.empty()) out.push_back('\n');
  out += fmt::format("## Sheet \"{}\"{}", sheet.name, sheet.hidden ? ", hidden" : "");
  if (cells.empty()) {
    out += " (empty)\n";
    return;
  }
  std::uint32_t left = cells.front().column, right = 0;
  for (const Cell& cell : cells) {
    left = std::min(left, cell.column);
    right = std::max(right, cell.column);
  }
  out +=
      fmt::format(" ({}{}:{}{})\n", column_name(left), cells.front().row + 1, column_name(right), cells.back().row + 1);
  for (std::size_t at = 0; at < cells.size() && out.size() <= kMaxText;) {
    std::size_t end = at + 1;
    while (end < cells.size() && cells[end].row <= cells[end - 1].row + 1) ++end;
    if (at > 0) out.push_back('\n');
    append_block(out, cells, at, end);
    at = end;
  }
}

}  // namespace

bool is_spreadsheet(std::string_view bytes) {
  if (bytes.starts_with(kOle)) return true;
  if (!bytes.starts_with(kZip)) return false;
  auto archive = ZipArchive::open(bytes);
  if (!archive) return false;
  if (archive->has("mimetype")) {
    const auto type = archive->read("mimetype");
    return type && type->starts_with("application/vnd.oasis.opendocument.spreadsheet");
  }
  return archive->has("xl/workbook.xml") ||
         (archive->has("[Content_Types].xml") && archive->has("xl/_rels/workbook.xml.rels"));
}

base::Result<std::string> spreadsheet_text(std::string_view bytes) {
  base::Result<Workbook> book =
      base::fail(base::ErrorCode::kInvalidArgument, "no spreadsheet: neither .xlsx nor .ods nor .xls");
  if (bytes.starts_with(kOle)) {
    book = read_xls(bytes);
  } else if (bytes.starts_with(kZip)) {
    auto archive = ZipArchive::open(bytes);
    if (!archive) return std::unexpected(archive.error());
    book = archive->has("content.xml") ? read_ods(bytes) : read_xlsx(bytes);
  }
  if (!book) return std::unexpected(book.error());
  if (book->sheets.empty()) return base::fail(base::ErrorCode::kParse, "the workbook holds no sheet with cells");
  std::string out;
  for (Sheet& sheet : book->sheets) append_sheet(out, sheet);
  if (out.size() > kMaxText)
    return base::fail(base::ErrorCode::kTooLarge, fmt::format("more than {} MiB of text", kMaxText >> 20));
  return out;
}

}  // namespace headroom::document
