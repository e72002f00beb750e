#include "context/asked_anew.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "compress/focus/asked_lines.h"
#include "context/outlined_text.h"
#include "context/shown_lines.h"
#include "context/told_lines.h"

namespace headroom::context {
namespace {

/// Behind a line that the question names so many are looked at.
constexpr std::size_t kFarthestBelow = 100;
/// Of what the question names in the result, so much must be met.
constexpr double kLeastShare = 0.5;
/// Runs that meet nearly as much as the best.
constexpr double kNearly = 0.75;
constexpr std::size_t kMostMemberTokens = 600;
constexpr double kUnsurely = 0.3;
constexpr std::size_t kMostUnsureTokens = 1000;
/// Lines that both show are given again where they stand between two runs, up to so many.
constexpr std::size_t kBetween = 2;

/// The line has one of the terms.
bool is_named(const FoundTerms& found, std::size_t line) {
  for (std::size_t t = 0; t < found.at.size(); ++t) {
    if (found.weights[t] > 0 && std::ranges::binary_search(found.at[t], line)) return true;
  }
  return false;
}

bool is_json(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t\r\n");
  return at != std::string_view::npos && (text[at] == '{' || text[at] == '[');
}

/// Every value of the lines of JSON stands in the text.
bool values_stand_in(std::span<const std::string_view> lines, std::string_view text) {
  static constexpr std::string_view kAround = " \t\r,\"";
  return std::ranges::all_of(lines, [&](std::string_view line) {
    const std::size_t colon = line.find("\": ");
    if (colon != std::string_view::npos) line.remove_prefix(colon + 3);
    const std::size_t begin = line.find_first_not_of(kAround);
    if (begin == std::string_view::npos) return true;
    line = line.substr(begin, line.find_last_not_of(kAround) - begin + 1);
    return line.find_first_not_of("{}[]") == std::string_view::npos || text.contains(line);
  });
}

}  // namespace

/// Lines that are shown only now, and those between them that were shown before.
struct AskedAnew::Run {
  std::size_t first, last;
  double met = 0;      // of the terms' weights
  bool whole = false;  // all of it belongs to what is asked for, as what it stands below says that
};

AskedAnew::AskedAnew(std::string_view question, std::vector<std::string_view> told)
    : terms_(asked_terms(question)), told_(std::move(told)) {}

/// Where the result is sent, or behind an earlier question.
std::vector<std::uint8_t> AskedAnew::shown(std::span<const std::string_view> lines, const Shortened& result) const {
  std::vector<std::uint8_t> out = shown_lines(lines, result.sent);
  for (const std::string_view text : told_) mark_told_lines(text, result.label, lines, out);
  return out;
}

/// Of the terms about which something is not shown.
double AskedAnew::left_out_weight(const Shortened& result, const FoundTerms& found) const {
  const OutlinedText text(result.original);
  const std::vector<std::string_view>& lines = text.lines();
  const std::vector<std::uint8_t> shown = this->shown(lines, result);
  const auto left_out = [&](std::size_t line) {
    const std::size_t begin = text.item_of(line);
    const std::size_t end = text.end_of(begin, std::min(lines.size(), begin + kFarthestBelow));
    for (std::size_t i = begin; i < end; ++i) {
      if (shown[i] == 0 && !base::trim(lines[i]).empty()) return true;
    }
    return false;
  };
  double weight = 0;
  for (std::size_t t = 0; t < terms_.size(); ++t) {
    if (found.weights[t] > 0 && std::ranges::any_of(found.at[t], left_out)) weight += found.weights[t];
  }
  return weight;
}

std::vector<std::size_t> AskedAnew::likely(std::span<const Shortened> results, bool only_names) const {
  struct Weighed {
    double weight;  // at most; then of what is left out
    std::size_t result;
    FoundTerms found;
  };
  std::vector<Weighed> named;
  for (std::size_t r = 0; r < results.size() && !terms_.empty(); ++r) {
    if (results[r].sent == results[r].original) continue;
    FoundTerms found = find_terms(OutlinedText(results[r].original), terms_);
    if (found.weight == 0 || (!found.names && (only_names || name_others(terms_, results[r].call)))) continue;
    named.push_back({found.weight, r, std::move(found)});
  }
  const auto heavier = [](const Weighed& a, const Weighed& b) { return a.weight > b.weight; };
  std::ranges::stable_sort(named, heavier);
  // What is left out is looked for only where it can still count.
  std::vector<Weighed> best;
  for (Weighed& one : named) {
    if (best.size() == kMostResults && best.back().weight >= one.weight) break;
    one.weight = left_out_weight(results[one.result], one.found);
    if (one.weight == 0) continue;
    best.insert(std::ranges::upper_bound(best, one, heavier), std::move(one));
    if (best.size() > kMostResults) best.pop_back();
  }
  std::vector<std::size_t> out;
  for (const Weighed& one : best) {
    if (one.weight >= kLeastShare * best.front().weight) out.push_back(one.result);
  }
  return out;
}

void AskedAnew::weigh(Run& run, const OutlinedText& text, const FoundTerms& found) {
  const std::vector<std::size_t> above = text.above(run.first);
  double met_above = 0;
  for (std::size_t t = 0; t < found.at.size(); ++t) {
    if (found.weights[t] == 0) continue;
    const auto& at = found.at[t];
    const bool is_above =
        std::ranges::any_of(above, [&](std::size_t line) { return std::ranges::binary_search(at, line); });
    const auto inside = std::ranges::lower_bound(at, run.first);
    if (is_above) met_above += found.weights[t];
    if (is_above || (inside != at.end() && *inside <= run.last)) run.met += found.weights[t];
  }
  run.whole = met_above >= kLeastShare * run.met;
}

std::vector<AskedRecords> AskedAnew::lines_of(const Shortened& result, std::string_view again) const {
  const OutlinedText text(result.original);
  const std::vector<std::string_view>& lines = text.lines();
  const std::vector<std::uint8_t> now = shown_lines(lines, again);
  const std::vector<std::uint8_t> before = shown(lines, result);
  const FoundTerms found = find_terms(text, terms_);
  std::vector<Run> runs;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (now[i] == 0 || before[i] != 0 || base::trim(text.bare_lines()[i]).empty()) continue;
    bool joins = !runs.empty() && i - runs.back().last <= kBetween + 1;
    for (std::size_t k = joins ? runs.back().last + 1 : i; k < i; ++k) joins = joins && now[k] != 0;
    joins ? static_cast<void>(runs.back().last = i) : runs.push_back({i, i});
  }
  double best = 0;
  for (Run& run : runs) {
    weigh(run, text, found);
    best = std::max(best, run.met);
  }
  std::vector<AskedRecords> out;
  if (best == 0) return out;
  const bool surely = best >= kLeastShare * found.weight;
  const std::size_t most = surely ? kMostAnewTokens : kMostUnsureTokens;
  const double least = (surely ? kNearly : kUnsurely) * best;
  std::size_t tokens = 0;
  for (const Run& run : runs) {
    const std::size_t end = run.last + 1;
    std::size_t behind = 0;  // what is given already
    for (std::size_t from = run.first; from < end && run.met >= least; ++from) {
      if (!run.whole && !is_named(found, from)) continue;
      std::size_t to = run.whole ? end : from + 1;
      for (std::size_t i = from; i < to && !run.whole; ++i) {
        if (is_named(found, i)) to = std::max(to, text.end_of(text.item_of(i), end));
      }
      const std::size_t first = run.whole ? run.first : std::max(behind, run.first);
      const std::size_t begin = run.whole ? from : std::clamp(text.item_of(from), first, from);
      AskedRecords records{result.block, true, begin + 1, to, {}};
      for (std::size_t i = begin; i < to; ++i) records.text.append(lines[i]).push_back('\n');
      tokens += compress::focus::estimated_tokens(records.text);
      if (tokens > most) return out;
      out.push_back(std::move(records));
      behind = to;
      from = to - 1;
    }
  }
  return out;
}

std::vector<AskedRecords> AskedAnew::members_of(const Shortened& result) const {
  std::vector<AskedRecords> out;
  if (!is_json(result.original)) return out;
  const OutlinedText text(result.original);
  const std::span<const std::string_view> lines(text.lines());
  const FoundTerms found = find_terms(text, terms_);
  std::vector<std::uint8_t> told(lines.size());
  for (const std::string_view each : told_) mark_told_lines(each, result.label, lines, told);
  std::size_t behind = 0;
  std::size_t tokens = 0;
  for (std::size_t line = 0; line < lines.size(); ++line) {
    if (line < behind || !is_named(found, line)) continue;
    behind = text.end_of(line, lines.size());
    AskedRecords records{result.block, true, line + 1, behind, {}};
    for (std::size_t i = line; i < behind; ++i) records.text.append(lines[i]).push_back('\n');
    const std::size_t own = compress::focus::estimated_tokens(records.text);
    if (own > kMostMemberTokens) return {};  // and it would take long to look for all of it in what is sent
    const auto is_told = std::span(told).subspan(line, behind - line);
    if (std::ranges::all_of(is_told, [](std::uint8_t mark) { return mark != 0; })) continue;
    if (values_stand_in(lines.subspan(line, behind - line), result.sent)) continue;
    tokens += own;
    if (tokens > kMostMemberTokens) return {};
    out.push_back(std::move(records));
  }
  return out;
}

}  // namespace headroom::context
