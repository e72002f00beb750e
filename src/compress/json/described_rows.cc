#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/text.h"
#include "compress/json/candidates.h"

namespace headroom::compress::json {
namespace {

using base::JsonKind;
using base::JsonNode;

/// Rows whose names fit a description are shown up to this many.
constexpr std::size_t kMaxDescribed = 15;
/// Names are read for descriptions in tables of up to this many rows.
constexpr std::size_t kMaxNamedRows = 3000;

/// Number of different informative words of a short text.
std::size_t word_count(std::string_view text) {
  std::size_t count = 0;
  for (const std::string& word : base::words(text)) {
    count += word.size() >= 2 && !base::is_stop_word(word) && word.find('_') == std::string::npos;
  }
  return count;
}

/// "true", "yes", 1: the flag is set.
bool is_flag(const JsonNode& node) {
  return node.kind == JsonKind::kBool || node.raw == "\"yes\"" || node.raw == "\"no\"" || node.raw == "\"true\"" ||
         node.raw == "\"false\"";
}

void propose_rows_of(Candidates& c, std::size_t column, std::uint32_t value, double score) {
  const std::vector<std::uint32_t>& values = c.table.columns[column].values;
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    if (values[row] == value) c.propose(Reason::kAsked, score, row, column);
  }
}

/// The column in which every row has a short name of its own; kMissing for the keys of a map, npos for none.
std::size_t name_column(const Candidates& c) {
  if (c.table.kind == Table::Kind::kEntries) return kMissing;
  for (std::size_t column = 0; column < c.facts.size(); ++column) {
    const ColumnFacts& facts = c.facts[column];
    if (column == c.table.children || facts.numeric || facts.distinct * 10 < c.rows * 9) continue;
    std::size_t bytes = 0, strings = 0, spaces = 0;
    for (std::size_t value = 1; value < c.table.columns[column].examples.size(); ++value) {
      const JsonNode& node = c.doc.node(c.table.columns[column].examples[value]);
      if (node.kind != JsonKind::kString) continue;
      ++strings;
      bytes += node.text.size();
      spaces += node.text.find(' ') != std::string_view::npos;
    }
    if (strings * 10 >= c.rows * 9 && bytes < strings * 60 && spaces * 2 < strings) return column;
  }
  return std::string::npos;
}

/// What the question says of a value in the column of names.
Question::Described described_value(const Candidates& c, std::size_t column, std::uint32_t row, const JsonNode& node) {
  const bool known = node.kind == JsonKind::kString && node.text.size() <= kReadBytes;
  if (!known) return c.question.describes(node.text);
  const std::uint32_t value = c.table.columns[column].values[row];
  return c.question.describes(node.text, c.facts[column].matches[value], c.facts[column].starts[value]);
}

/// The user's words that stand in what more than half of the rows say in the column: they tell no rows apart.
std::uint64_t common_words(const Candidates& c, std::size_t column) {
  const std::vector<std::uint32_t>& counts = c.table.columns[column].counts;
  std::array<std::size_t, Question::kMaxTerms> rows{};
  for (std::uint32_t value = 1; value < counts.size(); ++value) {
    for (std::uint64_t rest = c.facts[column].matches[value]; rest != 0; rest &= rest - 1)
      rows[static_cast<std::size_t>(std::countr_zero(rest))] += counts[value];
  }
  std::uint64_t common = 0;
  for (std::size_t term = 0; term < rows.size(); ++term) {
    if (rows[term] * 2 > c.rows) common |= std::uint64_t{1} << term;
  }
  return common;
}

}  // namespace

/// Flags and categories that the question names, when few rows have them: those rows are the answer.
void find_categories(Candidates& c) {
  for (std::size_t column = 0; column < c.facts.size(); ++column) {
    const ColumnFacts& facts = c.facts[column];
    const Column& data = c.table.columns[column];
    if (column == c.table.children || facts.distinct > std::max<std::size_t>(40, c.rows / 4)) continue;
    const std::uint64_t common = common_words(c, column);
    for (std::uint32_t value = 1; value < data.counts.size(); ++value) {
      if (data.counts[value] > kMaxAnswer || data.counts[value] * 2 > c.rows) continue;
      const JsonNode& node = c.doc.node(data.examples[value]);
      if (is_flag(node)) {
        if (facts.named && facts.distinct <= 2) propose_rows_of(c, column, value, 7);
        continue;
      }
      if (node.kind != JsonKind::kString || node.text.size() > 80) continue;
      const std::uint64_t match = c.question.user_words_of(facts.matches[value]);
      if ((match & ~common) == 0) continue;
      const auto matched = static_cast<std::size_t>(__builtin_popcountll(match));
      const std::size_t words = word_count(node.text);
      if (matched >= words || (matched >= 2 && matched * 2 >= words)) {
        propose_rows_of(c, column, value, 6 + static_cast<double>(matched) + (facts.named ? 2 : 0));
      } else if (facts.named) {
        propose_rows_of(c, column, value, 4 + static_cast<double>(matched));
      }
    }
  }
}

/// Rows whose name the question spells out in its own words: "slow statements" for log_min_duration_statement.
void find_described_names(Candidates& c) {
  const std::size_t column = c.rows <= kMaxNamedRows ? name_column(c) : std::string::npos;
  if (column == std::string::npos) return;
  std::vector<Question::Described> described(c.rows);
  std::array<std::size_t, Question::kMaxTerms> frequency{};
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    if (column == kMissing) {
      described[row] = c.question.describes(c.doc.node(c.table.rows[row]).key);
    } else if (const std::uint32_t cell = c.table.columns[column].cells[row]; cell != kMissing) {
      described[row] = described_value(c, column, row, c.doc.node(cell));
    } else {
      continue;
    }
    for (std::uint64_t rest = described[row].all(); rest != 0; rest &= rest - 1)
      ++frequency[static_cast<std::size_t>(std::countr_zero(rest))];
  }
  const double n = static_cast<double>(c.rows);
  std::vector<std::pair<double, std::uint32_t>> scores;
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    double score = 0;
    int bits = 0;
    bool rare = false;
    for (std::uint64_t rest = described[row].all(); rest != 0; rest &= rest - 1) {
      const auto term = static_cast<std::size_t>(std::countr_zero(rest));
      const bool own = (described[row].words >> term & 1) != 0;
      if (frequency[term] * 3 > c.rows) continue;
      score += (own ? 1.0 : 0.6) * std::log(1 + n / static_cast<double>(frequency[term]));
      rare = rare || (own && frequency[term] <= 4);
      ++bits;
    }
    if (bits >= 2 || rare) scores.emplace_back(score, row);
  }
  std::ranges::stable_sort(scores, [](const auto& a, const auto& b) { return a.first > b.first; });
  if (scores.size() > kMaxDescribed) scores.resize(kMaxDescribed);
  for (const auto& [score, row] : scores) c.propose(Reason::kAsked, score, row, column == kMissing ? kMissing : column);
}

}  // namespace headroom::compress::json
