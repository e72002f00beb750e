#include <string>

#include <fmt/format.h>
#include <freexl.h>
#include <sys/mman.h>
#include <unistd.h>

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

}  // namespace

base::Result<Workbook> read_xls(std::string_view bytes) {
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

}  // namespace headroom::document
