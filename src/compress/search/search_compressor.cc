#include "compress/search/search_compressor.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/focus/asked_lines.h"
#include "compress/marker.h"
#include "compress/search/document.h"
#include "compress/search/events.h"
#include "compress/search/matches.h"
#include "compress/search/render.h"
#include "compress/search/selection.h"
#include "compress/search/summary.h"
#include "compress/search/tree.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kSmallest = 200;      // bytes below which nothing is worth a first line
constexpr std::size_t kEnough = 700;        // tokens below which all rows stay
constexpr std::size_t kMostOfRow = 150;     // tokens of a row that count towards what may stay
constexpr std::size_t kLeastKept = 350;     // tokens of rows that stay in any case
constexpr std::size_t kLargest = 1u << 30;  // offsets are 32 bits wide

std::string no_gaps(std::size_t, std::size_t, std::uint32_t) {
  return {};
}

std::optional<Output> lossless(const Input& input, const search::Document& document) {
  Output out;
  if (document.form == search::Form::kTree) {
    std::optional<std::string> folded = search::fold_tree(document);
    if (!folded) return std::nullopt;
    out.text = *std::move(folded);
  } else {
    out.text = search::render(document, search::Keep(document.rows.size(), search::Show::kGrouped), no_gaps);
  }
  if (document.final_newline) out.text.push_back('\n');
  if (out.text.size() * 20 > input.text.size() * 19 || search::expand(out.text) != input.text) return std::nullopt;
  out.strategy = "search:group";
  out.records_before = out.records_kept = document.rows.size();
  return out;
}

/// The lines of the output and its gaps are the lines of the input, in order.
bool tiles(const search::Document& document, std::string_view unfolded) {
  std::size_t at = 0;
  for (std::string_view line : base::split_lines(unfolded)) {
    if (at < document.rows.size() && line == document.rows[at].line) {
      ++at;
      continue;
    }
    const std::vector<Gap> gaps = find_gaps(line);
    if (gaps.size() != 1 || gaps[0].first != at + 1 || gaps[0].last < gaps[0].first) return false;
    at = gaps[0].last;
  }
  return at == document.rows.size();
}

std::vector<std::string> explain(const search::Selection& chosen) {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < chosen.keep.size() && notes.size() < 200;) {
    std::size_t end = i;
    while (end < chosen.keep.size() &&
           (chosen.keep[end] == search::Show::kNot) == (chosen.keep[i] == search::Show::kNot) &&
           chosen.why[end] == chosen.why[i])
      ++end;
    if (chosen.keep[i] != search::Show::kNot && chosen.why[i] != search::Why::kNone) {
      notes.push_back(fmt::format("{} kept: {}",
                                  end - i == 1 ? fmt::format("line {}", i + 1) : fmt::format("lines {}-{}", i + 1, end),
                                  search::why_name(chosen.why[i])));
    }
    i = end;
  }
  return notes;
}

std::size_t budget_of(const Input& input, search::Form form, std::size_t tokens) {
  if (input.target_tokens > 0) return input.target_tokens;
  // A list's paths say less than the lines of a search.
  const bool list = form == search::Form::kList || form == search::Form::kTree;
  if (list) tokens = tokens * 2 / 3;
  if (input.profile == Profile::kAggressive) return std::max(kLeastKept / 2, tokens * 11 / 100);
  if (input.profile == Profile::kGentle) return std::max(kLeastKept * 2, tokens * 36 / 100);
  return std::max(kLeastKept, tokens * 18 / 100);
}

std::optional<Output> lossy(const Input& input, const search::Document& document, std::size_t tokens) {
  const search::Selection chosen = search::select(document, input.query, budget_of(input, document.form, tokens));
  if (chosen.all) return std::nullopt;
  Output out;
  out.records_before = document.rows.size();
  out.records_kept = chosen.keep.size() - static_cast<std::size_t>(std::ranges::count(chosen.keep, search::Show::kNot));
  if (out.records_kept == out.records_before) return std::nullopt;
  const auto gap = [&](std::size_t first, std::size_t last, std::uint32_t open) {
    return search::gap_summary(document, first, last, open);
  };
  out.text = search::render(document, chosen.keep, gap) + '\n';
  if (!tiles(document, search::expand(out.text))) {
    out.text = search::render_plain(document, chosen.keep, gap) + '\n';
    if (!tiles(document, out.text)) return std::nullopt;
  }
  out.text += handle_marker(
      input.id, search::handle_summary(document, chosen.keep, std::min<std::size_t>(input.text.size() / 40, 600)));
  if (document.final_newline) out.text.push_back('\n');
  out.strategy = "search:rank";
  out.lossy = true;
  out.notes = explain(chosen);
  return out;
}

std::optional<Output> compress_lines(const Input& input, bool events) {
  const search::Document document = search::scan(input.text, events);
  if (input.deadline.expired()) return std::nullopt;
  std::optional<Output> exact = lossless(input, document);
  if (input.id.empty() || input.deadline.expired()) return exact;
  std::size_t tokens = 0;
  for (const search::Row& row : document.rows)
    tokens += std::min<std::size_t>(focus::estimated_tokens(row.line), kMostOfRow);
  if (tokens < kEnough && input.target_tokens == 0) return exact;
  // The events themselves were several times as long.
  std::optional<Output> less = lossy(input, document, events ? tokens * 8 / 5 : tokens);
  if (!less) return exact;
  // A few tokens are not worth a call for what is missing.
  const std::size_t size = exact ? exact->text.size() : input.text.size();
  return less->text.size() * 10 < size * 9 ? std::move(less) : std::move(exact);
}

/// Of `rg --json` output a line for each event is compressed like the hits of grep.
std::optional<Output> compress_events(const Input& input, std::string_view flat) {
  Input lines = input;
  lines.text = flat;
  std::optional<Output> out = compress_lines(lines, true);
  if (!out) return std::nullopt;
  out->text.insert(0, std::string(search::kEventsTitle) + '\n');
  if (!out->lossy && search::expand(out->text) != input.text) return std::nullopt;
  return out;
}

/// Of finds that are elements a line for each of their lines; gaps count those of the text all the same.
std::optional<Output> compress_matches(const Input& input, const search::FlatMatches& matches) {
  Input lines = input;
  lines.text = matches.text;
  std::optional<Output> out = compress_lines(lines, false);
  if (!out) {
    // Even if nothing can be grouped, the tags go.
    out = Output{.text = matches.text, .strategy = "search:group"};
    out->records_before = out->records_kept = matches.begins.size() - 1;
  }
  out->text = matches.title + '\n' + (out->lossy ? search::renumber_gaps(out->text, matches) : std::move(out->text));
  out->notes.clear();
  if (!out->lossy && (out->text.size() >= input.text.size() || search::expand(out->text) != input.text))
    return std::nullopt;
  return out;
}

}  // namespace

std::optional<Output> SearchCompressor::compress(const Input& input) const {
  if (input.text.size() < kSmallest || input.text.size() > kLargest || input.deadline.expired()) return std::nullopt;
  if (const auto flat = search::flatten_events(input.text)) return compress_events(input, *flat);
  if (const auto matches = search::flatten_matches(input.text)) return compress_matches(input, *matches);
  return compress_lines(input, false);
}

}  // namespace headroom::compress
