#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/config/config_compressor.h"
#include "compress/focus/repeat_lines.h"
#include "compress/marker.h"

// The first byte says how the rest is used; up to the first '\n' it is the question, then the text.
// Holds for any bytes: no crash; kept lines and gaps tile the text; without an id the exact input comes back.

namespace {

using headroom::base::split_lines;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_lossy(std::string_view in, std::string_view out) {
  const auto source = split_lines(in);
  std::size_t at = 0;
  for (std::string_view line : split_lines(out)) {
    const auto gaps = headroom::compress::find_gaps(line);
    if (gaps.size() == 1 && gaps[0].at == 0 && gaps[0].first == at + 1 && gaps[0].last <= source.size() &&
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
  std::string text(all.substr(end + 1));
  for (int doubled = data[0] & 3; doubled > 0; --doubled) text += text.substr(0, 20000);
  if (headroom::compress::has_marker(text) || headroom::compress::has_gap_line(text)) return 0;
  Input input{
      .text = text, .query = query, .tokenizer = headroom::tokens::o200k_base(), .id = "0123456789abcdef01234567"};
  if ((data[0] & 4) != 0) input.profile = headroom::compress::Profile::kAggressive;
  const headroom::compress::ConfigCompressor compressor;
  if (const auto out = compressor.compress(input)) {
    if (out->lossy) {
      check_lossy(text, std::string_view(out->text).substr(0, out->text.rfind("<<ccr:")));
    } else {
      require(headroom::compress::focus::expand_lines(out->text) == text);
    }
  }
  input.id = {};
  if (const auto out = compressor.compress(input)) require(headroom::compress::focus::expand_lines(out->text) == text);
  return 0;
}
