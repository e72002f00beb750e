#include "compress/log/tuples.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

namespace headroom::compress::log {
namespace {

constexpr std::size_t kFewest = 8;     // rows
constexpr std::size_t kMostNamed = 4;  // rows of a column with a number of the question
constexpr std::size_t kMostAlone = 2;  // rows of a column with a value of their own
constexpr std::size_t kMostValues = 8;
constexpr std::size_t kMostShown = 16;                    // rows
constexpr std::size_t kMostCells = std::size_t{1} << 20;  // that are looked at: one wide row makes no wide table

using Fields = std::vector<std::string_view>;

bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// Behind the string that begins at `at`; npos when it does not end. A quote in it is doubled or escaped.
std::size_t string_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;
    }
  }
  return std::string_view::npos;
}

/// Behind the bracket that closes the one at `at`; npos when none does.
std::size_t group_end(std::string_view text, std::size_t at) {
  std::size_t open = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\'' || c == '"') {
      at = string_end(text, at);
      continue;
    }
    ++at;
    if (c == '(') ++open;
    if (c == ')' && --open == 0) return at;
  }
  return std::string_view::npos;
}

Fields fields_of(std::string_view row) {
  Fields out;
  row = row.substr(1, row.size() - 2);
  std::size_t from = 0, at = 0;
  while (at < row.size()) {
    const char c = row[at];
    if (c == '\'' || c == '"') {
      at = std::min(string_end(row, at), row.size());
    } else if (c == '(') {
      at = std::min(group_end(row, at), row.size());
    } else if (c == ',') {
      out.push_back(row.substr(from, at - from));
      from = ++at;
    } else {
      ++at;
    }
  }
  out.push_back(row.substr(from));
  return out;
}

std::string_view unquoted(std::string_view field) {
  while (field.starts_with(' ')) field.remove_prefix(1);
  if (field.size() >= 2 && (field.front() == '\'' || field.front() == '"')) return field.substr(1, field.size() - 2);
  return field;
}

/// Numbers, and times that are written so that they sort as texts, in their order.
struct Quantity {
  double number = 0;
  std::string_view time;
  auto operator<=>(const Quantity&) const = default;
};

std::optional<Quantity> quantity_of(std::string_view field) {
  const std::string_view text = unquoted(field);
  Quantity out;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.number);
  if (error == std::errc() && end == text.data() + text.size()) return out;
  if (text.size() < 10 || text.size() > 32 || !digit(text[0]) || text[4] != '-' || text[7] != '-') return std::nullopt;
  return Quantity{0, text};
}

class Chooser {
 public:
  Chooser(const std::vector<Fields>& rows, const std::vector<std::string>& values)
      : rows_(rows), values_(values), chosen_(rows.size(), false) {}

  std::vector<bool> run() {
    const std::size_t most = std::max<std::size_t>(1, kMostCells / rows_.size());
    for (std::size_t column = 0; column < std::min(rows_.front().size(), most); ++column) {
      named(column);
      ends(column);
      alone(column);
    }
    return std::move(chosen_);
  }

 private:
  std::string_view field(std::size_t row, std::size_t column) const {
    return column < rows_[row].size() ? rows_[row][column] : std::string_view();
  }

  void named(std::size_t column) {
    std::size_t found = 0;
    for (std::size_t row = 0; row < rows_.size() && found < kMostNamed; ++row) {
      if (!std::ranges::binary_search(values_, unquoted(field(row, column)))) continue;
      chosen_[row] = true;
      ++found;
    }
  }

  /// The smallest and the largest, where each is one row's and the column does not only count the rows.
  void ends(std::size_t column) {
    std::vector<std::pair<Quantity, std::size_t>> order;
    bool counts = true;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      const auto quantity = quantity_of(field(row, column));
      if (!quantity) continue;
      counts = counts && (order.empty() || quantity->number == order.back().first.number + 1);
      order.emplace_back(*quantity, row);
    }
    if (counts || order.size() * 2 < rows_.size()) return;
    std::ranges::stable_sort(order, {}, &std::pair<Quantity, std::size_t>::first);
    const std::size_t last = order.size() - 1;
    if (order[0].first != order[1].first) chosen_[order[0].second] = true;
    if (order[last].first != order[last - 1].first) chosen_[order[last].second] = true;
  }

  void alone(std::size_t column) {
    std::map<std::string_view, std::pair<std::size_t, std::size_t>> values;  // how often, and where last
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      auto& [count, where] = values[field(row, column)];
      ++count;
      where = row;
      if (values.size() > kMostValues) return;
    }
    std::size_t found = 0;
    for (const auto& [value, seen] : values) {
      if (seen.first == 1 && ++found <= kMostAlone) chosen_[seen.second] = true;
    }
  }

  const std::vector<Fields>& rows_;
  const std::vector<std::string>& values_;
  std::vector<bool> chosen_;
};

}  // namespace

std::vector<Tuple> tuples_in(std::string_view line) {
  std::vector<Tuple> best, run;
  for (std::size_t at = line.find('('); at < line.size();) {
    const std::size_t end = group_end(line, at);
    if (end == std::string_view::npos) break;
    run.push_back({at, end});
    at = end;
    while (at < line.size() && (line[at] == ',' || line[at] == ' ')) ++at;
    if (at < line.size() && line[at] == '(' && at > end) continue;
    if (run.size() > best.size()) best = std::move(run);
    run.clear();
    at = line.find('(', at);
  }
  if (run.size() > best.size()) best = std::move(run);
  if (best.size() < kFewest) best.clear();
  return best;
}

std::vector<Tuple> telling_tuples(std::string_view line, const std::vector<Tuple>& tuples,
                                  const std::vector<std::string>& values) {
  if (tuples.empty()) return {};
  std::vector<Fields> rows;
  rows.reserve(tuples.size());
  for (const Tuple& tuple : tuples) rows.push_back(fields_of(line.substr(tuple.begin, tuple.end - tuple.begin)));
  const std::vector<bool> chosen = Chooser(rows, values).run();
  std::vector<Tuple> out;
  for (std::size_t row = 0; row < tuples.size() && out.size() < kMostShown; ++row) {
    if (chosen[row]) out.push_back(tuples[row]);
  }
  return out;
}

}  // namespace headroom::compress::log
