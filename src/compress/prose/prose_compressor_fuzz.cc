#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/marker.h"
#include "compress/prose/prose_compressor.h"

// The first byte says how the rest is used; up to the first '\n' it is the question, then the text.
// Holds for any bytes: no crash, and the lines and gaps of the output are the lines of the input, in order, each once.

namespace {

using headroom::base::split_lines;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_tiles(std::string_view in, std::string_view out) {
  const std::size_t handle = out.rfind("<<ccr:");
  require(handle != std::string_view::npos);
  const auto source = split_lines(in);
  std::size_t at = 0;
  for (std::string_view line : split_lines(out.substr(0, handle))) {
    const auto gaps = headroom::compress::find_gaps(line);
    if (gaps.size() == 1 && gaps[0].first == at + 1 && gaps[0].last >= gaps[0].first && gaps[0].last <= source.size() &&
        (at >= source.size() || line != source[at])) {
      at = gaps[0].last;
      continue;
    }
    require(at < source.size() && line == source[at]);
    ++at;
  }
  require(at == source.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using headroom::compress::Input;
  if (size < 1) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(all.find('\n'), size - 1);
  headroom::compress::Query query;
  query.user = std::string(all.substr(1, end == 0 ? 0 : end - 1));
  std::string text;
  for (int times = 0; times < 1 + (data[0] & 3) && text.size() < 20000; ++times) text += all.substr(end + 1);
  if (headroom::compress::has_gap_line(text) || headroom::compress::has_marker(text)) return 0;
  Input input{
      .text = text, .query = query, .tokenizer = headroom::tokens::o200k_base(), .id = "0123456789abcdef01234567"};
  input.target_tokens = data[0] >> 4;
  if ((data[0] & 8) != 0) input.profile = headroom::compress::Profile::kAggressive;
  const headroom::compress::ProseCompressor compressor;
  if (const auto out = compressor.compress(input)) check_tiles(text, out->text);
  input.id = {};
  require(!compressor.compress(input));
  return 0;
}
