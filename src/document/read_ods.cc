#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "document/number_format.h"
#include "document/workbook.h"
#include "document/zip_archive.h"

namespace headroom::document {
namespace {

constexpr std::uint32_t kMaxRow = 1'048'576, kMaxColumn = 16'384;
constexpr int kMaxDepth = 50;  // of elements in one another

/// The text of a paragraph: words, spans, spaces and breaks that are elements.
void append_text(std::string& out, const pugi::xml_node& node, int depth = 0) {
  if (depth > kMaxDepth) return;
  for (const pugi::xml_node& part : node) {
    const std::string_view name = part.name();
    if (part.type() == pugi::node_pcdata) {
      out += part.value();
    } else if (name == "text:s") {
      out.append(std::min(part.attribute("text:c").as_uint(1), 1000U), ' ');
    } else if (name == "text:tab") {
      out.push_back('\t');
    } else if (name == "text:line-break") {
      out.push_back('\n');
    } else if (name != "office:annotation") {
      append_text(out, part, depth + 1);
    }
  }
}

std::string shown_text(const pugi::xml_node& cell) {
  std::string out;
  for (const pugi::xml_node& paragraph : cell.children("text:p")) {
    if (!out.empty()) out.push_back('\n');
    append_text(out, paragraph);
  }
  return out;
}

std::string cell_text(const pugi::xml_node& cell) {
  const std::string_view type = cell.attribute("office:value-type").value();
  if (type == "date") {
    std::string date = cell.attribute("office:date-value").value();
    if (date.size() > 10 && date[10] == 'T') date[10] = ' ';
    return date;
  }
  if (type == "boolean")
    return std::string_view(cell.attribute("office:boolean-value").value()) == "true" ? "TRUE" : "FALSE";
  if (type == "float" || type == "currency" || type == "percentage") {
    const std::string_view value = cell.attribute("office:value").value();
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc())
      return number_text(number, type == "percentage" ? NumberKind::kPercent : NumberKind::kNumber, false);
  }
  return shown_text(cell);
}

struct SheetReader {
  Sheet& sheet;
  std::size_t& cells;
  std::uint32_t row = 0;

  /// Rows, and groups of them (headers, outlines).
  base::Result<void> read_rows(const pugi::xml_node& parent, int depth = 0) {
    if (depth > kMaxDepth) return base::fail(base::ErrorCode::kTooLarge, "groups of rows are nested too deep");
    for (const pugi::xml_node& node : parent) {
      const std::string_view name = node.name();
      if (name == "table:table-row") {
        if (auto read = read_row(node); !read) return read;
      } else if (name.starts_with("table:table-row") || name == "table:table-header-rows") {
        if (auto read = read_rows(node, depth + 1); !read) return read;
      }
    }
    return {};
  }

  base::Result<void> read_row(const pugi::xml_node& node) {
    const std::uint32_t times = std::clamp(node.attribute("table:number-rows-repeated").as_uint(1), 1U, kMaxRow);
    const std::size_t first = sheet.cells.size();
    std::uint32_t column = 0;
    for (const pugi::xml_node& cell : node) {
      const std::string_view name = cell.name();
      if (name != "table:table-cell" && name != "table:covered-table-cell") continue;
      const std::uint32_t repeated =
          std::clamp(cell.attribute("table:number-columns-repeated").as_uint(1), 1U, kMaxColumn);
      const std::string text = cell_text(cell);
      const std::uint32_t rows = cell.attribute("table:number-rows-spanned").as_uint(1);
      const std::uint32_t columns = cell.attribute("table:number-columns-spanned").as_uint(1);
      if ((rows > 1 || columns > 1) && rows <= kMaxRow && columns <= kMaxColumn)
        sheet.merges.push_back({row, column, row + std::max(rows, 1U) - 1, column + std::max(columns, 1U) - 1});
      for (std::uint32_t i = 0; !text.empty() && i < repeated; ++i) {
        if (++cells > kMaxCells)
          return base::fail(base::ErrorCode::kTooLarge, fmt::format("more than {} cells", kMaxCells));
        sheet.cells.push_back({row, column + i, text});
      }
      column = std::min(column + repeated, kMaxColumn);
    }
    const std::size_t last = sheet.cells.size();
    for (std::uint32_t i = 1; first < last && i < times; ++i) {
      if ((cells += last - first) > kMaxCells)
        return base::fail(base::ErrorCode::kTooLarge, fmt::format("more than {} cells", kMaxCells));
      for (std::size_t at = first; at < last; ++at) {
        Cell copy = sheet.cells[at];
        copy.row += i;
        sheet.cells.push_back(std::move(copy));
      }
    }
    row = std::min(row + times, kMaxRow);
    return {};
  }
};

}  // namespace

base::Result<Workbook> read_ods(std::string_view bytes) {
  auto archive = ZipArchive::open(bytes);
  if (!archive) return std::unexpected(archive.error());
  auto content = archive->read("content.xml");
  if (!content) return std::unexpected(content.error());
  pugi::xml_document xml;
  const pugi::xml_parse_result parsed =
      xml.load_buffer(content->data(), content->size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!parsed)
    return base::fail(base::ErrorCode::kParse, fmt::format("content.xml is no XML: {}", parsed.description()));
  Workbook book;
  std::size_t cells = 0;
  const pugi::xml_node body = xml.child("office:document-content").child("office:body").child("office:spreadsheet");
  for (const pugi::xml_node& table : body.children("table:table")) {
    Sheet& sheet = book.sheets.emplace_back();
    sheet.name = table.attribute("table:name").value();
    SheetReader reader{sheet, cells};
    if (auto read = reader.read_rows(table); !read) return std::unexpected(read.error());
  }
  return book;
}

}  // namespace headroom::document
