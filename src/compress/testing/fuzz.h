#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/compressor.h"
#include "compress/marker.h"

/// For fuzz targets of compressors of lines: what has to hold for any bytes. In a header of its own, since fuzz targets
/// are built without the test libraries.
namespace headroom::compress::testing {

inline void require(bool holds) {
  if (!holds) std::abort();
}

/// Kept lines and gaps on lines of their own tile the input.
inline void require_tiles(std::string_view in, std::string_view out) {
  const auto source = base::split_lines(in);
  std::size_t at = 0;
  for (std::string_view line : base::split_lines(out)) {
    const auto gaps = find_gaps(line);
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

inline constexpr std::string_view kFuzzId = "0123456789abcdef01234567";

/// What comes before the handle.
inline std::string_view before_handle(std::string_view out) {
  return out.substr(0, out.rfind("<<ccr:"));
}

/// The pipeline lets nothing pass that holds markers already.
inline bool holds_markers(std::string_view text) {
  return has_marker(text) || has_gap_line(text);
}

/// The first byte says how the rest is used; up to the first '\n' it is the question, then the text.
struct FuzzCase {
  FuzzCase(const std::uint8_t* data, std::size_t size) : flags(data[0]) {
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    const std::size_t end = std::min(all.find('\n'), size - 1);
    query.user = std::string(all.substr(1, end == 0 ? 0 : end - 1));
    text = all.substr(end + 1);
  }

  Input input() const { return {.text = text, .query = query, .tokenizer = tokens::o200k_base(), .id = kFuzzId}; }

  std::uint8_t flags;
  Query query;
  std::string text;
};

/// No crash; lossy outputs tile; `expand` gives back from exact ones what went in.
template <typename Expand>
int fuzz_lines(const Compressor& compressor, Expand expand, const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  FuzzCase c(data, size);
  std::string& text = c.text;
  for (int doubled = c.flags & 3; doubled > 0; --doubled) text += text.substr(0, 20000);
  if (holds_markers(text)) return 0;
  Input input = c.input();
  if ((c.flags & 4) != 0) input.profile = Profile::kAggressive;
  if (const auto out = compressor.compress(input)) {
    if (out->lossy) {
      require_tiles(text, before_handle(out->text));
    } else {
      require(expand(out->text) == text);
    }
  }
  input.id = {};
  if (const auto out = compressor.compress(input)) require(expand(out->text) == text);
  return 0;
}

}  // namespace headroom::compress::testing
