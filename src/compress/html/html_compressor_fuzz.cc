#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "compress/html/html_compressor.h"
#include "compress/html/testing/words.h"
#include "compress/marker.h"

// Up to the first '\n' it is the question, then the page. Holds for any bytes: no crash, one handle, no word that the
// page does not have at that place, and nothing at all without an id.

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using headroom::compress::Input;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(all.find('\n'), size);
  headroom::compress::Query query;
  query.user = std::string(all.substr(0, end));
  const std::string page(all.substr(std::min(end + 1, size)));
  Input input{.text = page,
              .type = headroom::detect::ContentType::kHtml,
              .query = query,
              .tokenizer = headroom::tokens::o200k_base(),
              .id = "0123456789abcdef01234567"};
  const headroom::compress::HtmlCompressor compressor;
  if (const auto out = compressor.compress(input)) {
    require(out->text.size() < page.size());
    const std::size_t handle = out->text.rfind("<<ccr:0123456789abcdef01234567 ");
    require(handle != std::string::npos);
    if (!headroom::compress::has_marker(page)) {
      require(headroom::compress::html::testing::first_foreign_word(page, out->text).empty());
    }
  }
  input.id = {};
  require(!compressor.compress(input).has_value());
  return 0;
}
