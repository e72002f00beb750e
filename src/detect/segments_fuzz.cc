#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "detect/detect.h"
#include "detect/segments.h"

// Up to the first '\n' a command line, then its output. Holds for any bytes: no crash, the parts tile the text in
// order, and asking again, or with what detect() said, gives the same parts.

namespace {

using headroom::detect::Segment;

void require(bool holds) {
  if (!holds) std::abort();
}

bool same(const Segment& a, const Segment& b) {
  return a.begin == b.begin && a.size == b.size && a.detection.type == b.detection.type && a.path == b.path &&
         a.fixed == b.fixed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace detect = headroom::detect;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(all.find('\n'), all.size());
  const std::string_view text = all.substr(std::min(all.size(), end + 1));
  const detect::Hints hints{"Bash", all.substr(0, end), {}};
  const std::vector<Segment> parts = detect::split_segments(text, hints);
  std::size_t at = 0;
  for (const Segment& part : parts) {
    require(part.begin == at && (part.size > 0 || text.empty()));
    at += part.size;
  }
  require(!parts.empty() && at == text.size());
  const detect::Detection known = detect::detect(text, hints);
  require(std::ranges::equal(parts, detect::split_segments(text, hints), same));
  require(std::ranges::equal(parts, detect::split_segments(text, hints, &known), same));
  return 0;
}
