#include "compress/xml/records.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace headroom::compress::xml {
namespace {

constexpr std::size_t kMostColumns = 40;
constexpr std::size_t kLongestCell = 4000;
constexpr std::size_t kOfBuilt = 32;     // bytes of what is built in a frame, which has rows of its own
constexpr std::size_t kMostAround = 4;   // elements around a record whose names it gets
constexpr std::size_t kMostInside = 64;  // elements of a record that are looked at

class Table {
 public:
  Table(const Document& document, std::string_view text, bool frames)
      : document_(document), text_(text), frames_(frames) {}

  table::Grid run(std::span<const std::uint32_t> elements) {
    for (const std::uint32_t element : elements) {
      rows_.emplace_back();
      add(element);
    }
    return finish();
  }

 private:
  void put(const std::string& name, std::string_view value) {
    const auto [at, added] = columns_.try_emplace(name, names_.size());
    if (added) names_.push_back(name);
    rows_.back().emplace_back(at->second, value.substr(0, kLongestCell));
  }

  void put_attributes(const Element& element, const std::string& before) {
    for (const Attribute& a : document_.attributes_of(element))
      put(before + std::string(document_.name(a)), document_.value(a));
  }

  void add(std::uint32_t index) {
    const Element& e = document_.elements[index];
    std::size_t levels = 0;
    for (std::uint32_t up = e.parent; up != kNone && levels < kMostAround;
         up = document_.elements[up].parent, ++levels) {
      const Element& around = document_.elements[up];
      if (around.attributes > 0) put(std::string(document_.name(around)), document_.called(up));
    }
    put_attributes(e, "");
    if (!document_.has_children(index)) {
      if (const std::string_view text = document_.text(e); !text.empty()) put("text", text);
      return;
    }
    std::size_t seen = 0;
    std::string_view key;  // of a property list: <key>Name</key> before each value
    for (std::uint32_t i = index + 1; i < e.next && seen < kMostInside; i = document_.elements[i].next, ++seen) {
      const Element& inside = document_.elements[i];
      if (document_.name(inside) == "key" && inside.attributes == 0 && inside.next < e.next) {
        key = document_.text(inside);
        continue;
      }
      const std::string name(key.empty() ? document_.name(inside) : key);
      if (document_.has_children(i)) {
        put(name, text_.substr(inside.begin, inside.end - inside.begin).substr(0, frames_ ? kOfBuilt : kLongestCell));
        continue;
      }
      const std::string_view text = document_.text(inside);
      const std::string_view alone = key.empty() ? std::string_view("(empty)") : document_.name(inside);
      key = {};
      put(name, text.empty() && inside.attributes == 0 ? alone : text);
      put_attributes(inside, name + ".");
    }
  }

  /// The columns that most rows have; cells of one row and column become one.
  table::Grid finish() {
    std::vector<std::size_t> filled(names_.size(), 0);
    for (const auto& row : rows_) {
      for (const auto& [column, value] : row) filled[column] += !value.empty();
    }
    std::vector<std::size_t> order(names_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return filled[a] > filled[b]; });
    order.resize(std::min(order.size(), kMostColumns));
    std::ranges::sort(order);
    std::vector<std::size_t> place(names_.size(), kMostColumns);
    table::Grid grid;
    for (std::size_t i = 0; i < order.size(); ++i) {
      place[order[i]] = i;
      grid.names.push_back(names_[order[i]]);
    }
    grid.rows.resize(rows_.size());
    grid.cells.resize(rows_.size() * order.size());
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      for (const auto& [column, value] : rows_[r]) {
        if (place[column] >= order.size()) continue;
        std::string_view& cell = grid.cells[r * order.size() + place[column]];
        if (cell.empty()) {
          cell = value;
        } else if (cell.size() < kLongestCell) {
          cell = grid.owned.emplace_back(std::string(cell) + " " + std::string(value));
        }
      }
    }
    return grid;
  }

  const Document& document_;
  std::string_view text_;
  bool frames_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> columns_;
  std::vector<std::vector<std::pair<std::size_t, std::string_view>>> rows_;
};

bool says_failed(std::string_view attribute, std::string_view value) {
  static constexpr std::array<std::string_view, 8> kVerdicts = {"status",   "result", "outcome", "severity",
                                                                "priority", "level",  "state",   "verdict"};
  static constexpr std::array<std::string_view, 9> kFailed = {"failed",  "failure", "fail",     "error", "errored",
                                                              "aborted", "fatal",   "critical", "broken"};
  if (base::equals_ci(attribute, "success") || base::equals_ci(attribute, "passed"))
    return base::equals_ci(value, "false") || base::equals_ci(value, "no");
  const bool verdict = std::ranges::any_of(kVerdicts, [&](auto word) { return base::equals_ci(attribute, word); });
  return verdict && std::ranges::any_of(kFailed, [&](auto word) { return base::equals_ci(value, word); });
}

}  // namespace

table::Grid records_of(const Document& document, std::string_view text, std::span<const std::uint32_t> elements,
                       bool frames) {
  return Table(document, text, frames).run(elements);
}

bool tells_of_failure(const Document& document, std::uint32_t element) {
  static constexpr std::array<std::string_view, 9> kElements = {"failure",      "error",      "rerunfailure",
                                                                "rerunerror",   "exception",  "fault",
                                                                "flakyfailure", "flakyerror", "stacktrace"};
  const Element& e = document.elements[element];
  for (std::uint32_t i = element; i < e.next && i < element + kMostInside; ++i) {
    const Element& inside = document.elements[i];
    const std::string_view name = document.name(inside);
    if (i > element && std::ranges::any_of(kElements, [&](auto word) { return base::equals_ci(name, word); }))
      return true;
    for (const Attribute& a : document.attributes_of(inside)) {
      if (says_failed(document.name(a), document.value(a))) return true;
    }
  }
  return false;
}

}  // namespace headroom::compress::xml
