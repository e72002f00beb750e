#include <algorithm>
#include <functional>

#include "compress/json/candidates.h"
#include "compress/json/text_order.h"
#include "compress/json/value_facts.h"

namespace headroom::compress::json {
namespace {

using base::JsonKind;

/// Rows at an extreme that hold the same value are all kept up to this many.
constexpr std::size_t kMaxTies = 5;
/// Values longer than this are text, not names.
constexpr std::size_t kMaxName = 200;

/// A column of strings, or the keys of a map.
struct Names {
  std::uint32_t column = kMissing;  ///< kMissing: the keys
  bool named = false;
  bool versions = false;
  bool names = false;  ///< short, and nearly every row has its own
  std::vector<std::pair<std::string_view, std::uint32_t>> values;
};

using Compare = std::function<std::weak_ordering(std::string_view, std::string_view)>;

void classify(Names& names) {
  std::size_t versions = 0, bytes = 0;
  std::vector<std::string_view> sorted;
  for (const auto& [text, row] : names.values) {
    versions += is_version(text);
    bytes += text.size();
    sorted.push_back(text);
  }
  std::ranges::sort(sorted);
  const auto repeated = static_cast<std::size_t>(std::ranges::distance(std::ranges::unique(sorted)));
  names.versions = versions * 10 >= names.values.size() * 7;
  names.names = !names.versions && repeated * 2 < names.values.size() && bytes < names.values.size() * kMaxName;
}

std::vector<Names> text_columns(const Candidates& c) {
  std::vector<Names> out;
  for (std::uint32_t column = 0; column < c.facts.size(); ++column) {
    if (column == c.table.children || c.facts[column].time) continue;
    Names names{.column = column, .named = c.facts[column].named, .values = {}};
    for (std::uint32_t row = 0; row < c.rows; ++row) {
      const std::uint32_t cell = c.table.columns[column].cells[row];
      if (cell == kMissing || c.doc.node(cell).kind != JsonKind::kString) continue;
      if (!c.doc.node(cell).text.empty()) names.values.emplace_back(c.doc.node(cell).text, row);
    }
    if (names.values.size() * 2 >= c.rows) out.push_back(std::move(names));
  }
  if (c.table.kind == Table::Kind::kEntries) {
    Names names{.named = true, .values = {}};
    for (std::uint32_t row = 0; row < c.rows; ++row) names.values.emplace_back(c.doc.node(c.table.rows[row]).key, row);
    out.push_back(std::move(names));
  }
  for (Names& names : out) classify(names);
  return out;
}

/// Proposes the first and the last of the order, with all that tie with them when they are few.
void propose_ends(Candidates& c, const Names& names, const Compare& compare, const Orders& orders, double score) {
  auto sorted = names.values;
  std::ranges::stable_sort(sorted, [&](const auto& a, const auto& b) { return compare(a.first, b.first) < 0; });
  const auto offer = [&](auto begin, auto end) {
    std::size_t ties = 0;
    for (auto at = begin; at != end && compare(at->first, begin->first) == 0; ++at) ++ties;
    const std::size_t shown = ties > kMaxTies ? 1 : ties;
    std::size_t rank = 0;
    for (auto at = begin; at != end && rank <= shown; ++at, ++rank) {
      c.propose(Reason::kAsked, score - (rank < shown ? 0 : 1), at->second, names.column);
    }
  };
  if (!orders.only_high()) offer(sorted.begin(), sorted.end());
  if (!orders.only_low()) offer(sorted.rbegin(), sorted.rend());
}

}  // namespace

void find_ordered_text(Candidates& c) {
  const Orders& orders = c.question.orders();
  if (!orders.any()) return;
  const std::vector<Names> columns = text_columns(c);
  const auto chosen = [&](auto&& fits) {
    std::vector<const Names*> out;
    for (const Names& names : columns) {
      if (fits(names) && names.named) out.push_back(&names);
    }
    for (const Names& names : columns) {
      if (out.empty() || !out.front()->named) {
        if (fits(names)) out.push_back(&names);
      }
    }
    if (out.size() > 4) out.resize(4);
    return out;
  };
  // A version column is in version order whatever word asks for its first or last.
  for (const Names* names : chosen([](const Names& n) { return n.versions; })) {
    if (names->named || orders.version || orders.time) propose_ends(c, *names, compare_versions, orders, 7);
  }
  if (orders.length) {
    const Compare by_length = [](std::string_view a, std::string_view b) { return text_length(a) <=> text_length(b); };
    for (const Names* names : chosen([](const Names& n) { return n.names; })) {
      propose_ends(c, *names, by_length, orders, 6);
    }
  }
  if (orders.alphabet) {
    for (const Names* names : chosen([](const Names& n) { return n.names; })) {
      propose_ends(c, *names, compare_names, Orders{}, 6);
    }
  }
}

}  // namespace headroom::compress::json
