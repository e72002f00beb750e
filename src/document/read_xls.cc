#include <string>

#include <fmt/format.h>
#include <freexl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "document/child_process.h"
#include "document/number_format.h"
#include "document/workbook.h"

namespace headroom::document {
namespace {

/// The bytes as a file without a name, because the library only opens files.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(memfd_create("xls", MFD_CLOEXEC)) {
    while (descriptor_ >= 0 && !bytes.empty()) {
      const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
      if (written <= 0) {
        close(descriptor_);
        descriptor_ = -1;
        return;
      }
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  bool ok() const { return descriptor_ >= 0; }
  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

 private:
  int descriptor_;
};

struct Handle {
  const void* book = nullptr;
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (book != nullptr) freexl_close(book);
  }
};

std::string cell_text(const FreeXL_CellValue& cell) {
  switch (cell.type) {
    case FREEXL_CELL_INT:
      return std::to_string(cell.value.int_value);
    case FREEXL_CELL_DOUBLE:
      return number_text(cell.value.double_value, NumberKind::kNumber, false);
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME:
    case FREEXL_CELL_TIME:
      return cell.value.text_value == nullptr ? std::string() : std::string(cell.value.text_value);
    default:
      return {};
  }
}

base::Result<Workbook> read_here(std::string_view bytes) {
  const MemoryFile file(bytes);
  if (!file.ok()) return base::fail(base::ErrorCode::kIo, "no memory for a copy of the file");
  Handle handle;
  if (const int code = freexl_open(file.path().c_str(), &handle.book); code != FREEXL_OK) {
    return base::fail(base::ErrorCode::kParse,
                      fmt::format("no workbook of Excel 97-2003, or a damaged one (code {})", code));
  }
  unsigned int password = 0, sheets = 0;
  if (freexl_get_info(handle.book, FREEXL_BIFF_PASSWORD, &password) == FREEXL_OK && password == FREEXL_BIFF_OBFUSCATED)
    return base::fail(base::ErrorCode::kInvalidArgument, "the file is encrypted");
  freexl_get_info(handle.book, FREEXL_BIFF_SHEET_COUNT, &sheets);
  Workbook book;
  std::size_t cells = 0;
  for (unsigned short index = 0; index < std::min(sheets, 1000U); ++index) {
    const char* name = nullptr;
    if (freexl_get_worksheet_name(handle.book, index, &name) != FREEXL_OK) continue;
    if (freexl_select_active_worksheet(handle.book, index) != FREEXL_OK) continue;
    unsigned int rows = 0;
    unsigned short columns = 0;
    if (freexl_worksheet_dimensions(handle.book, &rows, &columns) != FREEXL_OK) continue;
    if ((cells += static_cast<std::size_t>(rows) * columns) > 4 * kMaxCells)
      return base::fail(base::ErrorCode::kTooLarge, fmt::format("more than {} cells", kMaxCells));
    Sheet& sheet = book.sheets.emplace_back();
    sheet.name = name == nullptr ? "" : name;
    for (unsigned int row = 0; row < rows; ++row) {
      for (unsigned short column = 0; column < columns; ++column) {
        FreeXL_CellValue value{};
        if (freexl_get_cell_value(handle.book, row, column, &value) != FREEXL_OK) continue;
        if (std::string text = cell_text(value); !text.empty()) sheet.cells.push_back({row, column, std::move(text)});
      }
    }
  }
  return book;
}

// What the child hands over: "S" name, "C" row column text, "X" code message; numbers are 4 bytes, texts have their
// length before them.

void put_number(std::string& out, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(number >> shift & 0xFF));
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
}

std::string packed(const base::Result<Workbook>& book) {
  std::string out;
  if (!book) {
    out = "X";
    put_number(out, static_cast<std::uint32_t>(book.error().code));
    put_text(out, book.error().message);
    return out;
  }
  for (const Sheet& sheet : book->sheets) {
    out += 'S';
    put_text(out, sheet.name);
    for (const Cell& cell : sheet.cells) {
      out += 'C';
      put_number(out, cell.row);
      put_number(out, cell.column);
      put_text(out, cell.text);
    }
  }
  return out;
}

/// Takes packed() apart again. The bytes come from our own child, but it may have been damaged.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  base::Result<Workbook> run() {
    Workbook book;
    while (good_ && !bytes_.empty()) {
      const char kind = bytes_.front();
      bytes_.remove_prefix(1);
      if (kind == 'X') {
        const auto code = static_cast<base::ErrorCode>(number());
        return base::fail(code, text());
      }
      if (kind == 'S') {
        book.sheets.emplace_back().name = text();
      } else if (kind == 'C' && !book.sheets.empty()) {
        const std::uint32_t row = number();
        const std::uint32_t column = number();
        book.sheets.back().cells.push_back({row, column, text()});
      } else {
        good_ = false;
      }
    }
    if (!good_) return base::fail(base::ErrorCode::kParse, "the file is damaged: its reader gave no whole answer");
    return book;
  }

 private:
  std::uint32_t number() {
    std::uint32_t value = 0;
    if (bytes_.size() < 4) {
      good_ = false;
      bytes_ = {};
      return 0;
    }
    for (int at = 3; at >= 0; --at)
      value = value << 8 | static_cast<unsigned char>(bytes_[static_cast<std::size_t>(at)]);
    bytes_.remove_prefix(4);
    return value;
  }
  std::string text() {
    const std::uint32_t size = number();
    if (size > bytes_.size()) {
      good_ = false;
      return {};
    }
    std::string out(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return out;
  }

  std::string_view bytes_;
  bool good_ = true;
};

}  // namespace

base::Result<Workbook> read_xls(std::string_view bytes) {
  // libfreexl 1.0.6 frees memory twice for some damaged files, so it never runs in this process.
  static constexpr unsigned kSeconds = 20;
  const auto packed_book = in_child_process([&] { return packed(read_here(bytes)); }, kSeconds);
  if (!packed_book) return std::unexpected(packed_book.error());
  return Unpacker(*packed_book).run();
}

}  // namespace headroom::document
