#include "compress/json/row_selection.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "compress/json/candidates.h"

namespace headroom::compress::json {
namespace {

using base::JsonDocument;

/// Of the largest, or of those that are far from the others.
constexpr std::size_t kMostWanted = 3;

class Selector {
 public:
  explicit Selector(Candidates& candidates)
      : c_(candidates), table_(c_.table), facts_(c_.facts), rows_(c_.rows), budget_(c_.budget) {}

  Selection run(std::size_t least);

 private:
  void find_examples();
  void take();
  bool duplicate(std::uint32_t row);
  void keep_parents();
  void keep_children();

  Candidates& c_;
  const Table& table_;
  const std::vector<ColumnFacts>& facts_;
  std::size_t rows_;
  std::size_t budget_;
  std::unordered_set<std::uint64_t> seen_rows_;
  Selection selection_;
  std::vector<bool> keep_;
};

void Selector::find_examples() {
  for (std::size_t column = 0; column < facts_.size(); ++column) {
    if (!facts_[column].categorical || facts_[column].distinct > 16) continue;
    const Column& data = table_.columns[column];
    std::vector<bool> seen(data.counts.size(), false);
    for (std::size_t row = 0; row < rows_; ++row) {
      if (keep_[row]) seen[data.values[row]] = true;
    }
    for (std::size_t row = 0; row < rows_; ++row) {
      if (seen[data.values[row]]) continue;
      seen[data.values[row]] = true;
      c_.propose(Reason::kExample, 1, row, column);
    }
  }
}

/// True when an equal row has been taken already.
bool Selector::duplicate(std::uint32_t row) {
  std::uint64_t hash = 7;
  for (std::size_t column = 0; column < table_.columns.size(); ++column) {
    if (column == table_.children) return false;
    hash = hash * 1000003 + table_.columns[column].values[row];
  }
  if (table_.irregular[row] || table_.kind == Table::Kind::kEntries) return false;
  return !seen_rows_.insert(hash).second;
}

void Selector::take() {
  std::ranges::stable_sort(c_.list, [](const Candidate& a, const Candidate& b) {
    if (a.reason != b.reason) return a.reason < b.reason;
    if (a.score != b.score) return a.score > b.score;
    return a.row < b.row;
  });
  // What must stay is limited per reason, so that one common oddity cannot fill the output.
  std::array<std::size_t, 16> limit{};
  limit.fill(rows_);
  const auto set = [&](Reason reason, std::size_t value) { limit[static_cast<std::size_t>(reason)] = value; };
  set(Reason::kAsked, std::max<std::size_t>(kMaxAnswer + 15, budget_));
  set(Reason::kError, std::max<std::size_t>(16, budget_));
  set(Reason::kOdd, std::max<std::size_t>(12, budget_ * 2 / 3));
  set(Reason::kOutlier, std::max<std::size_t>(8, budget_ / 2));
  set(Reason::kExtreme, std::max<std::size_t>(10, budget_ / 2));
  set(Reason::kRareWords, std::max<std::size_t>(6, budget_ / 3));
  set(Reason::kRelevant, std::max<std::size_t>(5, budget_ / 3));
  set(Reason::kRange, std::max<std::size_t>(6, budget_ / 2));
  set(Reason::kChange, std::max<std::size_t>(8, budget_ / 3));
  std::array<std::size_t, 16> used{};
  std::unordered_set<std::uint32_t> seen;
  for (const Candidate& candidate : c_.list) {
    const auto reason = static_cast<std::size_t>(candidate.reason);
    if (keep_[candidate.row] || seen.contains(candidate.row)) continue;
    // Beside what the question names, what only stands out has no claim to more than the budget; but the words of a
    // long request name much, and if it asks for the largest, too, then a few of those stay.
    const bool named = used[static_cast<std::size_t>(Reason::kAsked)] > 0;
    const bool must = candidate.reason < Reason::kEnds;
    const bool far = candidate.reason == Reason::kOutlier || candidate.reason == Reason::kExtreme;
    const bool wanted = far && c_.question.superlative() && used[reason] < kMostWanted;
    const bool claims = wanted || (must && !(named && candidate.reason > Reason::kError));
    if (selection_.rows.size() >= budget_ && !claims) continue;
    if (used[reason] >= limit[reason]) continue;
    seen.insert(candidate.row);
    if (duplicate(candidate.row) && !must) continue;
    ++used[reason];
    keep_[candidate.row] = true;
    const bool ordered = candidate.reason == Reason::kRange && c_.question.superlative();
    const bool stands_out = must && candidate.reason != Reason::kRareWords;
    selection_.answered = selection_.answered || stands_out || ordered;
    selection_.rows.push_back({candidate.row, candidate.reason,
                               candidate.column == kMissing ? std::string() : table_.columns[candidate.column].name});
  }
  c_.list.clear();
}

void Selector::keep_parents() {
  if (table_.kind != Table::Kind::kTree) return;
  for (std::size_t at = 0; at < selection_.rows.size(); ++at) {
    const std::uint32_t parent = table_.parents[selection_.rows[at].row];
    if (parent == kMissing || keep_[parent]) continue;
    keep_[parent] = true;
    selection_.rows.push_back({parent, Reason::kParent, {}});
  }
}

/// What a named folder holds is asked for with it, where that is little.
void Selector::keep_children() {
  static constexpr std::size_t kMostChildren = 40, kMostInAll = 60;
  if (table_.kind != Table::Kind::kTree) return;
  std::vector<bool> named(rows_, false);
  for (const KeptRow& row : selection_.rows) named[row.row] = row.reason == Reason::kAsked;
  std::vector<std::vector<std::uint32_t>> children(rows_);
  for (std::uint32_t row = 0; row < rows_; ++row) {
    const std::uint32_t parent = table_.parents[row];
    if (parent != kMissing && named[parent] && children[parent].size() <= kMostChildren)
      children[parent].push_back(row);
  }
  std::size_t in_all = 0;
  for (const std::vector<std::uint32_t>& inside : children) {
    if (inside.size() > kMostChildren || in_all + inside.size() > kMostInAll) continue;
    in_all += inside.size();
    for (const std::uint32_t row : inside) {
      if (keep_[row]) continue;
      keep_[row] = true;
      selection_.rows.push_back({row, Reason::kAsked, {}});
    }
  }
}

Selection Selector::run(std::size_t least) {
  keep_.assign(rows_, false);
  const std::size_t ends = rows_ >= 40 ? 2 : 1;
  for (std::size_t at = 0; at < ends; ++at) {
    c_.propose(Reason::kEnds, 2, at);
    c_.propose(Reason::kEnds, 2, rows_ - 1 - at);
  }
  find_asked(c_);
  find_bounds(c_);
  find_dates(c_);
  find_keys(c_);
  find_conditions(c_);
  find_duplicates(c_);
  find_durations(c_);
  find_categories(c_);
  find_described_names(c_);
  find_ordered_text(c_);
  find_errors(c_);
  find_failed_groups(c_);
  find_odd_rows(c_);
  find_unequal_columns(c_);
  find_grouped_numbers(c_);
  for (std::size_t column = 0; column < facts_.size(); ++column) {
    if (column == table_.children) continue;
    find_odd_cells(c_, column);
    find_numbers(c_, column);
    find_bend(c_, column);
  }
  take();
  if (selection_.rows.size() < budget_) {
    find_examples();
    take();
  }
  // Lists are mostly sorted by what matters: the first ones fill up.
  for (std::uint32_t row = 0; row < rows_ && selection_.rows.size() < least; ++row) {
    if (keep_[row]) continue;
    keep_[row] = true;
    selection_.rows.push_back({row, Reason::kExample, {}});
  }
  keep_children();
  keep_parents();
  std::ranges::sort(selection_.rows, {}, &KeptRow::row);
  selection_.answers = std::move(c_.answers);
  selection_.keep = std::move(keep_);
  return std::move(selection_);
}

}  // namespace

std::string_view reason_name(Reason reason) {
  static constexpr std::array<std::string_view, 12> kNames = {"asked for", "error",      "odd value",     "outlier",
                                                              "extreme",   "rare words", "first or last", "relevant",
                                                              "range",     "change",     "example",       "parent"};
  return kNames[static_cast<std::size_t>(reason)];
}

Selection select_rows(const JsonDocument& doc, const Table& table, const std::vector<ColumnFacts>& facts,
                      const Question& question, std::size_t budget, std::size_t least) {
  Candidates candidates(doc, table, facts, question, budget);
  return Selector(candidates).run(least);
}

}  // namespace headroom::compress::json
