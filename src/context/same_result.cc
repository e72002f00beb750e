#include "context/same_result.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "compress/marker.h"
#include "context/ages.h"
#include "context/cells.h"
#include "context/gutters.h"
#include "context/sent_lines.h"

namespace headroom::context {
namespace {

/// What a run must hold so that a reader is sent elsewhere for it.
struct Worth {
  std::size_t lines, bytes;
};
constexpr Worth kRows = {2, 90}, kLines = {4, 160}, kLongLines = {2, 300};

/// Of so many earlier results lines are taken: what is now is to be seen without a search.
constexpr std::size_t kMostSources = 2;

/// More lines are not compared, and of lines that stand in a text many times not all places.
constexpr std::size_t kMostLines = 20'000;
constexpr std::size_t kMostPlaces = 16;

/// The lines of a text, and what of them is compared.
struct Lines {
  std::vector<std::string_view> whole;
  std::vector<std::uint32_t> gutters;  ///< empty: there are no numbers
  std::size_t first_number = 0;
  std::vector<std::uint64_t> keys;
  std::vector<std::vector<Age>> ages;  ///< of tables

  Lines(std::string_view text, bool columns) : whole(base::split_lines(text)) {
    if (auto numbered = gutters_of(text)) {
      gutters = std::move(numbered->bytes);
      first_number = numbered->first_number;
    }
    const Cells cells(columns ? std::span(whole) : std::span<std::string_view>());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      if (!columns) {
        keys.push_back(base::hash64(whole[i].substr(i < gutters.size() ? gutters[i] : 0)));
        continue;
      }
      AgelessRow row = without_ages(whole[i]);
      cells.append_empty(whole[i], row.text);
      keys.push_back(base::hash64(row.text));
      ages.push_back(std::move(row.ages));
    }
  }
  std::size_t size() const { return whole.size(); }
  std::int32_t number(std::size_t i) const {
    return i < gutters.size() && gutters[i] > 0 ? static_cast<std::int32_t>(first_number + i) : -1;
  }
};

using Piece = SentLine;

std::vector<Piece> pieces_of(const Lines& lines, const SentResult& result) {
  if (!result.all_shown) return read_sent_lines(result.text, result.sent);
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    pieces.push_back({std::string(lines.whole[i]), i + 1, i + 1, true, false});
  }
  return pieces;
}

/// So many percent of the lines are nearly all of them.
constexpr std::size_t kNearlyAllPercent = 80;

/// Words of lines that are shown each time, however dull they were.
constexpr std::array<std::string_view, 9> kProblems = {"error", "fail",  "fatal",     "exception", "panic",
                                                       "crit",  "crash", "traceback", "refused"};

bool names_problem(std::string_view line) {
  std::string lower(line.substr(0, 400));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return std::ranges::any_of(kProblems, [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

/// An earlier result, by line. `untimed`: the new one is sent without the times of its lines.
class Earlier {
 public:
  Earlier(const SentResult& result, bool columns, bool untimed)
      : lines(result.text, columns),
        only_as_a_whole(result.only_as_a_whole),
        shown_(lines.size()),
        stands_for_gaps_(result.same_question),
        sought_(result.sought) {
    if (lines.size() > kMostLines) return;
    if (result.all_shown) shown_.assign(lines.size(), true);
    const std::vector<bool> shown =
        result.all_shown ? std::vector<bool>() : lines_shown(result.text, result.sent, untimed);
    if (shown.size() == lines.size()) shown_ = shown;
    if (std::ranges::find(shown_, true) == shown_.end() && !only_as_a_whole) return;
    for (std::size_t i = 0; i < lines.size(); ++i) places_[lines.keys[i]].push_back(static_cast<std::uint32_t>(i));
  }

  /// The line can stand for one that would be sent.
  bool stands_for(std::size_t line) const {
    if (shown_[line]) return true;
    if (!stands_for_gaps_ || sought_.named_in(lines.whole[line])) return false;
    return only_as_a_whole || !names_problem(lines.whole[line]);
  }
  bool has_gap(std::size_t first, std::size_t end) const {
    return std::find(shown_.begin() + static_cast<std::ptrdiff_t>(first),
                     shown_.begin() + static_cast<std::ptrdiff_t>(end),
                     false) != shown_.begin() + static_cast<std::ptrdiff_t>(end);
  }
  std::span<const std::uint32_t> places(std::uint64_t key) const {
    const auto found = places_.find(key);
    return found == places_.end() ? std::span<const std::uint32_t>() : std::span(found->second);
  }

  /// How much older a table's rows are by now: told by the rows that stand in both once.
  void compare_ages(const Lines& fresh) {
    std::vector<AgePair> pairs;
    for (std::size_t i = 0; i < fresh.ages.size(); ++i) {
      const auto there = places(fresh.keys[i]);
      if (there.size() != 1 || lines.ages[there[0]].size() != fresh.ages[i].size()) continue;
      for (std::size_t k = 0; k < fresh.ages[i].size(); ++k) {
        const Age& was = lines.ages[there[0]][k];
        if (!was.clock || was.seconds != fresh.ages[i][k].seconds) pairs.push_back({was, fresh.ages[i][k]});
      }
    }
    growth_ = common_growth(pairs);
  }

  /// The line says the same, but for the time that has passed.
  bool same(std::size_t line, const Lines& fresh, std::size_t other) const {
    if (lines.keys[line] != fresh.keys[other]) return false;
    if (lines.ages.empty()) return true;
    if (lines.ages[line].size() != fresh.ages[other].size()) return false;
    for (std::size_t k = 0; k < lines.ages[line].size(); ++k) {
      const Age& was = lines.ages[line][k];
      const Age& is = fresh.ages[other][k];
      const bool as_told = was.seconds == is.seconds && was.grain == is.grain;
      if (as_told && (was.clock || !growth_)) continue;
      if (!growth_) return false;
      if (is.seconds + is.grain <= was.seconds + growth_->least ||
          was.seconds + was.grain + growth_->most <= is.seconds)
        return false;
    }
    return true;
  }

  /// By how much the ages in the lines from `first` on are less than in those of the fresh text from `other` on, all of
  /// which say the same.
  std::string older(std::size_t first, const Lines& fresh, std::size_t other, std::size_t count) const {
    for (std::size_t i = 0; i < count && !lines.ages.empty(); ++i) {
      const auto& was = lines.ages[first + i];
      const auto& is = fresh.ages[other + i];
      for (std::size_t k = 0; k < was.size(); ++k) {
        if (was[k].seconds != is[k].seconds) return span_text(*growth_);
      }
    }
    return {};
  }

  const Lines lines;
  const bool only_as_a_whole;

 private:
  std::vector<bool> shown_;
  bool stands_for_gaps_;
  Sought sought_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> places_;
  std::optional<Growth> growth_;
};

/// Pieces that lines of an earlier result, from `there` on, stand for.
struct Run {
  std::size_t source = 0, there = 0;
  std::size_t pieces = 0, bytes = 0;
};

/// The pieces are worth a reference.
bool are_worth_it(std::span<const Piece> pieces, bool columns) {
  Worth run{};
  for (const Piece& piece : pieces) {
    if (!piece.is_line) continue;
    ++run.lines;
    run.bytes += piece.line.size() + 1;
  }
  const auto reaches = [&](const Worth& least) { return run.lines >= least.lines && run.bytes >= least.bytes; };
  return columns ? reaches(kRows) : reaches(kLines) || reaches(kLongLines);
}

class Finder {
 public:
  Finder(const Lines& fresh, const std::vector<Piece>& pieces, std::span<const Earlier> earlier, bool columns)
      : fresh_(fresh), pieces_(pieces), earlier_(earlier), columns_(columns) {
    for (std::size_t source = 0; source < earlier.size(); ++source) sources_.push_back(source);
    keep_best_sources();
  }

  /// The run that begins with the piece and holds the most.
  Run longest(std::size_t piece) const {
    Run best;
    for (const std::size_t source : sources_) {
      const Run run = longest_in(piece, source);
      if (run.bytes > best.bytes) best = run;
    }
    return best;
  }

 private:
  Run longest_in(std::size_t piece, std::size_t source) const {
    Run best{source, 0};
    std::size_t looked = 0;
    for (const std::uint32_t there : earlier_[source].places(fresh_.keys[pieces_[piece].first - 1])) {
      if (++looked > kMostPlaces) break;
      if (earlier_[source].only_as_a_whole && goes_on(piece, source, there)) continue;
      const Run run = run_at(piece, source, there);
      if (run.bytes > best.bytes && (!earlier_[source].only_as_a_whole || is_nearly_all(piece, run))) best = run;
    }
    return best;
  }

  /// The line before says the same in both, so that the run has been looked at from there and was not long enough.
  bool goes_on(std::size_t piece, std::size_t source, std::size_t there) const {
    const std::size_t line = pieces_[piece].first - 1;
    return piece > 0 && there > 0 && pieces_[piece - 1].last == line &&
           earlier_[source].same(there - 1, fresh_, line - 1);
  }

  bool is_nearly_all(std::size_t piece, const Run& run) const {
    const std::size_t lines = pieces_[piece + run.pieces - 1].last - pieces_[piece].first + 1;
    return lines * 100 >= fresh_.size() * kNearlyAllPercent;
  }

  /// Those that alone stand for the most.
  void keep_best_sources() {
    if (sources_.size() <= kMostSources) return;
    std::vector<std::size_t> bytes(earlier_.size());
    for (std::size_t source = 0; source < earlier_.size(); ++source) {
      for (std::size_t k = 0; k < pieces_.size();) {
        const Run run = longest_in(k, source);
        const bool worth = are_worth_it(std::span(pieces_).subspan(k, run.pieces), columns_);
        if (worth) bytes[source] += run.bytes;
        k += worth ? run.pieces : 1;
      }
    }
    std::ranges::stable_sort(sources_, std::greater{}, [&](std::size_t source) { return bytes[source]; });
    sources_.resize(kMostSources);
  }

  Run run_at(std::size_t piece, std::size_t source, std::size_t there) const {
    const Earlier& earlier = earlier_[source];
    Run run{source, there};
    std::size_t line = there;
    for (std::size_t k = piece; k < pieces_.size(); ++k) {
      const Piece& next = pieces_[k];
      if (line + (next.last - next.first) >= earlier.lines.size()) break;
      if (next.is_line && !earlier.stands_for(line)) break;
      bool same = true;
      for (std::size_t i = next.first - 1; same && i < next.last; ++i, ++line) same = earlier.same(line, fresh_, i);
      if (!same) break;
      ++run.pieces;
      if (next.is_line) run.bytes += next.line.size() + 1;
    }
    return run;
  }

  const Lines& fresh_;
  const std::vector<Piece>& pieces_;
  std::span<const Earlier> earlier_;
  bool columns_;
  std::vector<std::size_t> sources_;
};

std::string joined(const std::vector<Piece>& pieces, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t k = begin; k < end; ++k) text.append(pieces[k].line).push_back('\n');
  return text;
}

template <class Is>
std::size_t count_pieces(const std::vector<Piece>& pieces, std::size_t begin, std::size_t end, Is is) {
  return static_cast<std::size_t>(std::count_if(pieces.begin() + static_cast<std::ptrdiff_t>(begin),
                                                pieces.begin() + static_cast<std::ptrdiff_t>(end), is));
}

bool is_line(const Piece& piece) {
  return piece.is_line;
}

/// Both names are of one call, so that a number tells them apart.
bool is_same_call(const EarlierName& a, const EarlierName& b) {
  static constexpr std::string_view kAbove = " above";
  return a.full.substr(0, a.full.rfind(kAbove)) == b.full.substr(0, b.full.rfind(kAbove));
}

}  // namespace

std::optional<SameResult> same_result(const SentResult& fresh_result, std::span<const SentResult> earlier_results,
                                      Comparison how) {
  const Lines fresh(fresh_result.text, how.columns);
  if (fresh.size() > kMostLines) return std::nullopt;
  const std::vector<Piece> pieces = pieces_of(fresh, fresh_result);
  if (pieces.empty()) return std::nullopt;
  const bool untimed = pieces.front().untimed;
  std::vector<Earlier> earlier;
  earlier.reserve(earlier_results.size());
  for (const SentResult& result : earlier_results) {
    earlier.emplace_back(result, how.columns, untimed);
    if (how.columns && how.ages) earlier.back().compare_ages(fresh);
  }
  const Finder finder(fresh, pieces, earlier, how.columns);
  SameResult same;
  std::size_t next = 0;  // pieces that are in the result
  for (std::size_t k = 0; k < pieces.size();) {
    const Run run = finder.longest(k);
    if (!are_worth_it(std::span(pieces).subspan(k, run.pieces), how.columns)) {
      ++k;
      continue;
    }
    std::size_t begin = k;
    std::size_t end = k + run.pieces;
    k = end;
    if (begin > 0) begin = std::min(end, begin + how.edge);
    if (end < pieces.size()) end -= std::min(end - begin, how.edge);
    if (!are_worth_it(std::span(pieces).subspan(begin, end - begin), how.columns)) continue;
    const std::size_t first = pieces[begin].first - 1;
    const std::size_t last = pieces[end - 1].last;
    const std::size_t there = run.there + first - (pieces[k - run.pieces].first - 1);
    const Earlier& source = earlier[run.source];
    same.rest.push_back(joined(pieces, next, begin));
    same.kept += count_pieces(pieces, next, begin, is_line);
    same.runs.push_back({{first + 1, last, run.source, there + 1, fresh.number(first), source.lines.number(there)},
                         source.has_gap(there, there + last - first),
                         source.older(there, fresh, first, last - first)});
    next = end;
  }
  if (same.runs.empty()) return std::nullopt;
  same.rest.push_back(joined(pieces, next, pieces.size()));
  same.kept += count_pieces(pieces, next, pieces.size(), is_line);
  return same;
}

std::string with_references(const SameResult& same, std::span<const EarlierName> names, std::string_view handle) {
  std::string out;
  std::size_t named = names.size();
  for (std::size_t k = 0; k < same.runs.size(); ++k) {
    const SameRun& run = same.runs[k];
    const EarlierName& name = names[run.repeat.block];
    out += same.rest[k];
    // Once the call is named, its number tells which result is meant.
    const bool known = named < names.size() && name.number > 0 && is_same_call(names[named], name);
    const std::string where = run.repeat.block == named ? "there"
                              : known                   ? fmt::format("of number {}", name.number)
                                                        : "of " + name.full;
    std::string what = reference_to(run.repeat, where);
    if (!run.older.empty()) what += ", ages " + run.older;
    if (run.with_gaps) what += ", gaps included";
    out += compress::gap_marker(run.repeat.first, run.repeat.last, what) + "\n";
    named = run.repeat.block;
  }
  if (!same.rest.empty()) out += same.rest.back();
  return out.append(handle);
}

}  // namespace headroom::context
