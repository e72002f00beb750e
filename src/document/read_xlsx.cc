#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "document/number_format.h"
#include "document/workbook.h"
#include "document/zip_archive.h"

namespace headroom::document {
namespace {

constexpr std::uint32_t kMaxRow = 1'048'576, kMaxColumn = 16'384;

/// Names come with and without a prefix ("x:row").
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is(const pugi::xml_node& node, std::string_view name) {
  return local_name(node) == name;
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  return parent.find_child([&](const pugi::xml_node& node) { return is(node, name); });
}

/// "BC12" as column and row from 0; nullopt for anything else.
std::optional<std::pair<std::uint32_t, std::uint32_t>> read_reference(std::string_view text) {
  std::uint32_t column = 0, row = 0;
  std::size_t at = 0;
  for (; at < text.size() && text[at] >= 'A' && text[at] <= 'Z'; ++at) {
    column = column * 26 + static_cast<std::uint32_t>(text[at] - 'A' + 1);
    if (column > kMaxColumn) return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), row);
  if (error != std::errc() || end != text.data() + text.size() || column == 0 || row == 0 || row > kMaxRow)
    return std::nullopt;
  return std::pair(column - 1, row - 1);
}

/// The text of a string item: its own, or that of its runs; how it is pronounced is left out.
std::string item_text(const pugi::xml_node& item) {
  std::string out;
  for (const pugi::xml_node& node : item) {
    if (is(node, "t")) out += node.text().get();
    if (is(node, "r")) out += child(node, "t").text().get();
  }
  return out;
}

class Reader {
 public:
  explicit Reader(ZipArchive archive) : archive_(std::move(archive)) {}

  base::Result<Workbook> run() {
    if (auto read = read_relations(); !read) return std::unexpected(read.error());
    if (auto read = read_strings(); !read) return std::unexpected(read.error());
    if (auto read = read_styles(); !read) return std::unexpected(read.error());
    pugi::xml_document xml;
    if (auto loaded = load(workbook_, xml); !loaded) return std::unexpected(loaded.error());
    const pugi::xml_node workbook = child(xml, "workbook");
    const std::string_view date1904 = child(workbook, "workbookPr").attribute("date1904").value();
    days_1904_ = date1904 == "1" || date1904 == "true";
    Workbook book;
    for (const pugi::xml_node& entry : child(workbook, "sheets")) {
      if (!is(entry, "sheet")) continue;
      Sheet sheet;
      sheet.name = entry.attribute("name").value();
      sheet.hidden = std::string_view(entry.attribute("state").value()).starts_with("hidden") ||
                     std::string_view(entry.attribute("state").value()) == "veryHidden";
      std::string id;
      for (const pugi::xml_attribute& attribute : entry.attributes()) {
        if (std::string_view(attribute.name()).ends_with(":id")) id = attribute.value();
      }
      const auto path = sheets_.find(id);
      // Charts and macros have sheets without cells.
      if (path == sheets_.end() || path->second.find("worksheets/") == std::string::npos) continue;
      if (auto read = read_sheet(path->second, sheet); !read) return std::unexpected(read.error());
      book.sheets.push_back(std::move(sheet));
    }
    return book;
  }

 private:
  base::Result<void> load(const std::string& name, pugi::xml_document& xml) {
    auto text = archive_.read(name);
    if (!text) return std::unexpected(text.error());
    const pugi::xml_parse_result parsed =
        xml.load_buffer(text->data(), text->size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
    if (!parsed) {
      return base::fail(base::ErrorCode::kParse,
                        fmt::format("{} is no XML: {} at byte {}", name, parsed.description(), parsed.offset));
    }
    return {};
  }

  /// Where the workbook and its sheets are.
  base::Result<void> read_relations() {
    pugi::xml_document xml;
    workbook_ = "xl/workbook.xml";
    if (load("_rels/.rels", xml)) {
      for (const pugi::xml_node& relation : child(xml, "Relationships")) {
        std::string_view target = relation.attribute("Target").value();
        if (target.starts_with('/')) target.remove_prefix(1);
        if (std::string_view(relation.attribute("Type").value()).ends_with("/officeDocument")) workbook_ = target;
      }
    }
    if (!archive_.has(workbook_)) return base::fail(base::ErrorCode::kParse, "the archive holds no workbook");
    const std::size_t slash = workbook_.rfind('/');
    folder_ = slash == std::string::npos ? "" : workbook_.substr(0, slash + 1);
    const std::string relations = folder_ + "_rels/" + workbook_.substr(folder_.size()) + ".rels";
    if (auto loaded = load(relations, xml); !loaded) return loaded;
    for (const pugi::xml_node& relation : child(xml, "Relationships")) {
      const std::string_view target = relation.attribute("Target").value();
      sheets_[relation.attribute("Id").value()] =
          target.starts_with('/') ? std::string(target.substr(1)) : folder_ + std::string(target);
    }
    return {};
  }

  base::Result<void> read_strings() {
    const std::string name = folder_ + "sharedStrings.xml";
    if (!archive_.has(name)) return {};  // all strings stand in their cells
    pugi::xml_document xml;
    if (auto loaded = load(name, xml); !loaded) return loaded;
    for (const pugi::xml_node& item : child(xml, "sst")) {
      if (is(item, "si")) strings_.push_back(item_text(item));
    }
    return {};
  }

  base::Result<void> read_styles() {
    const std::string name = folder_ + "styles.xml";
    if (!archive_.has(name)) return {};
    pugi::xml_document xml;
    if (auto loaded = load(name, xml); !loaded) return loaded;
    const pugi::xml_node sheet = child(xml, "styleSheet");
    std::map<int, NumberKind> own;
    for (const pugi::xml_node& format : child(sheet, "numFmts"))
      own[format.attribute("numFmtId").as_int()] = kind_of_format(format.attribute("formatCode").value());
    for (const pugi::xml_node& style : child(sheet, "cellXfs")) {
      const int id = style.attribute("numFmtId").as_int();
      styles_.push_back(own.contains(id) ? own[id] : kind_of_builtin(id));
    }
    return {};
  }

  base::Result<void> read_sheet(const std::string& name, Sheet& sheet) {
    pugi::xml_document xml;
    if (auto loaded = load(name, xml); !loaded) return loaded;
    const pugi::xml_node worksheet = child(xml, "worksheet");
    std::uint32_t row_number = 0;
    for (const pugi::xml_node& row : child(worksheet, "sheetData")) {
      if (!is(row, "row")) continue;
      // Rows and cells without a number follow the one before.
      if (const unsigned given = row.attribute("r").as_uint(); given > 0) row_number = std::min(given, kMaxRow) - 1;
      std::uint32_t column = 0;
      for (const pugi::xml_node& node : row) {
        if (!is(node, "c")) continue;
        if (const auto place = read_reference(node.attribute("r").value())) column = place->first;
        if (std::string text = cell_text(node); !text.empty()) {
          if (++cells_ > kMaxCells)
            return base::fail(base::ErrorCode::kTooLarge, fmt::format("more than {} cells", kMaxCells));
          sheet.cells.push_back({row_number, column, std::move(text)});
        }
        ++column;
      }
      ++row_number;
    }
    for (const pugi::xml_node& merge : child(worksheet, "mergeCells")) {
      const std::string_view range = merge.attribute("ref").value();
      const std::size_t colon = range.find(':');
      const auto first = read_reference(range.substr(0, colon));
      const auto last = colon == std::string_view::npos ? first : read_reference(range.substr(colon + 1));
      if (first && last) sheet.merges.push_back({first->second, first->first, last->second, last->first});
    }
    std::ranges::stable_sort(sheet.cells, [](const Cell& a, const Cell& b) {
      return std::pair(a.row, a.column) < std::pair(b.row, b.column);
    });
    return {};
  }

  std::string cell_text(const pugi::xml_node& cell) const {
    const std::string_view type = cell.attribute("t").value();
    if (type == "inlineStr") return item_text(child(cell, "is"));
    const std::string value = child(cell, "v").text().get();
    if (value.empty()) {
      // A formula that nothing has calculated yet.
      const std::string formula = child(cell, "f").text().get();
      return formula.empty() ? formula : "=" + formula;
    }
    if (type == "s") {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), index);
      return error == std::errc() && index < strings_.size() ? strings_[index] : std::string();
    }
    if (type == "b") return value == "0" ? "FALSE" : "TRUE";
    if (!type.empty() && type != "n") return value;  // results of formulas, errors, ISO dates
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) return value;
    const std::size_t style = cell.attribute("s").as_uint();
    return number_text(number, style < styles_.size() ? styles_[style] : NumberKind::kNumber, days_1904_);
  }

  ZipArchive archive_;
  std::string workbook_, folder_;
  std::map<std::string, std::string> sheets_;  ///< by relation
  std::vector<std::string> strings_;
  std::vector<NumberKind> styles_;
  bool days_1904_ = false;
  std::size_t cells_ = 0;
};

}  // namespace

base::Result<Workbook> read_xlsx(std::string_view bytes) {
  auto archive = ZipArchive::open(bytes);
  if (!archive) return std::unexpected(archive.error());
  return Reader(*std::move(archive)).run();
}

}  // namespace headroom::document
