#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "detect/detect.h"

namespace headroom::detect {

/// Parts of fewer bytes (about 150 tokens) are not worth a compressor of their own.
inline constexpr std::size_t kSmallestPart = 500;

/// One part of a text that holds several things.
struct Segment {
  std::size_t begin = 0, size = 0;  ///< bytes of the text
  Detection detection;
  std::string path;    ///< of the file that the part shows, where the text names it
  bool fixed = false;  ///< a note that the client put in: stays as it is
};

/// Parts that tile the text, in order: a JSON value after a header or inside a log, fenced code in prose, a table in
/// prose, several files in one output, notes of the client at the end. One segment, the whole text, unless the
/// structure is clear and the parts are worth it. Deterministic and linear. `known`: what detect() said of the whole
/// text, so that it need not be asked again; may be nullptr.
std::vector<Segment> split_segments(std::string_view text, const Hints& hints, const Detection* known = nullptr);

}  // namespace headroom::detect
