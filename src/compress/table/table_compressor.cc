#include "compress/table/table_compressor.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/json/question.h"
#include "compress/json/row_choice.h"
#include "compress/json/summary.h"
#include "compress/log/log_compressor.h"
#include "compress/marker.h"
#include "compress/table/answer.h"
#include "compress/table/expand.h"
#include "compress/table/factoring.h"
#include "compress/table/field_records.h"
#include "compress/table/grid.h"
#include "compress/table/padding.h"
#include "compress/table/view.h"

namespace headroom::compress {
namespace {

using table::Grid;
using table::GridPart;

constexpr std::size_t kSmallest = 300;                  // bytes below which nothing is worth a try
constexpr std::size_t kLargest = std::size_t{1} << 30;  // positions are 32 bits wide
constexpr std::size_t kMostFields = 256 * 1024;         // bytes that RecordsCompressor reads

/// The rows of one table that stay.
struct Choice {
  std::vector<bool> keep;
  std::string summary;
  std::size_t kept = 0;
};

/// Many small rows may stay beside few that are most of the table.
std::size_t bytes_of_kept(const table::View& view, const json::Selection& selection) {
  std::size_t bytes = 0;
  for (const json::KeptRow& row : selection.rows) bytes += view.document.node(view.table.rows[row.row]).raw.size();
  return bytes;
}

/// nullopt when all stay.
std::optional<Choice> choose(const Input& input, const GridPart& part, const json::Question& question,
                             const json::RowAims& aims, std::vector<std::string>& notes) {
  const Grid& grid = part.grid;
  const auto view = table::view_of(grid);
  if (!view || input.deadline.expired()) return std::nullopt;
  auto choice = json::choose_rows(view->document, view->table, question, aims, input.deadline);
  if (!choice) return std::nullopt;
  json::Selection& selection = choice->selection;
  table::Answer answer = table::find_answer(*view, choice->facts, question, input.query, aims);
  if (answer.everything) return std::nullopt;
  for (std::size_t row = 0; row < answer.rows.size(); ++row) {
    if (!answer.rows[row] || selection.keep[row]) continue;
    selection.keep[row] = true;
    selection.rows.push_back({static_cast<std::uint32_t>(row), json::Reason::kAsked, {}});
  }
  std::ranges::sort(selection.rows, {}, &json::KeptRow::row);
  if (bytes_of_kept(*view, selection) * 10 > view->document.node(view->table.node).raw.size() * 8) return std::nullopt;
  for (const json::KeptRow& row : selection.rows) {
    notes.push_back(fmt::format("line {} kept: {}{}{}", part.first_line + grid.rows[row.row].first_line + 1,
                                json::reason_name(row.reason), row.detail.empty() ? "" : " in ", row.detail));
  }
  answer.facts.insert(answer.facts.end(), selection.answers.begin(), selection.answers.end());
  Choice out{.keep = std::move(selection.keep), .kept = selection.rows.size()};
  out.summary = json::summarize(view->document, view->table, choice->facts, out.kept, answer.facts);
  return out;
}

/// What a listing with sections looks like: many tables, each too small to lose many rows, or lines that are mostly in
/// none. `out`: what the tables come to.
bool is_listing(const std::vector<GridPart>& parts, const std::optional<Output>& out, std::string_view text) {
  static constexpr std::size_t kMany = 4;
  static constexpr std::size_t kSmallRows = 30;
  std::size_t lines = 0, rows = 0;
  for (std::string_view line : base::split_lines(text)) lines += base::trim(line).empty() ? 0 : 1;
  for (const GridPart& part : parts) rows += part.grid.rows.size();
  const std::size_t kept = out ? out->records_kept : rows;
  if (parts.size() >= kMany && rows <= parts.size() * kSmallRows) return kept * 5 > rows * 2;
  return !out && rows * 2 < lines;
}

/// The text read as lines, where that is much smaller than `out`.
std::optional<Output> as_listing(const Input& input, std::optional<Output> out) {
  std::optional<Output> lines = LogCompressor().compress(input);
  const std::size_t size = out ? out->text.size() : input.text.size();
  return lines && lines->text.size() * 10 < size * 7 ? std::move(lines) : std::move(out);
}

/// The lines that are shown, and gaps where others are not.
std::string render(std::span<const std::string_view> lines, const std::vector<bool>& shown) {
  std::string out;
  for (std::size_t line = 0; line < lines.size(); ++line) {
    if (shown[line]) {
      out.append(lines[line]).push_back('\n');
      continue;
    }
    const std::size_t first = line;
    while (line + 1 < lines.size() && !shown[line + 1]) ++line;
    out += gap_marker(first + 1, line + 1) + "\n";
  }
  return out;
}

std::optional<Output> drop_rows(const Input& input, const std::vector<GridPart>& parts) {
  const json::RowAims aims{.target_tokens = input.target_tokens,
                           .text_bytes = input.text.size(),
                           .lossless_bytes = input.text.size(),
                           .tables = parts.size(),
                           .profile = input.profile};
  if (json::stays_whole(aims)) return std::nullopt;
  const json::Question question(input.query);
  const std::vector<std::string_view> lines = base::split_lines(input.text);
  std::vector<bool> shown(lines.size(), true);
  std::string what;
  Output out{.strategy = "table:rows", .lossy = true};
  for (const GridPart& part : parts) {
    const std::vector<table::GridRow>& rows = part.grid.rows;
    out.records_before += rows.size();
    out.records_kept += rows.size();
    const std::optional<Choice> choice = choose(input, part, question, aims, out.notes);
    if (!choice) continue;
    out.records_kept -= rows.size() - choice->kept;
    what += (what.empty() ? "" : " | ") + choice->summary;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      for (std::size_t line = rows[row].first_line; !choice->keep[row] && line <= rows[row].last_line; ++line)
        shown[part.first_line + line] = false;
    }
  }
  if (what.empty() || input.deadline.expired()) return std::nullopt;
  out.text = render(lines, shown) + handle_marker(input.id, what);
  return out;
}

/// Everything, with what can be put back left out. Where rows may be dropped, those that stay are to be quoted, so that
/// they are only taken apart for much.
std::optional<Output> rewrite(const Input& input, const Grid& grid) {
  auto text = grid.form == Grid::Form::kDelimited
                  ? table::factor_columns(grid, input.text)
                  : table::leave_padding_out(grid, input.text.ends_with('\n'), input.id.empty());
  if (!text) return std::nullopt;
  if (!input.id.empty() && grid.form == Grid::Form::kDelimited && text->size() * 4 > input.text.size() * 3)
    return std::nullopt;
  if (text->size() >= input.text.size()) return std::nullopt;
  // A mistake here would lose the text, so it is not taken on trust.
  if (const auto back = table::expand(*text); !back || *back != input.text) return std::nullopt;
  Output out;
  out.strategy = grid.form == Grid::Form::kDelimited ? "table:columns" : "table:padding";
  out.records_before = out.records_kept = grid.rows.size();
  out.text = *std::move(text);
  return out;
}

}  // namespace

std::optional<Output> TableCompressor::compress(const Input& input) const {
  if (input.text.size() < kSmallest || input.text.size() > kLargest || input.deadline.expired()) return std::nullopt;
  if (table::is_rewritten(input.text)) return std::nullopt;
  // A line of a record says nothing without the others, so that these are no rows of names and values.
  if (input.text.size() <= kMostFields && table::fields_to_columns(input.text)) return std::nullopt;
  const std::vector<GridPart> parts = table::read_grids(input.text);
  if (input.deadline.expired()) return std::nullopt;
  // Lines of a shape, but without columns that are understood.
  if (parts.empty()) return LogCompressor().compress(input);
  std::optional<Output> out;
  if (!input.id.empty()) out = drop_rows(input, parts);
  // A few rows less are worth no marker, and no reason not to read it otherwise.
  if (out && out->text.size() * 20 > input.text.size() * 19) out.reset();
  if (!out && parts.size() == 1 && parts.front().whole) out = rewrite(input, parts.front().grid);
  if (is_listing(parts, out, input.text)) out = as_listing(input, std::move(out));
  if (!out || out->text.size() >= input.text.size()) return std::nullopt;
  return out;
}

}  // namespace headroom::compress
