#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/marker.h"
#include "compress/text/clean.h"
#include "compress/text/text_compressor.h"

// Any bytes: cleaning keeps the number of lines, what is lossless goes back, lines and gaps tile the input.

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headroom;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto cleaned = compress::text::clean(text);
  if (cleaned.changed()) require(base::split_lines(cleaned.text).size() == base::split_lines(text).size());
  if (compress::has_gap_line(text) || compress::has_marker(text)) return 0;
  const compress::Query query;
  compress::Input input{.text = text, .query = query, .tokenizer = tokens::o200k_base(), .id = ""};
  if (const auto out = compress::TextCompressor().compress(input)) require(compress::text::expand(out->text) == text);
  input.id = "0123456789abcdef01234567";
  const auto out = compress::TextCompressor().compress(input);
  if (!out) return 0;
  if (!out->lossy) {
    require(compress::text::expand(out->text) == text);
    return 0;
  }
  const auto source = base::split_lines(text);
  std::size_t at = 0;
  for (std::string_view line : base::split_lines(std::string_view(out->text).substr(0, out->text.rfind("<<ccr:")))) {
    const auto gaps = compress::find_gaps(line);
    if (gaps.size() == 1 && gaps[0].at == 0 && gaps[0].first == at + 1) {
      at = gaps[0].last;
    } else {
      require(at < source.size() && source[at++] == line);
    }
  }
  require(at == source.size());
  return 0;
}
