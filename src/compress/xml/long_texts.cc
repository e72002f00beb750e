#include "compress/xml/long_texts.h"

#include <algorithm>

#include "compress/log/log_compressor.h"
#include "compress/marker.h"
#include "compress/xml/records.h"

namespace headroom::compress::xml {
namespace {

constexpr std::size_t kLong = 60;          // lines of a text that are worth a closer look
constexpr std::size_t kLongFailure = 120;  // the same of what tells of a failure

std::size_t line_breaks(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

/// What a gap says behind its numbers.
std::string_view said(std::string_view marker) {
  const std::size_t colon = marker.find(": ");
  return colon == std::string_view::npos ? std::string_view() : marker.substr(colon + 2, marker.size() - colon - 4);
}

}  // namespace

std::vector<LineGap> shorten_texts(const Document& document, const std::vector<bool>& gone, const Input& input) {
  std::vector<LineGap> out;
  std::size_t line = 1, counted = 0;  // the line on which byte `counted` stands
  for (std::uint32_t i = 0; i < document.elements.size(); ++i) {
    if (gone[i]) {
      i = document.elements[i].next - 1;
      continue;
    }
    const Element& e = document.elements[i];
    if (!e.closed || document.has_children(i)) continue;
    const std::string_view whole = input.text.substr(e.begin, e.end - e.begin);
    if (whole.size() < 40 * kLong) continue;
    const bool failure = tells_of_failure(document, e.parent == kNone ? i : e.parent);
    if (line_breaks(whole) < (failure ? kLongFailure : kLong)) continue;
    // The lines between those of its tags.
    const std::size_t begin = whole.find('\n') + 1;
    const std::size_t end = whole.rfind('\n') + 1;
    line += line_breaks(input.text.substr(counted, e.begin + begin - counted));
    counted = e.begin + begin;
    Input inside = input;
    inside.text = whole.substr(begin, end - begin);
    inside.type = detect::ContentType::kLog;
    inside.target_tokens = 0;
    const auto shortened = LogCompressor().compress(inside);
    if (!shortened || !shortened->lossy) continue;
    const std::string_view text = shortened->text;
    for (const Gap& gap : find_gaps(text))
      out.push_back({line + gap.first - 1, line + gap.last - 1, std::string(said(text.substr(gap.at, gap.length)))});
  }
  return out;
}

}  // namespace headroom::compress::xml
