#include "context/same_result.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "compress/marker.h"
#include "detect/gutter.h"

namespace headroom::context {
namespace {

/// Lines next to what is new that stay with it, so that it is seen in its place.
constexpr std::size_t kEdge = 2;

/// The lines of a text; those of file views without their numbers.
struct Lines {
  std::vector<std::string_view> whole;
  std::vector<std::uint32_t> gutters;  ///< empty: there are no numbers
  std::size_t first_number = 0;

  explicit Lines(std::string_view text) : whole(base::split_lines(text)) {
    if (auto numbered = detect::read_numbered(text)) {
      gutters = std::move(numbered->gutters);
      first_number = numbered->first_number;
    }
  }
  std::size_t size() const { return whole.size(); }
  std::string_view text(std::size_t i) const { return whole[i].substr(i < gutters.size() ? gutters[i] : 0); }
  std::int32_t number(std::size_t i) const {
    return i < gutters.size() && gutters[i] > 0 ? static_cast<std::int32_t>(first_number + i) : -1;
  }
};

/// A line of what is sent, and the lines of the original that it stands for.
struct Piece {
  std::string_view line;
  std::size_t first = 0, last = 0;  ///< from 1, both included
  bool is_line = false;             ///< is the line `first` of the original; what follows it is a gap
  bool has_gap = false;
};

/// Empty unless what is sent is just lines of the original, in order, and gaps.
std::vector<Piece> read_pieces(const Lines& original, std::string_view sent) {
  std::vector<Piece> pieces;
  std::size_t next = 0;  // lines of the original that are accounted for
  for (const std::string_view line : base::split_lines(sent)) {
    if (compress::has_marker(line)) continue;
    const std::vector<compress::Gap> gaps = compress::find_gaps(line);
    Piece piece{line, next + 1, next + 1, true, !gaps.empty()};
    if (gaps.empty()) {
      if (next >= original.size() || line != original.whole[next]) return {};
    } else {
      const compress::Gap& gap = gaps.front();
      piece.is_line = next < original.size() && gap.first == next + 2 && line.starts_with(original.whole[next]);
      if (gaps.size() > 1 || gap.last > original.size() || (!piece.is_line && gap.first != next + 1)) return {};
      piece.last = gap.last;
    }
    next = piece.last;
    pieces.push_back(piece);
  }
  return next == original.size() ? pieces : std::vector<Piece>();
}

std::size_t common_prefix(const Lines& a, const Lines& b) {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t n = 0;
  while (n < most && a.text(n) == b.text(n)) ++n;
  return n;
}

std::size_t common_suffix(const Lines& a, const Lines& b, std::size_t prefix) {
  const std::size_t most = std::min(a.size(), b.size()) - prefix;
  std::size_t n = 0;
  while (n < most && a.text(a.size() - n - 1) == b.text(b.size() - n - 1)) ++n;
  return n;
}

std::vector<bool> lines_kept(const std::vector<Piece>& pieces, std::size_t count) {
  std::vector<bool> kept(count);
  for (const Piece& piece : pieces) {
    if (piece.is_line) kept[piece.first - 1] = true;
  }
  return kept;
}

std::string joined(const std::vector<Piece>& pieces, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t k = begin; k < end; ++k) text.append(pieces[k].line).push_back('\n');
  return text;
}

std::size_t count_kept(const std::vector<Piece>& pieces, std::size_t begin, std::size_t end) {
  return static_cast<std::size_t>(std::count_if(pieces.begin() + static_cast<std::ptrdiff_t>(begin),
                                                pieces.begin() + static_cast<std::ptrdiff_t>(end),
                                                [](const Piece& piece) { return piece.is_line; }));
}

}  // namespace

std::optional<SameResult> same_result(const ResultPair& pair) {
  const Lines fresh(pair.original);
  const Lines earlier(pair.earlier);
  const std::size_t prefix = common_prefix(fresh, earlier);
  const std::size_t suffix = common_suffix(fresh, earlier, prefix);
  if (prefix + suffix < ShownLines::kFewestLines) return std::nullopt;
  const std::vector<Piece> pieces = read_pieces(fresh, pair.sent);
  const std::vector<Piece> shown = read_pieces(earlier, pair.earlier_sent);
  if (pieces.empty() || shown.empty()) return std::nullopt;
  const std::vector<bool> kept = lines_kept(shown, earlier.size());
  // How far lines behind what differs have moved.
  const std::size_t moved = earlier.size() - fresh.size();  // modulo 2^64, as is the sum below
  const auto is_same = [&](const Piece& piece, bool behind) {
    const bool inside = behind ? piece.first > fresh.size() - suffix : piece.last <= prefix;
    return inside && (!piece.is_line || kept[piece.first - 1 + (behind ? moved : 0)]);
  };
  SameResult same;
  std::size_t next = 0;  // pieces that are in the result
  for (std::size_t k = 0; k < pieces.size();) {
    const bool behind = pieces[k].last > prefix;
    std::size_t begin = k;
    while (k < pieces.size() && is_same(pieces[k], behind)) ++k;
    std::size_t end = k;
    if (begin == end) {
      ++k;
      continue;
    }
    if (begin > 0) begin = std::min(end, begin + kEdge);
    if (end < pieces.size()) end = std::max(begin, end - std::min(end, kEdge));
    if (begin >= end || count_kept(pieces, begin, end) < ShownLines::kFewestLines) continue;
    const std::size_t first = pieces[begin].first;
    const std::size_t there = first + (behind ? moved : 0);
    same.rest.push_back(joined(pieces, next, begin));
    same.kept += count_kept(pieces, next, begin);
    same.repeats.push_back(
        {first, pieces[end - 1].last, pair.earlier_block, there, fresh.number(first - 1), earlier.number(there - 1)});
    same.with_gaps.push_back(std::any_of(pieces.begin() + static_cast<std::ptrdiff_t>(begin),
                                         pieces.begin() + static_cast<std::ptrdiff_t>(end),
                                         [](const Piece& piece) { return piece.has_gap; }));
    next = end;
  }
  if (same.repeats.empty()) return std::nullopt;
  same.rest.push_back(joined(pieces, next, pieces.size()));
  same.kept += count_kept(pieces, next, pieces.size());
  return same;
}

std::string with_references(const SameResult& same, std::string_view source, std::string_view handle) {
  std::string out;
  for (std::size_t k = 0; k < same.repeats.size(); ++k) {
    const Repeat& repeat = same.repeats[k];
    out += same.rest[k];
    out += compress::gap_marker(repeat.first, repeat.last,
                                reference_to(repeat, source) + (same.with_gaps[k] ? ", gaps included" : "")) +
           "\n";
  }
  if (!same.rest.empty()) out += same.rest.back();
  return out.append(handle);
}

}  // namespace headroom::context
