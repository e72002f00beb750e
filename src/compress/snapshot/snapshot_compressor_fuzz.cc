#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/marker.h"
#include "compress/snapshot/snapshot_compressor.h"

// A page. Holds for any bytes: no crash, lines and gaps tile the input.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headroom;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (compress::has_gap_line(text)) return 0;
  const compress::Query query{.user = "Make the second one an admin"};
  const compress::Input input{
      .text = text, .query = query, .tokenizer = tokens::o200k_base(), .id = "0123456789abcdef01234567"};
  const auto out = compress::SnapshotCompressor().compress(input);
  if (!out) return 0;
  const auto source = base::split_lines(text);
  std::size_t at = 0;
  for (std::string_view line : base::split_lines(std::string_view(out->text).substr(0, out->text.rfind("<<ccr:")))) {
    const auto gaps = compress::find_gaps(line);
    if (gaps.size() == 1 && gaps[0].at == 0 && gaps[0].first == at + 1) {
      at = gaps[0].last;
    } else if (at >= source.size() || source[at++] != line) {
      std::abort();
    }
  }
  if (at != source.size()) std::abort();
  return 0;
}
