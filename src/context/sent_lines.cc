#include "context/sent_lines.h"

#include <utility>

#include "base/text.h"
#include "compress/marker.h"
#include "compress/text/line_times.h"
#include "compress/text/page_marks.h"
#include "detect/page_shape.h"

namespace headroom::context {
namespace {

using Lines = std::vector<std::string_view>;

std::string_view without_end_blanks(std::string_view line) {
  return line.substr(0, line.find_last_not_of(" \t\r") + 1);
}

/// What a gap says behind its range.
std::string_view told_by(std::string_view line, const compress::Gap& gap) {
  const std::string_view marker = line.substr(gap.at, gap.length);
  const std::size_t colon = marker.find(": ");
  return colon == std::string_view::npos ? std::string_view() : marker.substr(colon + 2, marker.size() - colon - 4);
}

std::vector<SentLine> read(const Lines& original, const Lines& sent) {
  std::vector<SentLine> read;
  std::size_t next = 0;   // lines of the original that are accounted for
  std::size_t shift = 0;  // of the numbers in gaps: a part of the text counts from its own beginning
  for (const std::string_view line : sent) {
    if (compress::has_marker(line)) continue;
    const std::vector<compress::Gap> gaps = compress::find_gaps(line);
    SentLine piece{std::string(line), next + 1, next + 1, true, !gaps.empty()};
    if (gaps.empty()) {
      if (next >= original.size() || without_end_blanks(line) != without_end_blanks(original[next])) return {};
    } else {
      const compress::Gap& gap = gaps.front();
      piece.is_line = next < original.size() && gap.first + shift == next + 2 && line.starts_with(original[next]);
      if (!piece.is_line && gap.first + shift != next + 1 && gap.first <= next + 1) shift = next + 1 - gap.first;
      const bool fits = piece.is_line || gap.first + shift == next + 1;
      if (gaps.size() > 1 || !fits || gap.last < gap.first || gap.last + shift > original.size()) return {};
      piece.last = gap.last + shift;
      if (shift > 0 && piece.is_line) return {};
      if (shift > 0) piece.line = compress::gap_marker(piece.first, piece.last, told_by(line, gap));
    }
    next = piece.last;
    read.push_back(std::move(piece));
  }
  return next == original.size() ? read : std::vector<SentLine>();
}

}  // namespace

std::vector<SentLine> read_sent_lines(std::string_view text, std::string_view sent) {
  const Lines sent_lines = base::split_lines(sent);
  std::vector<SentLine> found = read(base::split_lines(text), sent_lines);
  if (!found.empty()) return found;
  if (text.find("[ref=") != std::string_view::npos && detect::is_page_snapshot(text)) {
    if (const auto unmarked = compress::text::without_marks(text)) {
      found = read(base::split_lines(unmarked->text), sent_lines);
    }
  } else if (const auto untimed = compress::text::without_times(text)) {
    found = read(base::split_lines(untimed->text), sent_lines);
    for (SentLine& line : found) line.untimed = true;
  }
  return found;
}

std::vector<bool> lines_shown(std::string_view text, std::string_view sent, bool untimed) {
  std::vector<bool> shown;
  for (const SentLine& line : read_sent_lines(text, sent)) {
    if (line.untimed && !untimed) return {};
    shown.resize(line.last, false);
    if (line.is_line) shown[line.first - 1] = true;
  }
  return shown;
}

}  // namespace headroom::context
