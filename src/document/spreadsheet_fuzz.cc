#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "document/spreadsheet.h"

// Any bytes: no crash, and a text or an error that says what is wrong.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)headroom::document::is_spreadsheet(bytes);
  const auto text = headroom::document::spreadsheet_text(bytes);
  if (!text && text.error().message.empty()) std::abort();
  return 0;
}
