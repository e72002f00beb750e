#include "compress/table/answer.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/json/row_budget.h"
#include "compress/table/ask.h"
#include "compress/table/filters.h"
#include "compress/table/statistics.h"

namespace headroom::compress::table {
namespace {

using json::ColumnFacts;

/// Rows that meet a condition of the question all stay when they are no more than this, or this share.
constexpr std::size_t kFew = 40;
constexpr std::size_t kFewOutOf = 8;  // one in eight
/// ... and when the question wants them listed, up to so many in ten. More: nothing is dropped.
constexpr std::size_t kListedTenths = 6;
constexpr std::size_t kMinSubset = 8;
/// So much of what no row holds is said.
constexpr std::size_t kMaxAbsent = 4;

/// The rows of a table, as a table of its own.
json::Table subset(const json::Table& table, const base::JsonDocument& document, const std::vector<bool>& rows,
                   std::vector<std::uint32_t>& numbers) {
  json::Table out;
  out.kind = table.kind;
  out.node = table.node;
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    if (rows[row]) numbers.push_back(row);
  }
  for (const std::uint32_t row : numbers) out.rows.push_back(table.rows[row]);
  out.irregular.assign(numbers.size(), false);
  for (const json::Column& column : table.columns) {
    json::Column& copy = out.columns.emplace_back();
    copy.name = column.name;
    for (const std::uint32_t row : numbers) copy.cells.push_back(column.cells[row]);
    json::number_values(document, copy);
  }
  return out;
}

class Finder {
 public:
  Finder(const View& view, const std::vector<ColumnFacts>& facts, const json::Question& question, std::string_view user,
         const json::RowAims& aims)
      : view_(view),
        facts_(facts),
        question_(question),
        ask_(read_ask(user)),
        aims_(aims),
        rows_(view.table.rows.size()),
        filters_(find_filters(view, facts, question, user)) {}

  Answer run(std::string_view intent);

 private:
  void find_matches();
  void keep_matches();
  void choose_among(const std::vector<bool>& rows);
  void keep(const std::vector<bool>& rows) {
    for (std::size_t row = 0; row < rows_; ++row) answer_.rows[row] = answer_.rows[row] || rows[row];
  }
  void keep_top(const std::vector<bool>& among);
  void keep_named_inside(std::string_view intent);
  void state_counts();
  void state_sums();
  bool has_named_rows() const;
  std::size_t unexplained_words() const;
  std::vector<std::size_t> group_columns() const;

  const View& view_;
  const std::vector<ColumnFacts>& facts_;
  const json::Question& question_;
  Ask ask_;
  const json::RowAims& aims_;
  std::size_t rows_;
  std::vector<Filter> filters_;
  std::vector<bool> matches_;  ///< rows that meet most conditions; empty without conditions
  std::size_t matched_ = 0;
  std::string conditions_;        ///< those that all of `matches_` meet
  std::size_t named_inside_ = 0;  ///< most words that one row holds inside its cells, of those that few rows hold
  Answer answer_;
};

/// Rows that meet as many conditions as any row does.
void Finder::find_matches() {
  std::vector<std::size_t> met(rows_, 0);
  for (const Filter& filter : filters_) {
    for (std::size_t row = 0; row < rows_; ++row) met[row] += filter.rows[row];
  }
  const std::size_t most = filters_.empty() ? 0 : std::ranges::max(met);
  if (most == 0) return;
  matches_.assign(rows_, false);
  for (std::size_t row = 0; row < rows_; ++row) {
    matches_[row] = met[row] == most;
    matched_ += matches_[row];
  }
  for (const Filter& filter : filters_) {
    bool all = true;
    for (std::size_t row = 0; row < rows_; ++row) all = all && (!matches_[row] || filter.rows[row]);
    if (all) conditions_ += (conditions_.empty() ? "" : ", ") + filter.what;
  }
}

/// What stands out among some of the rows: the same selection as for the whole, within them.
void Finder::choose_among(const std::vector<bool>& rows) {
  std::vector<std::uint32_t> numbers;
  const json::Table part = subset(view_.table, view_.document, rows, numbers);
  if (numbers.size() < kMinSubset) {
    keep(rows);
    return;
  }
  const std::vector<ColumnFacts> facts = json::table_facts(view_.document, part, question_);
  const std::size_t budget = std::min(json::row_budget(numbers.size()), numbers.size());
  const json::Selection selection =
      json::select_rows(view_.document, part, facts, question_, aims_.aggressive() ? budget / 2 : budget, 0);
  for (const json::KeptRow& row : selection.rows) {
    if (row.reason <= json::Reason::kRange && row.reason != json::Reason::kRareWords)
      answer_.rows[numbers[row.row]] = true;
  }
}

void Finder::keep_matches() {
  const std::size_t few = std::max(kFew, rows_ / kFewOutOf);
  for (const Filter& filter : filters_) {
    if (filter.count <= few / 2) keep(filter.rows);
  }
  std::vector<bool> others = matches_;
  others.flip();
  const std::size_t other = rows_ - matched_;
  // "Which are not running?", "are all of them running?": the others are the answer.
  if (ask_.negates || matched_ * 10 > rows_ * kListedTenths) {
    if (other <= few || (ask_.negates && other * 10 <= rows_ * kListedTenths)) {
      keep(others);
    } else if (ask_.negates && ask_.enumerates) {
      answer_.everything = true;
    }
    if (ask_.negates) return;
  }
  const bool listed = ask_.enumerates && !ask_.extreme && !ask_.counts && !ask_.sums;
  if (matched_ <= few || (listed && matched_ * 10 <= rows_ * kListedTenths)) {
    keep(matches_);
  } else if (listed && other > few) {
    answer_.everything = true;
  } else {
    choose_among(matches_);
  }
}

/// "The five largest": so many rows at the end of the order that is asked for, with those that tie.
void Finder::keep_top(const std::vector<bool>& among) {
  const bool named = std::ranges::any_of(facts_, [](const ColumnFacts& facts) { return facts.numeric && facts.named; });
  for (std::size_t at = 0; at < facts_.size(); ++at) {
    if (!facts_[at].numeric || (named && !facts_[at].named)) continue;
    std::vector<std::pair<double, std::uint32_t>> order;
    for (std::uint32_t row = 0; row < rows_; ++row) {
      const double number = facts_[at].numbers[view_.table.columns[at].values[row]];
      if (!std::isnan(number) && (among.empty() || among[row])) order.emplace_back(number, row);
    }
    std::ranges::sort(order);
    const auto take = [&](auto begin, auto end) {
      std::size_t rank = 0;
      double last = 0;
      for (auto entry = begin; entry != end && rank < 2 * ask_.top; ++entry, ++rank) {
        if (rank >= ask_.top && entry->first != last) break;
        last = entry->first;
        answer_.rows[entry->second] = true;
      }
    };
    if (ask_.high || !ask_.low) take(order.rbegin(), order.rend());
    if (ask_.low) take(order.begin(), order.end());
  }
}

/// The cells in lower case, and which row a place in them belongs to.
class CellText {
 public:
  explicit CellText(const View& view) : text_(view.text) {
    std::ranges::transform(text_, text_.begin(), lower);
    for (const std::uint32_t row : view.table.rows) {
      const std::string_view raw = view.document.node(row).raw;
      ends_.push_back(static_cast<std::size_t>(raw.data() - view.text.data()) + raw.size());
    }
  }

  /// The first rows that hold the word (lower case), also inside a longer one; one more than `most` at most.
  std::vector<std::uint32_t> rows_with(std::string_view word, std::size_t most) const {
    std::vector<std::uint32_t> rows;
    for (std::size_t at = text_.find(word); at != std::string::npos && rows.size() <= most;) {
      const auto row = static_cast<std::size_t>(std::ranges::upper_bound(ends_, at) - ends_.begin());
      if (row >= ends_.size()) break;
      rows.push_back(static_cast<std::uint32_t>(row));
      at = text_.find(word, ends_[row]);
    }
    return rows;
  }

  static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

/// Rows with a word of the question inside a longer word: "boost" in "libboost-dev". What no row holds is said.
void Finder::keep_named_inside(std::string_view intent) {
  const CellText cells(view_);
  const std::size_t few = std::max(kFew / 2, rows_ / (2 * kFewOutOf));
  std::string absent;
  std::size_t absents = 0;
  std::vector<std::uint8_t> words(rows_, 0);
  const auto look = [&](std::string_view shown, bool say_absent) {
    std::string word(shown);
    std::ranges::transform(word, word.begin(), CellText::lower);
    const std::vector<std::uint32_t> rows = cells.rows_with(word, few);
    const bool column =
        std::ranges::any_of(view_.table.columns, [&](const json::Column& c) { return c.name == shown; });
    if (rows.empty() && say_absent && !column && absents < kMaxAbsent) {
      absent += fmt::format("{}{}", absents++ > 0 ? ", " : "", shown);
    }
    if (rows.size() > few) return;
    for (const std::uint32_t row : rows) {
      answer_.rows[row] = true;
      named_inside_ = std::max<std::size_t>(named_inside_, ++words[row]);
    }
  };
  for (const std::string& literal : question_.literals()) look(literal, true);
  for (const auto& term : question_.terms()) {
    if (term.weight > 2 && term.stem.size() >= 4) look(term.stem, false);
  }
  const json::Question of_intent(Query{.user = std::string(intent.substr(0, 1000))});
  for (const std::string& literal : of_intent.literals()) look(literal, false);
  if (!absent.empty()) answer_.facts.push_back(fmt::format("no row holds {}", absent));
}

/// Columns whose values the question would have things counted by.
std::vector<std::size_t> Finder::group_columns() const {
  std::vector<std::size_t> out;
  for (std::size_t at = 0; at < facts_.size(); ++at) {
    if (facts_[at].named && !facts_[at].numeric && facts_[at].distinct >= 2) out.push_back(at);
  }
  return out;
}

/// Words of the question that are neither in a title nor in a condition.
std::size_t Finder::unexplained_words() const {
  std::uint64_t explained = 0;
  for (const json::Column& column : view_.table.columns) explained |= question_.describes(column.name).all();
  for (const ColumnFacts& facts : facts_) {
    for (const std::uint64_t match : facts.matches) explained |= match;
  }
  std::uint64_t user = 0;
  for (const auto& term : question_.terms()) {
    // What is looked for beside a word, as its initials are, is no further word.
    if (term.weight > 2) user |= question_.user_words_in(term.stem);
  }
  return static_cast<std::size_t>(std::popcount(user & ~explained));
}

void Finder::state_counts() {
  const std::vector<std::size_t> groups = group_columns();
  if (matched_ > 0) {
    answer_.facts.push_back(fmt::format("{} rows with {}", matched_, conditions_));
    for (const Filter& filter : filters_) {
      if (filter.count != matched_) answer_.facts.push_back(fmt::format("{} rows with {}", filter.count, filter.what));
    }
  }
  bool told = matched_ > 0;
  for (const std::size_t column : groups) {
    answer_.facts.push_back(
        fmt::format("{} different values of {}", facts_[column].distinct, view_.table.columns[column].name));
    const std::string statistics =
        group_statistics(view_, facts_, column, std::string::npos, ask_.groups ? matches_ : std::vector<bool>());
    told = true;
    if (statistics.empty()) {
      answer_.everything = answer_.everything || ask_.groups;
    } else {
      answer_.facts.push_back(statistics);
    }
  }
  // "How many packages are there?": the rows, which the summary counts. Else something is meant that is not seen here.
  if (!told && unexplained_words() > 2) answer_.everything = true;
}

void Finder::state_sums() {
  std::vector<std::size_t> numbers, named;
  for (std::size_t at = 0; at < facts_.size(); ++at) {
    if (!is_plain_number_column(view_, facts_[at], at)) continue;
    numbers.push_back(at);
    if (facts_[at].named) named.push_back(at);
  }
  if (named.empty() && numbers.size() <= 2) named = numbers;
  const std::vector<std::size_t> groups = group_columns();
  bool told = false;
  for (std::size_t at = 0; at < std::min<std::size_t>(3, named.size()); ++at) {
    std::string statistics = number_statistics(view_, facts_[named[at]], named[at], matches_);
    if (statistics.empty()) continue;
    told = true;
    if (matched_ > 0) statistics += fmt::format(" in the {} rows with {}", matched_, conditions_);
    answer_.facts.push_back(std::move(statistics));
    for (const std::size_t column : groups) {
      const std::string by = group_statistics(view_, facts_, column, named[at], {});
      if (!by.empty()) {
        answer_.facts.push_back(by);
      } else if (ask_.groups) {
        answer_.everything = true;
      }
    }
  }
  // A share is one count among others.
  if (!told && named.empty() && !groups.empty()) {
    state_counts();
    told = true;
  }
  // "The worst median", "how much goes into parsing in total": rows that are kept anyway hold what is asked for.
  if (!told && !ask_.extreme && !has_named_rows()) answer_.everything = true;
}

/// Some rows have most of what the question says beside the titles, and they all stay.
bool Finder::has_named_rows() const {
  if (matched_ > 0 && matched_ <= kFew && filters_.size() >= 2) return true;
  return named_inside_ >= 2;
}

Answer Finder::run(std::string_view intent) {
  answer_.rows.assign(rows_, false);
  find_matches();
  const bool listed = ask_.everything && !ask_.extreme && !ask_.counts && !ask_.sums;
  if (ask_.rework || (listed && matched_ == 0)) {
    answer_.everything = true;
    return std::move(answer_);
  }
  if (matched_ > 0) keep_matches();
  keep_named_inside(intent);
  if (ask_.top > 0) {
    keep_top({});
    if (matched_ > 0) keep_top(matches_);
  }
  if (ask_.counts) state_counts();
  if (ask_.sums) state_sums();
  return std::move(answer_);
}

}  // namespace

Answer find_answer(const View& view, const std::vector<ColumnFacts>& facts, const json::Question& question,
                   const Query& query, const json::RowAims& aims) {
  return Finder(view, facts, question, query.user, aims).run(query.intent);
}

}  // namespace headroom::compress::table
