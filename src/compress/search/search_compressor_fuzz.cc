#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/search/render.h"
#include "compress/search/search_compressor.h"
#include "compress/testing/fuzz.h"

// Holds for any bytes: no crash, without an id the exact input comes back, and with one the lines that stay and the
// gaps tile the input.

namespace {

using headroom::base::split_lines;
using headroom::compress::testing::require;

/// As require_tiles(), with gaps that may stand indented below a folder.
void check_lossy(std::string_view in, std::string_view out) {
  const auto source = split_lines(in);
  const std::string unfolded = headroom::compress::search::expand(headroom::compress::testing::before_handle(out));
  std::size_t at = 0;
  for (std::string_view line : split_lines(unfolded)) {
    if (at < source.size() && source[at] == line) {
      ++at;
      continue;
    }
    const auto gaps = headroom::compress::find_gaps(line);
    require(gaps.size() == 1 && gaps[0].first == at + 1 && gaps[0].last >= gaps[0].first);
    at = gaps[0].last;
  }
  require(at == source.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace testing = headroom::compress::testing;
  if (size < 1) return 0;
  testing::FuzzCase c(data, size);
  if ((c.flags & 1) != 0) c.text += c.text;
  if (testing::holds_markers(c.text)) return 0;
  headroom::compress::Input input = c.input();
  input.type = headroom::detect::ContentType::kSearch;
  input.target_tokens = c.flags >> 4;
  const headroom::compress::SearchCompressor compressor;
  if (const auto out = compressor.compress(input)) {
    if (out->lossy) {
      check_lossy(c.text, out->text);
    } else {
      require(headroom::compress::search::expand(out->text) == c.text);
    }
  }
  input.id = {};
  if (const auto out = compressor.compress(input)) require(headroom::compress::search::expand(out->text) == c.text);
  return 0;
}
