#include "compress/table/filters.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/table/time_range.h"

namespace headroom::compress::table {
namespace {

using base::JsonKind;
using base::JsonNode;
using json::Column;
using json::ColumnFacts;

constexpr std::size_t kLongestShown = 60;

/// Beginnings of the words with which questions ask for what went wrong.
constexpr std::array<std::string_view, 11> kFailure = {
    "fail", "error", "crash", "broken", "unhealthy", "problem", "exception", "trouble", "wrong", "fatal", "outage"};

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// True when the text holds the literal, not as a part of a longer word or number.
bool holds(std::string_view text, std::string_view literal) {
  for (std::size_t at = text.find(literal); at != std::string_view::npos; at = text.find(literal, at + 1)) {
    const std::size_t end = at + literal.size();
    const bool joined = (at > 0 && is_word(text[at - 1]) && is_word(literal.front())) ||
                        (end < text.size() && is_word(text[end]) && is_word(literal.back()));
    if (!joined) return true;
  }
  return false;
}

std::size_t informative_words(std::string_view text) {
  std::size_t count = 0;
  for (const std::string& word : base::words(text))
    count += word.size() >= 2 && !base::is_stop_word(word) && word.find('_') == std::string::npos;
  return count;
}

/// Conditions by column; each is a set of value numbers.
class Finder {
 public:
  Finder(const View& view, const std::vector<ColumnFacts>& facts, const json::Question& question)
      : view_(view), facts_(facts), question_(question), rows_(view.table.rows.size()) {}

  void find_literals();
  void find_categories();
  void find_bounds();
  void find_times(std::string_view user);
  void find_failures(std::string_view user);
  std::vector<Filter> filters() const;

 private:
  struct Condition {
    std::vector<bool> values;  ///< by value number of the column
    std::string what;
  };

  std::string_view text_of(const Column& column, std::size_t value) const {
    const JsonNode& node = view_.document.node(column.examples[value]);
    return node.kind == JsonKind::kString ? node.text : node.raw;
  }
  /// The rows with one of the values are alternatives to those that the column's other conditions give.
  void add(std::size_t column, const std::vector<bool>& values, std::string_view what, std::string_view between) {
    Condition& condition = conditions_[column];
    condition.values.resize(values.size(), false);
    for (std::size_t at = 0; at < values.size(); ++at) condition.values[at] = condition.values[at] || values[at];
    if (condition.what.size() > kLongestShown) return;
    condition.what += fmt::format(
        "{}{}", condition.what.empty() ? view_.table.columns[column].name + std::string(between) : "|", what);
  }

  const View& view_;
  const std::vector<ColumnFacts>& facts_;
  const json::Question& question_;
  std::size_t rows_;
  std::map<std::size_t, Condition> conditions_;
};

/// What is quoted or looks like an id belongs to the column that holds just that, else to the one that holds it in the
/// fewest rows.
void Finder::find_literals() {
  for (const std::string& literal : question_.literals()) {
    std::size_t best = view_.table.columns.size(), best_rows = 0;
    bool best_equal = false;
    std::vector<bool> best_values;
    for (std::size_t at = 0; at < view_.table.columns.size(); ++at) {
      const Column& column = view_.table.columns[at];
      std::vector<bool> values(column.counts.size(), false);
      std::size_t rows = 0;
      bool equal = false;
      for (std::size_t value = 1; value < column.counts.size(); ++value) {
        const std::string_view text = text_of(column, value);
        if (text.size() < literal.size() || !holds(text, literal)) continue;
        values[value] = true;
        rows += column.counts[value];
        equal = equal || text.size() == literal.size();
      }
      if (rows == 0 || rows == rows_) continue;
      if (best < view_.table.columns.size() && (best_equal > equal || (best_equal == equal && best_rows <= rows)))
        continue;
      best = at;
      best_rows = rows;
      best_equal = equal;
      best_values = std::move(values);
    }
    if (best < view_.table.columns.size()) add(best, best_values, literal, "~");
  }
}

void Finder::find_categories() {
  for (std::size_t at = 0; at < view_.table.columns.size(); ++at) {
    const Column& column = view_.table.columns[at];
    if (facts_[at].numeric || facts_[at].distinct > std::max<std::size_t>(40, rows_ / 4)) continue;
    for (std::size_t value = 1; value < column.counts.size(); ++value) {
      if (column.counts[value] == rows_) continue;
      const std::string_view text = text_of(column, value);
      if (text.size() < 2 || text.size() > 80) continue;
      const auto matched = static_cast<std::size_t>(std::popcount(question_.user_words_in(text)));
      if (matched == 0 || matched < informative_words(text)) continue;
      std::vector<bool> values(column.counts.size(), false);
      values[value] = true;
      add(at, values, text, "=");
    }
  }
}

void Finder::find_bounds() {
  if (question_.bounds().empty()) return;
  std::vector<std::size_t> columns, numeric;
  for (std::size_t at = 0; at < facts_.size(); ++at) {
    if (!facts_[at].numeric || facts_[at].time) continue;
    numeric.push_back(at);
    if (facts_[at].named) columns.push_back(at);
  }
  if (columns.empty() && numeric.size() <= 2) columns = numeric;
  for (const json::Question::Bound& bound : question_.bounds()) {
    for (const std::size_t at : columns) {
      std::vector<bool> values(facts_[at].numbers.size(), false);
      bool any = false;
      for (std::size_t value = 1; value < values.size(); ++value) {
        const double number = facts_[at].numbers[value];
        values[value] = bound.above ? number >= bound.value : number <= bound.value;
        any = any || values[value];
      }
      if (any) add(at, values, fmt::format("{}", bound.value), bound.above ? " from " : " up to ");
    }
  }
}

void Finder::find_times(std::string_view user) {
  const auto range = read_time_range(user);
  if (!range) return;
  for (std::size_t at = 0; at < facts_.size(); ++at) {
    if (!facts_[at].time) continue;
    std::vector<bool> values(facts_[at].numbers.size(), false);
    std::size_t rows = 0;
    for (std::size_t value = 1; value < values.size(); ++value) {
      double number = facts_[at].numbers[value];
      if (range->clock) number = std::fmod(number, 1e9);
      values[value] = number >= range->begin && number <= range->end;
      if (values[value]) rows += view_.table.columns[at].counts[value];
    }
    if (rows > 0 && rows < rows_) add(at, values, "in the time asked for", " ");
  }
}

void Finder::find_failures(std::string_view user) {
  bool asked = false;
  for (const std::string& word : base::words(user.substr(0, 4000))) {
    asked = asked || std::ranges::any_of(kFailure, [&](std::string_view start) { return word.starts_with(start); });
  }
  if (!asked) return;
  for (std::size_t at = 0; at < facts_.size(); ++at) {
    const std::vector<bool>& errors = facts_[at].errors;
    if (std::ranges::find(errors, true) != errors.end()) add(at, errors, "a failure", " tells of ");
  }
}

std::vector<Filter> Finder::filters() const {
  std::vector<Filter> out;
  for (const auto& [column, condition] : conditions_) {
    Filter filter{.column = column, .what = condition.what, .rows = std::vector<bool>(rows_, false)};
    const std::vector<std::uint32_t>& values = view_.table.columns[column].values;
    for (std::size_t row = 0; row < rows_; ++row) {
      filter.rows[row] = condition.values[values[row]];
      filter.count += filter.rows[row];
    }
    if (filter.count > 0 && filter.count < rows_) out.push_back(std::move(filter));
  }
  return out;
}

}  // namespace

std::vector<Filter> find_filters(const View& view, const std::vector<ColumnFacts>& facts,
                                 const json::Question& question, std::string_view user) {
  Finder finder(view, facts, question);
  finder.find_literals();
  finder.find_categories();
  finder.find_bounds();
  finder.find_times(user);
  finder.find_failures(user);
  return finder.filters();
}

}  // namespace headroom::compress::table
