#include <algorithm>
#include <map>

#include "compress/json/candidates.h"
#include "compress/json/value_facts.h"

namespace headroom::compress::json {
namespace {

using base::JsonKind;
using base::JsonNode;

constexpr std::size_t kShortestHead = 6;   // bytes of what values begin with alike
constexpr std::size_t kLongestHead = 120;  // bytes that are looked at
constexpr std::size_t kFewestAlike = 8;    // rows

/// The question names the one word that most rows have ("to something other than main"): what the few others have is
/// what tells them apart.
void find_other_values(Candidates& c, std::size_t column) {
  const ColumnFacts& facts = c.facts[column];
  const Column& data = c.table.columns[column];
  if (!facts.categorical || data.group != kMissing) return;
  const auto usual = static_cast<std::size_t>(std::ranges::max_element(data.counts) - data.counts.begin());
  const std::size_t others = c.rows - data.counts[usual];
  if (usual == 0 || others == 0 || others > std::max<std::size_t>(3, c.rows / 8)) return;
  const JsonNode& node = c.doc.node(data.examples[usual]);
  const auto letter = [](char x) { return (x | 0x20) >= 'a' && (x | 0x20) <= 'z'; };
  if (node.kind != JsonKind::kString || node.text.empty() || !std::ranges::all_of(node.text, letter)) return;
  if (c.question.user_words_of(facts.matches[usual]) == 0) return;
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    if (data.values[row] != usual) c.propose(Reason::kAsked, 6, row, column);
  }
}

/// Values (missing is one) that hardly another row has, in a column whose values otherwise repeat.
void find_odd_values(Candidates& c, std::size_t column) {
  const ColumnFacts& facts = c.facts[column];
  const Column& data = c.table.columns[column];
  if (!facts.categorical) return;
  const std::size_t kinds = facts.distinct + (data.counts[0] > 0 ? 1 : 0);
  std::size_t rare_at = std::max<std::size_t>(2, c.rows / 80);
  const bool dominated = std::ranges::max(data.counts) * 2 > c.rows;
  if (kinds <= 4) rare_at = std::max(rare_at, c.rows / 12);
  if (kinds <= 4 && facts.named && dominated) rare_at = std::max(rare_at, c.rows / 3);
  if (kinds <= 1) return;
  std::size_t rare_values = 0;
  for (std::uint32_t count : data.counts) rare_values += count > 0 && count <= rare_at;
  if (rare_values == 0) return;
  const bool tail = rare_values > 12;
  const std::size_t each = kinds <= 4 ? (facts.named ? 12 : 4) : 2;
  std::vector<std::uint32_t> taken(data.counts.size(), 0);
  for (std::size_t row = 0; row < c.rows; ++row) {
    const std::uint32_t value = data.values[row];
    if (data.counts[value] > rare_at || ++taken[value] > each) continue;
    const bool silent_null = value == 0 && data.group != kMissing;
    if (silent_null) continue;
    const double share = static_cast<double>(data.counts[value]) / static_cast<double>(c.rows);
    c.propose(tail ? Reason::kExample : Reason::kOdd,
              (facts.named ? 3 : 1) + 1.0 / static_cast<double>(rare_values) - share, row, column);
  }
}

/// The few rows that have nothing where the others have something; more of them when the question is about that.
void find_empty_values(Candidates& c, std::size_t column) {
  const Column& data = c.table.columns[column];
  std::vector<bool> nothing(data.counts.size(), data.group == kMissing);
  std::size_t rows = data.group == kMissing ? data.counts[0] : 0;
  for (std::size_t value = 1; value < data.counts.size(); ++value) {
    nothing[value] = is_empty_value(c.doc.node(data.examples[value]));
    if (nothing[value]) rows += data.counts[value];
  }
  const bool asked = c.question.negation() && c.facts[column].named;
  if (rows == 0 || rows > (asked ? c.rows / 3 : std::max<std::size_t>(1, c.rows / 20))) return;
  std::vector<std::uint32_t> empty;
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    if (nothing[data.values[row]]) empty.push_back(row);
  }
  for (std::size_t at = 0; at < std::min<std::size_t>(empty.size(), asked ? 16 : 3); ++at) {
    c.propose(asked ? Reason::kAsked : Reason::kOdd, asked ? 6 : 0.7 + 1.0 / static_cast<double>(empty.size()),
              empty[at], column);
  }
}

void find_words_and_shapes(Candidates& c, std::size_t column) {
  const ColumnFacts& facts = c.facts[column];
  const Column& data = c.table.columns[column];
  if (facts.rare_words.empty() && facts.shapes.empty()) return;
  for (std::size_t row = 0; row < c.rows; ++row) {
    const std::uint32_t value = data.values[row];
    if (value == 0) continue;
    if (!facts.rare_words.empty() && facts.rare_words[value] > 0) {
      c.propose(Reason::kRareWords, facts.rare_words[value] + (facts.named ? 2 : 0), row, column);
    }
    if (!facts.shapes.empty() && facts.shapes[value] != 0)
      c.propose(Reason::kOdd, facts.distinct > c.rows / 2 ? 0.5 : 0.8, row, column);
  }
}

/// Values that are several times as long as the others.
/// What a value that goes on with something of its own begins with: the host of an address, the folder of a path.
std::string_view head_of(std::string_view text) {
  const std::size_t at = text.find_last_of(":/@");
  return at == std::string_view::npos || at < kShortestHead || at + 1 == text.size() ? std::string_view()
                                                                                     : text.substr(0, at);
}

/// Nearly every row has a value of its own behind the same beginning, and one or two begin otherwise.
void find_odd_heads(Candidates& c, std::size_t column) {
  const Column& data = c.table.columns[column];
  if (c.facts[column].categorical || c.facts[column].numeric || c.rows < kFewestAlike) return;
  std::map<std::string_view, std::size_t> heads;
  for (std::size_t value = 1; value < data.counts.size(); ++value) {
    const JsonNode& node = c.doc.node(data.examples[value]);
    if (node.kind != JsonKind::kString) return;
    const std::string_view head = head_of(node.text.substr(0, kLongestHead));
    if (head.empty()) return;
    heads[head] += data.counts[value];
    if (heads.size() > 4) return;
  }
  const auto usual = std::ranges::max_element(heads, {}, [](const auto& entry) { return entry.second; });
  if (heads.size() < 2 || c.rows - usual->second > std::max<std::size_t>(2, c.rows / 40)) return;
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    const std::uint32_t value = data.values[row];
    if (value == 0) continue;
    if (head_of(c.doc.node(data.examples[value]).text.substr(0, kLongestHead)) != usual->first)
      c.propose(Reason::kOdd, 2, row, column);
  }
}

void find_long_values(Candidates& c, std::size_t column) {
  constexpr std::size_t kLong = 60, kMinRows = 8;
  const Column& data = c.table.columns[column];
  std::vector<std::size_t> length_of(data.counts.size(), 0);
  for (std::size_t value = 1; value < data.counts.size(); ++value)
    length_of[value] = c.doc.node(data.examples[value]).raw.size();
  if (std::ranges::max(length_of) <= kLong) return;
  std::vector<std::size_t> lengths;
  for (const std::uint32_t value : data.values) {
    if (value != 0) lengths.push_back(length_of[value]);
  }
  if (lengths.size() < kMinRows) return;
  std::ranges::nth_element(lengths, lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2));
  const std::size_t usual = lengths[lengths.size() / 2];
  std::vector<std::pair<std::size_t, std::uint32_t>> longest;
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    const std::size_t length = length_of[data.values[row]];
    if (length > kLong && length > usual * 3) longest.emplace_back(length, row);
  }
  std::ranges::sort(longest, std::greater<>());
  for (std::size_t at = 0; at < std::min<std::size_t>(2, longest.size()); ++at) {
    c.propose(Reason::kRange, 2.0 + static_cast<double>(longest[at].first) / static_cast<double>(usual + 1) / 100,
              longest[at].second, column);
  }
}

void find_changes(Candidates& c, std::size_t column) {
  const ColumnFacts& facts = c.facts[column];
  const Column& data = c.table.columns[column];
  if (!facts.categorical || facts.distinct < 2 || c.table.kind == Table::Kind::kTree) return;
  std::vector<std::size_t> changes;
  for (std::size_t row = 1; row < c.rows; ++row) {
    if (data.values[row] != data.values[row - 1]) changes.push_back(row);
  }
  if (changes.size() > std::max<std::size_t>(4, c.rows / 40)) return;
  for (std::size_t row : changes) {
    c.propose(Reason::kChange, 1.0 / static_cast<double>(changes.size()), row, column);
    c.propose(Reason::kChange, 0.5 / static_cast<double>(changes.size()), row - 1, column);
  }
}

}  // namespace

/// All rows that fail when they are few; else a first and a last one of every kind of failure.
void find_errors(Candidates& c) {
  std::vector<std::uint32_t> failing;  // columns
  for (std::uint32_t column = 0; column < c.facts.size(); ++column) {
    if (std::ranges::find(c.facts[column].errors, true) != c.facts[column].errors.end()) failing.push_back(column);
  }
  if (failing.empty()) return;
  std::vector<std::uint32_t> rows, columns;
  for (std::uint32_t row = 0; row < c.rows; ++row) {
    for (const std::uint32_t column : failing) {
      if (!c.facts[column].errors[c.table.columns[column].values[row]]) continue;
      rows.push_back(row);
      columns.push_back(column);
      break;
    }
  }
  const std::size_t few = std::max<std::size_t>(10, c.budget / 2);
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::vector<std::uint32_t>> kinds;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const Column& column = c.table.columns[columns[at]];
    std::uint64_t kind = column.values[rows[at]];
    if (rows.size() > few && column.counts[kind] <= 2) kind = shape_of(c.doc.node(column.cells[rows[at]]));
    kinds[{columns[at], kind}].push_back(rows[at]);
  }
  for (const auto& [key, members] : kinds) {
    const double score = 1.0 / static_cast<double>(members.size());
    if (rows.size() <= few) {
      for (std::uint32_t row : members) c.propose(Reason::kError, 2 + score, row, key.first);
    } else {
      c.propose(Reason::kError, 1 + score, members.front(), key.first);
      c.propose(Reason::kError, score, members.back(), key.first);
    }
  }
}

void find_odd_rows(Candidates& c) {
  std::size_t irregular = 0;
  for (std::size_t row = 0; row < c.rows; ++row) irregular += c.table.irregular[row];
  for (std::size_t row = 0, seen = 0; row < c.rows && irregular > 0; ++row) {
    if (c.table.irregular[row] && (irregular <= 6 || ++seen <= 3)) c.propose(Reason::kOdd, 3, row);
  }
}

void find_odd_cells(Candidates& c, std::size_t column) {
  find_other_values(c, column);
  find_odd_values(c, column);
  find_empty_values(c, column);
  find_words_and_shapes(c, column);
  find_odd_heads(c, column);
  find_long_values(c, column);
  find_changes(c, column);
}

}  // namespace headroom::compress::json
