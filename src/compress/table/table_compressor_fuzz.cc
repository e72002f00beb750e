#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/marker.h"
#include "compress/table/expand.h"
#include "compress/table/table_compressor.h"

// The first byte says how the rest is used; up to the first '\n' it is the question, then the table.
// Holds for any bytes: no crash; lines and gaps of a lossy output tile the input; without an id the exact input comes
// back.

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_lossy(std::string_view in, std::string_view out) {
  const auto source = headroom::base::split_lines(in);
  std::size_t at = 0;
  for (std::string_view line : headroom::base::split_lines(out.substr(0, out.rfind("<<ccr:")))) {
    if (at < source.size() && source[at] == line) {
      ++at;
      continue;
    }
    const auto gaps = headroom::compress::find_gaps(line);
    require(gaps.size() == 1 && gaps[0].first == at + 1 && gaps[0].last <= source.size());
    at = gaps[0].last;
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
  if ((data[0] & 1) != 0) text += text;
  if (headroom::compress::has_gap_line(text) || headroom::compress::has_marker(text)) return 0;
  Input input{
      .text = text, .query = query, .tokenizer = headroom::tokens::o200k_base(), .id = "0123456789abcdef01234567"};
  input.target_tokens = data[0] >> 4;
  const headroom::compress::TableCompressor compressor;
  const auto lossy = compressor.compress(input);
  // What is no table after all goes to the log compressor, which has a target of its own.
  const auto ours = [](const auto& out) { return out && out->strategy.starts_with("table"); };
  if (ours(lossy) && lossy->lossy) check_lossy(text, lossy->text);
  input.id = {};
  if (const auto out = compressor.compress(input); ours(out)) {
    const auto back = headroom::compress::table::expand(out->text);
    require(back && *back == text);
  }
  (void)headroom::compress::table::expand(text);
  return 0;
}
