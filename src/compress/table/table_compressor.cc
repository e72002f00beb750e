#include "compress/table/table_compressor.h"

#include <algorithm>

#include <fmt/format.h>

#include "compress/json/question.h"
#include "compress/json/row_choice.h"
#include "compress/json/summary.h"
#include "compress/marker.h"
#include "compress/table/answer.h"
#include "compress/table/expand.h"
#include "compress/table/factoring.h"
#include "compress/table/grid.h"
#include "compress/table/padding.h"
#include "compress/table/view.h"

namespace headroom::compress {
namespace {

using table::Grid;

constexpr std::size_t kSmallest = 300;                  // bytes below which nothing is worth a try
constexpr std::size_t kLargest = std::size_t{1} << 30;  // positions are 32 bits wide

/// The lines of the rows that stay and all that are no rows, gaps between them, the handle.
std::string render(const Grid& grid, const std::vector<bool>& keep, std::string_view id, std::string_view what) {
  std::vector<bool> shown(grid.lines.size(), true);
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    for (std::uint32_t line = grid.rows[row].first_line; !keep[row] && line <= grid.rows[row].last_line; ++line)
      shown[line] = false;
  }
  std::string out;
  for (std::size_t line = 0; line < grid.lines.size(); ++line) {
    if (shown[line]) {
      out.append(grid.lines[line]).push_back('\n');
      continue;
    }
    const std::size_t first = line;
    while (line + 1 < grid.lines.size() && !shown[line + 1]) ++line;
    out += gap_marker(first + 1, line + 1) + "\n";
  }
  return out + handle_marker(id, what);
}

std::optional<Output> drop_rows(const Input& input, const Grid& grid) {
  const auto view = table::view_of(grid);
  if (!view || input.deadline.expired()) return std::nullopt;
  const json::Question question(input.query);
  const json::RowAims aims{.target_tokens = input.target_tokens,
                           .text_bytes = input.text.size(),
                           .lossless_bytes = input.text.size(),
                           .tables = 1,
                           .aggressive = input.profile == Profile::kAggressive};
  if (json::stays_whole(aims)) return std::nullopt;
  auto choice = json::choose_rows(view->document, view->table, question, aims, input.deadline);
  if (!choice) return std::nullopt;
  json::Selection& selection = choice->selection;
  table::Answer answer = table::find_answer(*view, choice->facts, question, input.query.user, aims);
  if (answer.everything) return std::nullopt;
  for (std::size_t row = 0; row < answer.rows.size(); ++row) {
    if (!answer.rows[row] || selection.keep[row]) continue;
    selection.keep[row] = true;
    selection.rows.push_back({static_cast<std::uint32_t>(row), json::Reason::kAsked, {}});
  }
  std::ranges::sort(selection.rows, {}, &json::KeptRow::row);
  if (selection.rows.size() * 10 > grid.rows.size() * 8) return std::nullopt;
  selection.answers.insert(selection.answers.begin(), answer.facts.begin(), answer.facts.end());
  Output out;
  out.strategy = "table:rows";
  out.lossy = true;
  out.records_before = grid.rows.size();
  out.records_kept = static_cast<std::size_t>(std::ranges::count(selection.keep, true));
  out.text = render(grid, selection.keep, input.id,
                    json::summarize(view->document, view->table, choice->facts, out.records_kept, selection.answers));
  for (const json::KeptRow& row : selection.rows) {
    out.notes.push_back(fmt::format("line {} kept: {}{}{}", grid.rows[row.row].first_line + 1,
                                    json::reason_name(row.reason), row.detail.empty() ? "" : " in ", row.detail));
  }
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
  const std::optional<Grid> grid = table::read_grid(input.text);
  if (!grid || input.deadline.expired()) return std::nullopt;
  std::optional<Output> out;
  if (!input.id.empty()) out = drop_rows(input, *grid);
  if (!out) out = rewrite(input, *grid);
  if (!out || out->text.size() >= input.text.size()) return std::nullopt;
  return out;
}

}  // namespace headroom::compress
