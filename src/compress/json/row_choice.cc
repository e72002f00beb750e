#include "compress/json/row_choice.h"

#include <algorithm>

#include "compress/json/conversation.h"
#include "compress/json/row_budget.h"

namespace headroom::compress::json {
namespace {

/// Texts that are shorter than this as tables stay whole.
constexpr std::size_t kKeepWholeTokens = 700;

/// A row is tiny when it has this part of the bytes of an average one; all of them may cost this part of the table.
constexpr std::size_t kTinyPart = 6;
constexpr std::size_t kTinyCost = 8;

/// About how much of a table is shown even when nothing speaks for its rows.
constexpr std::size_t kFloorTokens = 400;

/// A gentle profile has so many times the rows.
constexpr std::size_t kGentleTimes = 3;

std::size_t budget_for(const Table& table, const RowAims& aims) {
  std::size_t budget = row_budget(table.rows.size()) / (aims.aggressive() ? 2 : 1);
  if (aims.profile == Profile::kGentle) budget *= kGentleTimes;
  if (aims.target_tokens > 0) {
    // Its share of the aim, in rows of average size.
    const double share =
        static_cast<double>(aims.target_tokens) / static_cast<double>(about_tokens(aims.lossless_bytes) + 1);
    budget = std::max<std::size_t>(4, static_cast<std::size_t>(share * static_cast<double>(table.rows.size())));
  }
  return std::min(budget, table.rows.size());
}

/// True for a table that is not worth the risk: cheap by itself, and not one of very many.
bool is_small(std::size_t table_bytes, const RowAims& aims) {
  return about_tokens(table_bytes) / 2 <= kKeepWholeTokens / (aims.tables + 1);
}

/// Rows that a table keeps however little speaks for them: showing them costs next to nothing.
std::size_t floor_for(std::size_t table_bytes, std::size_t rows, const RowAims& aims) {
  const std::size_t row_tokens = about_tokens(table_bytes) / rows / 2 + 1;
  const std::size_t floor = kFloorTokens * (aims.profile == Profile::kGentle ? kGentleTimes : 1);
  return floor / (aims.aggressive() ? 4 : 1) / aims.tables / row_tokens;
}

/// Rows that are tiny beside the others stay, too, where all of them together cost next to nothing: the words of a
/// notebook between its pictures.
void keep_tiny_rows(const base::JsonDocument& doc, const Table& table, Selection& selection) {
  std::size_t all = 0;
  for (const std::uint32_t row : table.rows) all += doc.node(row).raw.size();
  const std::size_t tiny = all / table.rows.size() / kTinyPart;
  std::vector<KeptRow> more;
  std::size_t cost = 0;
  for (std::uint32_t row = 0; row < table.rows.size(); ++row) {
    const std::size_t size = doc.node(table.rows[row]).raw.size();
    if (selection.keep[row] || size > tiny) continue;
    cost += size;
    more.push_back({row, Reason::kExample, {}});
  }
  if (cost * kTinyCost > all) return;
  for (KeptRow& row : more) {
    selection.keep[row.row] = true;
    selection.rows.push_back(std::move(row));
  }
  std::ranges::sort(selection.rows, {}, &KeptRow::row);
}

/// A conversation that costs little, once it is a table.
bool is_worth_reading(const base::JsonDocument& doc, const Table& table, const std::vector<ColumnFacts>& facts,
                      const RowAims& aims) {
  const bool cheap = worthy_share(1, about_tokens(aims.lossless_bytes)) > 0;
  return cheap && aims.lossless_bytes * 20 < aims.text_bytes * 9 && is_conversation(doc, table, facts);
}

}  // namespace

std::size_t about_tokens(std::size_t bytes) {
  return bytes * 2 / 5;
}

bool stays_whole(const RowAims& aims) {
  const std::size_t adaptive = kKeepWholeTokens / (aims.aggressive() ? 3 : 1);
  return about_tokens(aims.lossless_bytes) <= (aims.target_tokens > 0 ? aims.target_tokens : adaptive);
}

std::optional<RowChoice> choose_rows(const base::JsonDocument& doc, const Table& table, const Question& question,
                                     const RowAims& aims, base::Deadline deadline) {
  const std::size_t rows = table.rows.size();
  const std::size_t bytes = doc.node(table.node).raw.size();
  const std::size_t budget = budget_for(table, aims);
  if (budget >= rows || (aims.target_tokens == 0 && is_small(bytes, aims))) return std::nullopt;
  RowChoice choice{.selection = {}, .facts = table_facts(doc, table, question)};
  if (deadline.expired()) return std::nullopt;
  if (aims.target_tokens == 0 && !aims.aggressive() && is_worth_reading(doc, table, choice.facts, aims)) {
    return std::nullopt;
  }
  std::size_t least = aims.target_tokens > 0 ? budget : std::min(budget, floor_for(bytes, rows, aims));
  choice.selection = select_rows(doc, table, choice.facts, question, budget, least);
  if (aims.target_tokens == 0 && !choice.selection.answered) {
    const double share =
        aims.aggressive() ? 0 : worthy_share(row_variety(doc, table, choice.facts), about_tokens(aims.lossless_bytes));
    if (share > 0 && aims.lossless_bytes * 20 < aims.text_bytes * 9) return std::nullopt;
    least = static_cast<std::size_t>(share * static_cast<double>(rows));
    if (least > budget) choice.selection = select_rows(doc, table, choice.facts, question, least, least);
  }
  if (choice.selection.rows.size() * 10 > rows * 8) return std::nullopt;
  if (aims.target_tokens == 0 && table.kind != Table::Kind::kTree) keep_tiny_rows(doc, table, choice.selection);
  if (choice.selection.rows.size() == rows) return std::nullopt;
  return choice;
}

}  // namespace headroom::compress::json
