#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "compress/json/candidates.h"
#include "compress/json/value_facts.h"
#include "compress/phrases.h"

namespace headroom::compress::json {
namespace {

using base::JsonKind;
using base::JsonNode;

/// Rows whose text holds the literal; a literal that is a number or ends in one must not run on.
std::vector<std::uint32_t> rows_with(const Candidates& c, const std::string& literal) {
  std::vector<std::uint32_t> out;
  const JsonNode& all = c.doc.node(c.table.node);
  const char* origin = c.doc.node(0).raw.data();
  const auto is_word = [](char x) {
    return (x >= '0' && x <= '9') || (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z');
  };
  for (std::size_t at = all.raw.find(literal); at != std::string_view::npos; at = all.raw.find(literal, at)) {
    const std::size_t end = at + literal.size();
    const bool joined = (at > 0 && is_word(all.raw[at - 1]) && is_word(literal.front())) ||
                        (end < all.raw.size() && is_word(all.raw[end]) && is_word(literal.back()));
    if (!joined) {
      const auto offset = static_cast<std::size_t>(all.raw.data() - origin) + at;
      auto row = std::ranges::upper_bound(c.starts, offset) - c.starts.begin();
      // The key of a map's member stands before its value.
      if (c.table.kind == Table::Kind::kEntries && static_cast<std::size_t>(row) < c.rows &&
          c.doc.node(c.table.rows[static_cast<std::size_t>(row)]).key_raw.data() - origin <=
              static_cast<std::ptrdiff_t>(offset)) {
        ++row;
      }
      if (row > 0 && (out.empty() || out.back() != row - 1)) out.push_back(static_cast<std::uint32_t>(row - 1));
    }
    at = end;
  }
  return out;
}

void find_asked_literals(Candidates& c) {
  for (const std::string& literal : c.question.literals()) {
    std::vector<std::uint32_t> rows = rows_with(c, literal);
    if (rows.empty()) continue;
    if (rows.size() <= std::max({std::size_t{8}, std::min(kMaxAnswer, c.rows / 4), c.rows / 20})) {
      for (std::uint32_t row : rows) c.propose(Reason::kAsked, 10.0 + static_cast<double>(literal.size()), row);
      continue;
    }
    // Named, but it is everywhere: the first and last of them, and those that lack it when they are few.
    c.propose(Reason::kAsked, 2, rows.front());
    c.propose(Reason::kAsked, 2, rows.back());
    if ((c.rows - rows.size()) * 7 > c.rows) continue;
    std::size_t next = 0;
    for (std::uint32_t row = 0; row < c.rows; ++row) {
      if (next < rows.size() && rows[next] == row) {
        ++next;
      } else {
        c.propose(Reason::kAsked, 5, row);
      }
    }
  }
}

/// Rows one of whose texts the question says as it is: "what does umber velvet cost?"
void find_said_texts(Candidates& c) {
  static constexpr std::size_t kShortest = 4, kLongest = 120;
  for (std::size_t column = 0; column < c.facts.size(); ++column) {
    const ColumnFacts& facts = c.facts[column];
    const Column& cells = c.table.columns[column];
    const bool tells_apart = facts.distinct * 5 >= facts.present * 4;
    std::vector<bool> said(facts.matches.size());
    bool any = false;
    for (std::size_t value = 1; value < facts.matches.size(); ++value) {
      const JsonNode& node = c.doc.node(cells.examples[value]);
      if (facts.matches[value] == 0 || node.kind != JsonKind::kString || cells.counts[value] > kMaxAnswer) continue;
      if (node.text.size() < kShortest || node.text.size() > kLongest) continue;
      // One word may be said for another reason, and one that many rows share.
      if (!tells_apart && !node.text.contains(' ')) continue;
      said[value] = c.question.says(node.text);
      any = any || said[value];
    }
    for (std::size_t row = 0; row < c.rows && any; ++row) {
      const std::uint32_t value = cells.values[row];
      if (!said[value]) continue;
      c.propose(Reason::kAsked, 10.0 + static_cast<double>(c.doc.node(cells.examples[value]).text.size()), row, column);
    }
  }
}

/// Rows one of whose texts has two words as the question has them, side by side, where they are few.
void find_phrases(Candidates& c) {
  static constexpr std::size_t kLongest = 400, kMostRows = 12;
  if (c.question.phrases().empty()) return;
  std::vector<std::vector<std::uint32_t>> rows(c.question.phrases().size());
  std::string low;
  for (std::size_t column = 0; column < c.facts.size(); ++column) {
    const std::vector<std::uint64_t>& matches = c.facts[column].matches;
    const Column& cells = c.table.columns[column];
    for (std::uint32_t row = 0; row < c.rows; ++row) {
      const std::uint32_t value = cells.values[row];
      if (value >= matches.size() || std::popcount(matches[value]) < 2) continue;
      const JsonNode& node = c.doc.node(cells.examples[value]);
      if (node.kind != JsonKind::kString || node.text.size() > kLongest) continue;
      low.assign(node.text);
      std::ranges::transform(low, low.begin(), [](char x) { return x >= 'A' && x <= 'Z' ? char(x | 0x20) : x; });
      for (std::size_t k = 0; k < rows.size(); ++k) {
        if (find_phrase(low, c.question.phrases()[k]) != std::string::npos) rows[k].push_back(row);
      }
    }
  }
  for (const std::vector<std::uint32_t>& with : rows) {
    if (with.size() > kMostRows || with.size() * 10 > c.rows) continue;
    for (const std::uint32_t row : with) c.propose(Reason::kAsked, 8, row);
  }
}

}  // namespace

void find_asked(Candidates& c) {
  find_asked_literals(c);
  find_said_texts(c);
  find_phrases(c);
  std::vector<std::uint64_t> masks(c.rows, 0);
  for (std::size_t column = 0; column < c.facts.size(); ++column) {
    if (column == c.table.children) continue;
    const std::vector<std::uint64_t>& matches = c.facts[column].matches;
    if (std::ranges::all_of(matches, [](std::uint64_t mask) { return mask == 0; })) continue;
    const std::vector<std::uint32_t>& values = c.table.columns[column].values;
    for (std::size_t row = 0; row < c.rows; ++row) masks[row] |= matches[values[row]];
  }
  if (c.table.kind == Table::Kind::kEntries) {
    for (std::size_t row = 0; row < c.rows; ++row) masks[row] |= c.question.match(c.doc.node(c.table.rows[row]).key);
  }
  std::array<std::size_t, Question::kMaxTerms> frequency{};
  for (std::uint64_t mask : masks) {
    for (std::uint64_t rest = mask; rest != 0; rest &= rest - 1)
      ++frequency[static_cast<std::size_t>(__builtin_ctzll(rest))];
  }
  std::array<double, Question::kMaxTerms> idf{};
  for (std::size_t term = 0; term < c.question.terms().size(); ++term) {
    const double df = static_cast<double>(frequency[term]);
    const double n = static_cast<double>(c.rows);
    idf[term] = frequency[term] * 3 > c.rows
                    ? 0.0
                    : std::log(1.0 + (n - df + 0.5) / (df + 0.5)) * c.question.terms()[term].weight;
  }
  double best = 0;
  std::vector<double> scores(c.rows, 0);
  for (std::size_t row = 0; row < c.rows; ++row) {
    for (std::uint64_t rest = masks[row]; rest != 0; rest &= rest - 1) {
      scores[row] += idf[static_cast<std::size_t>(__builtin_ctzll(rest))];
    }
    best = std::max(best, scores[row]);
  }
  const std::size_t few = std::max<std::size_t>(6, c.rows / 50);
  for (std::size_t row = 0; row < c.rows; ++row) {
    if (scores[row] <= 0) continue;
    bool rare = false;
    for (std::uint64_t rest = masks[row]; rest != 0; rest &= rest - 1) {
      const auto term = static_cast<std::size_t>(__builtin_ctzll(rest));
      rare = rare || (frequency[term] <= few && c.question.terms()[term].weight > 1);
    }
    c.propose(rare ? Reason::kAsked : Reason::kRelevant, scores[row], row);
  }
}

void find_bounds(Candidates& c) {
  for (const Question::Bound& bound : c.question.bounds()) {
    for (std::size_t column = 0; column < c.facts.size(); ++column) {
      if (!c.facts[column].numeric || c.facts[column].time) continue;
      std::vector<std::uint32_t> rows;
      for (std::uint32_t row = 0; row < c.rows; ++row) {
        const double number = c.facts[column].numbers[c.table.columns[column].values[row]];
        if (bound.above ? number >= bound.value : number <= bound.value) rows.push_back(row);
      }
      const std::size_t limit = c.facts[column].named ? std::max<std::size_t>(12, c.rows / 8) : 6;
      if (rows.size() > limit) continue;
      for (std::uint32_t row : rows) c.propose(Reason::kAsked, c.facts[column].named ? 12 : 4, row, column);
    }
  }
}

}  // namespace headroom::compress::json
