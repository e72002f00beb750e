#include <cstddef>
#include <cstdint>

#include "base/text.h"
#include "compress/testing/fuzz.h"
#include "compress/text/clean.h"
#include "compress/text/text_compressor.h"

// Any bytes: cleaning keeps the number of lines, what is lossless goes back, lines and gaps tile the input.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headroom;
  using compress::testing::require;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto cleaned = compress::text::clean(text);
  if (cleaned.changed()) require(base::count_lines(cleaned.text) == base::count_lines(text));
  if (compress::testing::holds_markers(text)) return 0;
  const compress::Query query;
  compress::Input input{.text = text, .query = query, .tokenizer = tokens::o200k_base(), .id = ""};
  if (const auto out = compress::TextCompressor().compress(input)) require(compress::text::expand(out->text) == text);
  input.id = compress::testing::kFuzzId;
  const auto out = compress::TextCompressor().compress(input);
  if (!out) return 0;
  if (out->lossy) {
    compress::testing::require_tiles(text, compress::testing::before_handle(out->text));
  } else {
    require(compress::text::expand(out->text) == text);
  }
  return 0;
}
