#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/log/log_compressor.h"
#include "compress/marker.h"
#include "compress/repeat_fold.h"

// The first byte says how the rest is used; up to the first '\n' it is the question, then the log.
// Holds for any bytes: no crash, every line that is no marker is the next input line that is still to come, and without
// an id the exact input comes back.

namespace {

using headroom::base::split_lines;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_lossy(std::string_view in, std::string_view out) {
  const auto source = split_lines(in);
  std::size_t at = 0;
  for (std::string_view line : split_lines(out)) {
    std::size_t found = at;
    while (found < source.size() && source[found] != line) ++found;
    if (found < source.size()) {
      at = found + 1;
    } else {
      require(line.starts_with("<<") && line.ends_with(">>"));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using headroom::compress::Input;
  if (size < 1) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(all.find('\n'), size - 1);
  headroom::compress::Query query;
  query.user = std::string(all.substr(1, end == 0 ? 0 : end - 1));
  const std::string text = (data[0] & 1) != 0 ? std::string(all.substr(end + 1))
                                              : std::string(all.substr(end + 1)) + std::string(all.substr(end + 1));
  Input input{
      .text = text, .query = query, .tokenizer = headroom::tokens::o200k_base(), .id = "0123456789abcdef01234567"};
  input.target_tokens = data[0] >> 4;
  const headroom::compress::LogCompressor compressor;
  // Lines that look like markers of ours never get here: the pipeline leaves such texts alone, and so could no reader
  // tell them from ours.
  const bool ambiguous = headroom::compress::has_marker(text) || headroom::compress::has_gap_line(text);
  if (const auto out = compressor.compress(input); out && !ambiguous) check_lossy(text, out->text);
  input.id = {};
  if (const auto out = compressor.compress(input)) require(headroom::compress::expand_repeats(out->text) == text);
  return 0;
}
