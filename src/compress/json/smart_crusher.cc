#include "compress/json/smart_crusher.h"

#include <algorithm>

#include <fmt/format.h>

#include "compress/json/column_facts.h"
#include "compress/json/exact_frame.h"
#include "compress/json/layout.h"
#include "compress/json/question.h"
#include "compress/json/row_budget.h"
#include "compress/json/row_selection.h"
#include "compress/json/summary.h"
#include "compress/marker.h"

namespace headroom::compress {
namespace {

using json::Layout;

/// Texts that are shorter than this as tables stay whole.
constexpr std::size_t kKeepWholeTokens = 700;

constexpr std::size_t kLargeBytes = 128 * 1024;

/// About how much of a table is shown even when nothing speaks for its rows.
constexpr std::size_t kFloorTokens = 400;

/// Tokens of a text, near enough to decide about dropping; exact counts are the caller's.
std::size_t about_tokens(std::size_t bytes) {
  return bytes * 2 / 5;
}

class Crush {
 public:
  Crush(const Input& input, const Layout& layout) : input_(input), layout_(layout), question_(input.query) {}

  /// Drops rows where there are many: sets `output.text`, which holds the lossless layout or nothing. `lossless_bytes`:
  /// size of that layout, or a guess.
  void drop_rows(Output& output, std::size_t lossless_bytes);

 private:
  std::size_t budget_for(const json::Table& table, std::size_t lossless_bytes) const;
  bool is_small(const base::JsonDocument& doc, const json::Table& table) const;
  std::size_t floor_for(const base::JsonDocument& doc, const json::Table& table) const;
  bool aggressive() const { return input_.profile == Profile::kAggressive; }

  const Input& input_;
  const Layout& layout_;
  json::Question question_;
};

std::size_t Crush::budget_for(const json::Table& table, std::size_t lossless_bytes) const {
  std::size_t budget = json::row_budget(table.rows.size()) / (aggressive() ? 2 : 1);
  if (input_.target_tokens > 0) {
    // Its share of the aim, in rows of average size.
    const double share =
        static_cast<double>(input_.target_tokens) / static_cast<double>(about_tokens(lossless_bytes) + 1);
    budget = std::max<std::size_t>(4, static_cast<std::size_t>(share * static_cast<double>(table.rows.size())));
  }
  return std::min(budget, table.rows.size());
}

/// True for a table that is not worth the risk: cheap by itself, and not one of very many.
bool Crush::is_small(const base::JsonDocument& doc, const json::Table& table) const {
  return about_tokens(doc.node(table.node).raw.size()) / 2 <= kKeepWholeTokens / (layout_.tables().size() + 1);
}

/// Rows that a table keeps however little speaks for them: showing them costs next to nothing.
std::size_t Crush::floor_for(const base::JsonDocument& doc, const json::Table& table) const {
  const std::size_t row_tokens = about_tokens(doc.node(table.node).raw.size()) / table.rows.size() / 2 + 1;
  return kFloorTokens / (aggressive() ? 4 : 1) / layout_.tables().size() / row_tokens;
}

void Crush::drop_rows(Output& output, std::size_t lossless) {
  const std::size_t adaptive = kKeepWholeTokens / (aggressive() ? 3 : 1);
  const std::size_t whole = input_.target_tokens > 0 ? input_.target_tokens : adaptive;
  if (about_tokens(lossless) <= whole) return;
  std::vector<std::vector<bool>> keeps(layout_.tables().size());
  std::vector<std::string> summaries, notes;
  std::size_t dropped = 0;
  for (std::size_t at = 0; at < layout_.tables().size(); ++at) {
    if (input_.deadline.expired()) return;
    const auto& [doc, table] = layout_.tables()[at];
    const std::size_t rows = table->rows.size();
    const std::size_t budget = budget_for(*table, lossless);
    if (budget >= rows || (input_.target_tokens == 0 && is_small(*doc, *table))) continue;
    const std::vector<json::ColumnFacts> facts = json::table_facts(*doc, *table, question_);
    if (input_.deadline.expired()) return;
    std::size_t least = input_.target_tokens > 0 ? budget : std::min(budget, floor_for(*doc, *table));
    json::Selection selection = json::select_rows(*doc, *table, facts, question_, budget, least);
    if (input_.target_tokens == 0 && !selection.answered) {
      const double share =
          aggressive() ? 0 : json::worthy_share(json::row_variety(*doc, *table, facts), about_tokens(lossless));
      if (share > 0 && lossless * 20 < input_.text.size() * 9) continue;
      least = static_cast<std::size_t>(share * static_cast<double>(rows));
      if (least > budget) selection = json::select_rows(*doc, *table, facts, question_, least, least);
    }
    const std::size_t kept = selection.rows.size();
    if (kept * 10 > rows * 8) continue;
    for (const json::KeptRow& row : selection.rows) {
      notes.push_back(fmt::format("{}[{}] kept: {}{}{}", table->label, row.row, json::reason_name(row.reason),
                                  row.detail.empty() ? "" : " in ", row.detail));
    }
    summaries.push_back(json::summarize(*doc, *table, facts, kept, selection.answers));
    keeps[at] = std::move(selection.keep);
    dropped += rows - kept;
  }
  if (dropped == 0) return;
  std::string what;
  for (const std::string& summary : summaries) what += (what.empty() ? "" : " | ") + summary;
  std::string text = layout_.write(keeps) + "\n" + handle_marker(input_.id, what);
  if (!output.text.empty() && text.size() >= output.text.size()) return;
  output.text = std::move(text);
  output.strategy = "json:rows";
  output.lossy = true;
  output.records_kept -= dropped;
  output.notes = std::move(notes);
}

}  // namespace

std::optional<Output> SmartCrusher::compress(const Input& input) const {
  const bool may_drop = !input.id.empty();
  const base::Result<Layout> layout = Layout::parse(input.text, input.type == detect::ContentType::kNdjson, !may_drop);
  if (!layout || input.deadline.expired()) return std::nullopt;
  Output output;
  output.strategy = layout->tables().empty() ? "json:minify" : "json:table";
  for (const Layout::Part& part : layout->tables()) output.records_before += part.table->rows.size();
  output.records_kept = output.records_before;
  // A large text will lose rows, so writing all of them first would be for nothing.
  const bool large = may_drop && input.text.size() > kLargeBytes;
  if (!large) output.text = layout->write({});
  if (may_drop) Crush(input, *layout).drop_rows(output, large ? input.text.size() / 2 : output.text.size());
  if (output.text.empty()) output.text = layout->write({});
  if (!layout->exact() && !output.lossy) {
    output.text += "\n" + handle_marker(input.id, "JSON in strings is shown without its white space");
    output.lossy = true;
  }
  if (!may_drop) {
    std::optional<std::string> framed = json::frame_exactly(input.text, output.text);
    if (!framed) return std::nullopt;
    output.text = std::move(*framed);
  }
  if (output.text.size() >= input.text.size()) return std::nullopt;
  return output;
}

}  // namespace headroom::compress
