#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/code/code_compressor.h"
#include "compress/marker.h"

// The first byte says which language; up to the first '\n' it is the question, then the code, which is taken several
// times so that it is long enough to be worth a gap. Holds for any bytes: no crash, and what comes out are lines of the
// input and gaps for exactly the others.

namespace {

using headroom::base::split_lines;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_tiles(std::string_view in, std::string_view out) {
  const auto source = split_lines(in);
  std::size_t at = 0;
  const std::string_view kept = out.substr(0, out.rfind('\n', out.rfind("<<ccr:")) + 1);
  for (std::string_view line : split_lines(kept)) {
    const auto gaps = headroom::compress::find_gaps(line);
    if (gaps.size() == 1 && gaps[0].first == at + 1 && gaps[0].last <= source.size()) {
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
  static constexpr std::array<std::string_view, 16> kPaths = {"a.py",   "a.js", "a.ts", "a.tsx",  "a.go", "a.rs",
                                                              "a.java", "a.c",  "a.cc", "a.cs",   "a.rb", "a.php",
                                                              "a.sh",   "a.pl", "a.kt", "a.swift"};
  if (size < 1 || size > 16384) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(all.find('\n'), size - 1);
  headroom::compress::Query query;
  query.user = std::string(all.substr(1, end == 0 ? 0 : end - 1));
  query.call.path = kPaths[data[0] % kPaths.size()];
  std::string text;
  const std::string_view code = all.substr(end + 1);
  while (!code.empty() && text.size() < 2000) text.append(code).push_back('\n');
  if (headroom::compress::has_gap_line(text) || headroom::compress::has_marker(text)) return 0;
  Input input{
      .text = text, .query = query, .tokenizer = headroom::tokens::o200k_base(), .id = "0123456789abcdef01234567"};
  if ((data[0] & 0x80) != 0) input.profile = headroom::compress::Profile::kAggressive;
  const headroom::compress::CodeCompressor compressor;
  if (const auto out = compressor.compress(input)) check_tiles(text, out->text);
  return 0;
}
