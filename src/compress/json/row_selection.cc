#include "compress/json/row_selection.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "compress/json/value_facts.h"

namespace headroom::compress::json {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

struct Candidate {
  Reason reason = Reason::kExample;
  double score = 0;
  std::uint32_t row = 0;
  std::uint32_t column = kMissing;
};

class Selector {
 public:
  Selector(const JsonDocument& doc, const Table& table, const std::vector<ColumnFacts>& facts, const Question& question,
           std::size_t budget)
      : doc_(doc), table_(table), facts_(facts), question_(question), rows_(table.rows.size()), budget_(budget) {
    for (std::size_t row = 0; row < rows_; ++row) {
      starts_.push_back(static_cast<std::size_t>(doc.node(table.rows[row]).raw.data() - doc.node(0).raw.data()));
    }
  }

  Selection run(std::size_t least);

 private:
  void propose(Reason reason, double score, std::size_t row, std::size_t column = kMissing) {
    candidates_.push_back({reason, score, static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column)});
  }
  void find_asked();
  void find_asked_literals();
  void find_bounds();
  void find_errors();
  void find_odd_rows();
  void find_odd_values(std::size_t column);
  void find_empty_values(std::size_t column);
  void find_numbers(std::size_t column);
  void find_number_rows(std::size_t column, const std::vector<double>& numbers);
  void find_bend(std::size_t column);
  void find_words_and_shapes(std::size_t column);
  void find_changes(std::size_t column);
  void find_examples();
  void take();
  bool duplicate(std::uint32_t row);
  void keep_parents();
  std::vector<std::uint32_t> rows_with(const std::string& literal) const;

  const JsonDocument& doc_;
  const Table& table_;
  const std::vector<ColumnFacts>& facts_;
  const Question& question_;
  std::size_t rows_;
  std::size_t budget_;
  std::vector<std::size_t> starts_;
  std::vector<Candidate> candidates_;
  std::unordered_set<std::uint64_t> seen_rows_;
  Selection selection_;
  std::vector<bool> keep_;
};

/// Rows whose text holds the literal; a literal that is a number or ends in one must not run on.
std::vector<std::uint32_t> Selector::rows_with(const std::string& literal) const {
  std::vector<std::uint32_t> out;
  const JsonNode& all = doc_.node(table_.node);
  const char* origin = doc_.node(0).raw.data();
  const auto is_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  for (std::size_t at = all.raw.find(literal); at != std::string_view::npos; at = all.raw.find(literal, at)) {
    const std::size_t end = at + literal.size();
    const bool joined = (at > 0 && is_word(all.raw[at - 1]) && is_word(literal.front())) ||
                        (end < all.raw.size() && is_word(all.raw[end]) && is_word(literal.back()));
    if (!joined) {
      const auto offset = static_cast<std::size_t>(all.raw.data() - origin) + at;
      auto row = std::ranges::upper_bound(starts_, offset) - starts_.begin();
      // The key of a map's member stands before its value.
      if (table_.kind == Table::Kind::kEntries && static_cast<std::size_t>(row) < rows_ &&
          doc_.node(table_.rows[static_cast<std::size_t>(row)]).key_raw.data() - origin <=
              static_cast<std::ptrdiff_t>(offset)) {
        ++row;
      }
      if (row > 0 && (out.empty() || out.back() != row - 1)) out.push_back(static_cast<std::uint32_t>(row - 1));
    }
    at = end;
  }
  return out;
}

void Selector::find_asked_literals() {
  for (const std::string& literal : question_.literals()) {
    std::vector<std::uint32_t> rows = rows_with(literal);
    if (rows.empty()) continue;
    if (rows.size() <= std::max<std::size_t>(8, rows_ / 20)) {
      for (std::uint32_t row : rows) propose(Reason::kAsked, 10.0 + static_cast<double>(literal.size()), row);
      continue;
    }
    // Named, but it is everywhere: the first and last of them, and those that lack it when they are few.
    propose(Reason::kAsked, 2, rows.front());
    propose(Reason::kAsked, 2, rows.back());
    if ((rows_ - rows.size()) * 7 > rows_) continue;
    std::size_t next = 0;
    for (std::uint32_t row = 0; row < rows_; ++row) {
      if (next < rows.size() && rows[next] == row) {
        ++next;
      } else {
        propose(Reason::kAsked, 5, row);
      }
    }
  }
}

void Selector::find_asked() {
  find_asked_literals();
  std::vector<std::uint64_t> masks(rows_, 0);
  for (std::size_t column = 0; column < facts_.size(); ++column) {
    if (column == table_.children) continue;
    const std::vector<std::uint32_t>& values = table_.columns[column].values;
    for (std::size_t row = 0; row < rows_; ++row) masks[row] |= facts_[column].matches[values[row]];
  }
  if (table_.kind == Table::Kind::kEntries) {
    for (std::size_t row = 0; row < rows_; ++row) masks[row] |= question_.match(doc_.node(table_.rows[row]).key);
  }
  std::array<std::size_t, Question::kMaxTerms> frequency{};
  for (std::uint64_t mask : masks) {
    for (std::uint64_t rest = mask; rest != 0; rest &= rest - 1)
      ++frequency[static_cast<std::size_t>(__builtin_ctzll(rest))];
  }
  std::array<double, Question::kMaxTerms> idf{};
  for (std::size_t term = 0; term < question_.terms().size(); ++term) {
    const double df = static_cast<double>(frequency[term]);
    const double n = static_cast<double>(rows_);
    idf[term] = frequency[term] * 3 > rows_
                    ? 0.0
                    : std::log(1.0 + (n - df + 0.5) / (df + 0.5)) * question_.terms()[term].weight;
  }
  double best = 0;
  std::vector<double> scores(rows_, 0);
  for (std::size_t row = 0; row < rows_; ++row) {
    for (std::uint64_t rest = masks[row]; rest != 0; rest &= rest - 1) {
      scores[row] += idf[static_cast<std::size_t>(__builtin_ctzll(rest))];
    }
    best = std::max(best, scores[row]);
  }
  const std::size_t few = std::max<std::size_t>(6, rows_ / 50);
  for (std::size_t row = 0; row < rows_; ++row) {
    if (scores[row] <= 0) continue;
    bool rare = false;
    for (std::uint64_t rest = masks[row]; rest != 0; rest &= rest - 1) {
      const auto term = static_cast<std::size_t>(__builtin_ctzll(rest));
      rare = rare || (frequency[term] <= few && question_.terms()[term].weight > 1);
    }
    propose(rare ? Reason::kAsked : Reason::kRelevant, scores[row], row);
  }
}

void Selector::find_bounds() {
  for (const Question::Bound& bound : question_.bounds()) {
    for (std::size_t column = 0; column < facts_.size(); ++column) {
      if (!facts_[column].numeric || facts_[column].time) continue;
      std::vector<std::uint32_t> rows;
      for (std::uint32_t row = 0; row < rows_; ++row) {
        const double number = facts_[column].numbers[table_.columns[column].values[row]];
        if (bound.above ? number >= bound.value : number <= bound.value) rows.push_back(row);
      }
      const std::size_t limit = facts_[column].named ? std::max<std::size_t>(12, rows_ / 8) : 6;
      if (rows.size() > limit) continue;
      for (std::uint32_t row : rows) propose(Reason::kAsked, facts_[column].named ? 12 : 4, row, column);
    }
  }
}

/// All rows that fail when they are few; else a first and a last one of every kind of failure.
void Selector::find_errors() {
  std::vector<std::uint32_t> rows, columns;
  for (std::uint32_t row = 0; row < rows_; ++row) {
    for (std::uint32_t column = 0; column < facts_.size(); ++column) {
      if (!facts_[column].errors[table_.columns[column].values[row]]) continue;
      rows.push_back(row);
      columns.push_back(column);
      break;
    }
  }
  const std::size_t few = std::max<std::size_t>(10, budget_ / 2);
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::vector<std::uint32_t>> kinds;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const Column& column = table_.columns[columns[at]];
    std::uint64_t kind = column.values[rows[at]];
    if (rows.size() > few && column.counts[kind] <= 2) kind = shape_of(doc_.node(column.cells[rows[at]]));
    kinds[{columns[at], kind}].push_back(rows[at]);
  }
  for (const auto& [key, members] : kinds) {
    const double score = 1.0 / static_cast<double>(members.size());
    if (rows.size() <= few) {
      for (std::uint32_t row : members) propose(Reason::kError, 2 + score, row, key.first);
    } else {
      propose(Reason::kError, 1 + score, members.front(), key.first);
      propose(Reason::kError, score, members.back(), key.first);
    }
  }
}

void Selector::find_odd_rows() {
  std::size_t irregular = 0;
  for (std::size_t row = 0; row < rows_; ++row) irregular += table_.irregular[row];
  for (std::size_t row = 0, seen = 0; row < rows_ && irregular > 0; ++row) {
    if (table_.irregular[row] && (irregular <= 6 || ++seen <= 3)) propose(Reason::kOdd, 3, row);
  }
}

/// Values (missing is one) that hardly another row has, in a column whose values otherwise repeat.
void Selector::find_odd_values(std::size_t column) {
  const ColumnFacts& facts = facts_[column];
  const Column& data = table_.columns[column];
  if (!facts.categorical) return;
  const std::size_t kinds = facts.distinct + (data.counts[0] > 0 ? 1 : 0);
  std::size_t rare_at = std::max<std::size_t>(2, rows_ / 80);
  const bool dominated = std::ranges::max(data.counts) * 2 > rows_;
  if (kinds <= 4) rare_at = std::max(rare_at, rows_ / 12);
  if (kinds <= 4 && facts.named && dominated) rare_at = std::max(rare_at, rows_ / 3);
  if (kinds <= 1) return;
  std::size_t rare_values = 0;
  for (std::uint32_t count : data.counts) rare_values += count > 0 && count <= rare_at;
  const bool tail = rare_values > 12;
  const std::size_t each = kinds <= 4 ? (facts.named ? 12 : 4) : 2;
  std::vector<std::uint32_t> taken(data.counts.size(), 0);
  for (std::size_t row = 0; row < rows_; ++row) {
    const std::uint32_t value = data.values[row];
    if (data.counts[value] > rare_at || ++taken[value] > each) continue;
    const bool silent_null = value == 0 && data.group != kMissing;
    if (silent_null) continue;
    const double share = static_cast<double>(data.counts[value]) / static_cast<double>(rows_);
    propose(tail ? Reason::kExample : Reason::kOdd,
            (facts.named ? 3 : 1) + 1.0 / static_cast<double>(rare_values) - share, row, column);
  }
}

/// The few rows that have nothing where the others have something; more of them when the question is about that.
void Selector::find_empty_values(std::size_t column) {
  const Column& data = table_.columns[column];
  std::vector<std::uint32_t> empty;
  for (std::uint32_t row = 0; row < rows_; ++row) {
    if (data.values[row] == 0 ? data.group == kMissing : is_empty_value(doc_.node(data.cells[row])))
      empty.push_back(row);
  }
  const bool asked = question_.negation() && facts_[column].named;
  if (empty.size() > (asked ? rows_ / 3 : std::max<std::size_t>(1, rows_ / 20))) return;
  for (std::size_t at = 0; at < std::min<std::size_t>(empty.size(), asked ? 16 : 3); ++at) {
    propose(asked ? Reason::kAsked : Reason::kOdd, asked ? 6 : 0.7 + 1.0 / static_cast<double>(empty.size()), empty[at],
            column);
  }
}

void Selector::find_numbers(std::size_t column) {
  const ColumnFacts& facts = facts_[column];
  if (facts.numeric) find_number_rows(column, facts.numbers);
  for (const std::vector<double>& part : facts.parts) find_number_rows(column, part);
}

/// Outliers, minima and maxima.
void Selector::find_number_rows(std::size_t column, const std::vector<double>& numbers) {
  const ColumnFacts& facts = facts_[column];
  const Column& data = table_.columns[column];
  std::vector<std::pair<double, std::uint32_t>> sorted;
  for (std::uint32_t row = 0; row < rows_; ++row) {
    const double number = numbers[data.values[row]];
    if (!std::isnan(number)) sorted.emplace_back(number, row);
  }
  if (sorted.size() < 2) return;
  std::ranges::sort(sorted);
  if (sorted.front().first == sorted.back().first) return;
  // A sign that hardly another number has.
  const auto negative = static_cast<std::size_t>(std::ranges::lower_bound(sorted, std::pair(0.0, 0U)) - sorted.begin());
  if (negative > 0 && negative <= std::max<std::size_t>(1, sorted.size() / 40)) {
    for (std::size_t at = 0; at < std::min<std::size_t>(3, negative); ++at) {
      propose(Reason::kOdd, 2, sorted[at].second, column);
    }
  }
  const auto median = sorted[sorted.size() / 2].first;
  std::vector<double> deviations;
  for (const auto& [number, row] : sorted) deviations.push_back(std::fabs(number - median));
  std::ranges::nth_element(deviations, deviations.begin() + static_cast<std::ptrdiff_t>(deviations.size() / 2));
  double spread = 1.4826 * deviations[deviations.size() / 2];
  if (spread == 0) {
    for (double deviation : deviations) spread += deviation / static_cast<double>(deviations.size());
  }
  const bool about = facts.named || (question_.superlative() && (!question_.wants_time() || facts.time));
  const std::size_t depth = facts.named && question_.superlative() ? 4 : about ? 3 : 2;
  const double weight = facts.named ? 2 : 1;
  const auto offer = [&](std::size_t rank, const std::pair<double, std::uint32_t>& entry) {
    const double z = spread > 0 ? std::fabs(entry.first - median) / spread : 0;
    if (rank < 3 && z > 8 && !facts.time) propose(Reason::kOutlier, weight * std::log(z), entry.second, column);
    if (rank >= depth) return;
    const Reason reason = about ? Reason::kExtreme : Reason::kRange;
    propose(reason, weight * (1 + std::min(z, 20.0) / 10) / static_cast<double>(rank + 1), entry.second, column);
  };
  for (std::size_t rank = 0; rank < std::min<std::size_t>(4, sorted.size()); ++rank) {
    offer(rank, sorted[rank]);
    // Among equals the first in the text speaks for them.
    const auto top = sorted[sorted.size() - 1 - rank];
    offer(rank, top);
  }
}

/// Where a series bends: the split into two straight lines that leaves much less error than one line does.
void Selector::find_bend(std::size_t column) {
  const ColumnFacts& facts = facts_[column];
  if (!facts.numeric || facts.time || rows_ < 24 || table_.kind == Table::Kind::kTree) return;
  const Column& data = table_.columns[column];
  struct Sums {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    double error() const {
      const double vx = xx - x * x / n, vy = yy - y * y / n, vxy = xy - x * y / n;
      return vx > 0 ? std::max(0.0, vy - vxy * vxy / vx) : std::max(0.0, vy);
    }
  };
  std::vector<Sums> sums(rows_ + 1);
  for (std::size_t row = 0; row < rows_; ++row) {
    const double y = facts.numbers[data.values[row]];
    if (std::isnan(y)) return;
    const double x = static_cast<double>(row);
    const Sums& s = sums[row];
    sums[row + 1] = {s.n + 1, s.x + x, s.y + y, s.xx + x * x, s.xy + x * y, s.yy + y * y};
  }
  const Sums& all = sums[rows_];
  const double whole = all.error();
  double best = whole;
  std::size_t at = 0;
  for (std::size_t split = 6; split + 6 <= rows_; ++split) {
    const Sums& a = sums[split];
    const Sums b = {all.n - a.n, all.x - a.x, all.y - a.y, all.xx - a.xx, all.xy - a.xy, all.yy - a.yy};
    if (const double error = a.error() + b.error(); error < best) {
      best = error;
      at = split;
    }
  }
  if (at == 0 || best > whole * 0.5 || whole < 1e-9 * (1 + all.yy)) return;
  for (std::size_t row = at - 2; row <= at + 1; ++row) propose(Reason::kChange, 2.0 - best / whole, row, column);
}

void Selector::find_words_and_shapes(std::size_t column) {
  const ColumnFacts& facts = facts_[column];
  const Column& data = table_.columns[column];
  std::vector<std::size_t> lengths;
  for (std::size_t row = 0; row < rows_; ++row) {
    const std::uint32_t value = data.values[row];
    if (value == 0) continue;
    if (!facts.rare_words.empty() && facts.rare_words[value] > 0) {
      propose(Reason::kRareWords, facts.rare_words[value] + (facts.named ? 2 : 0), row, column);
    }
    if (!facts.shapes.empty() && facts.shapes[value] != 0)
      propose(Reason::kOdd, facts.distinct > rows_ / 2 ? 0.5 : 0.8, row, column);
    lengths.push_back(doc_.node(data.cells[row]).raw.size());
  }
  if (lengths.size() < 8) return;
  std::ranges::nth_element(lengths, lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2));
  const std::size_t usual = lengths[lengths.size() / 2];
  std::vector<std::pair<std::size_t, std::uint32_t>> longest;
  for (std::uint32_t row = 0; row < rows_; ++row) {
    if (data.values[row] == 0) continue;
    const std::size_t length = doc_.node(data.cells[row]).raw.size();
    if (length > 60 && length > usual * 3) longest.emplace_back(length, row);
  }
  std::ranges::sort(longest, std::greater<>());
  for (std::size_t at = 0; at < std::min<std::size_t>(2, longest.size()); ++at) {
    propose(Reason::kRange, 2.0 + static_cast<double>(longest[at].first) / static_cast<double>(usual + 1) / 100,
            longest[at].second, column);
  }
}

void Selector::find_changes(std::size_t column) {
  const ColumnFacts& facts = facts_[column];
  const Column& data = table_.columns[column];
  if (!facts.categorical || facts.distinct < 2 || table_.kind == Table::Kind::kTree) return;
  std::vector<std::size_t> changes;
  for (std::size_t row = 1; row < rows_; ++row) {
    if (data.values[row] != data.values[row - 1]) changes.push_back(row);
  }
  if (changes.size() > std::max<std::size_t>(4, rows_ / 40)) return;
  for (std::size_t row : changes) {
    propose(Reason::kChange, 1.0 / static_cast<double>(changes.size()), row, column);
    propose(Reason::kChange, 0.5 / static_cast<double>(changes.size()), row - 1, column);
  }
}

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
      propose(Reason::kExample, 1, row, column);
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
  std::ranges::stable_sort(candidates_, [](const Candidate& a, const Candidate& b) {
    if (a.reason != b.reason) return a.reason < b.reason;
    if (a.score != b.score) return a.score > b.score;
    return a.row < b.row;
  });
  // What must stay is limited per reason, so that one common oddity cannot fill the output.
  std::array<std::size_t, 16> limit{};
  limit.fill(rows_);
  const auto set = [&](Reason reason, std::size_t value) { limit[static_cast<std::size_t>(reason)] = value; };
  set(Reason::kAsked, std::max<std::size_t>(24, budget_));
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
  for (const Candidate& candidate : candidates_) {
    const auto reason = static_cast<std::size_t>(candidate.reason);
    if (keep_[candidate.row] || seen.contains(candidate.row)) continue;
    const bool must = candidate.reason < Reason::kEnds;
    if (!must && selection_.rows.size() >= budget_) break;
    if (used[reason] >= limit[reason]) continue;
    seen.insert(candidate.row);
    if (duplicate(candidate.row) && !must) continue;
    ++used[reason];
    keep_[candidate.row] = true;
    selection_.rows.push_back({candidate.row, candidate.reason,
                               candidate.column == kMissing ? std::string() : table_.columns[candidate.column].name});
  }
  candidates_.clear();
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

Selection Selector::run(std::size_t least) {
  keep_.assign(rows_, false);
  const std::size_t ends = rows_ >= 40 ? 2 : 1;
  for (std::size_t at = 0; at < ends; ++at) {
    propose(Reason::kEnds, 2, at);
    propose(Reason::kEnds, 2, rows_ - 1 - at);
  }
  find_asked();
  find_bounds();
  find_errors();
  find_odd_rows();
  for (std::size_t column = 0; column < facts_.size(); ++column) {
    if (column == table_.children) continue;
    find_odd_values(column);
    find_empty_values(column);
    find_numbers(column);
    find_bend(column);
    find_words_and_shapes(column);
    find_changes(column);
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
  keep_parents();
  std::ranges::sort(selection_.rows, {}, &KeptRow::row);
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

std::size_t row_budget(std::size_t rows) {
  return std::max<std::size_t>(10, static_cast<std::size_t>(2.4 * std::pow(static_cast<double>(rows), 0.45)));
}

Selection select_rows(const JsonDocument& doc, const Table& table, const std::vector<ColumnFacts>& facts,
                      const Question& question, std::size_t budget, std::size_t least) {
  return Selector(doc, table, facts, question, budget).run(least);
}

}  // namespace headroom::compress::json
