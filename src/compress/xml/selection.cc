#include "compress/xml/selection.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "compress/json/question.h"
#include "compress/json/row_choice.h"
#include "compress/json/summary.h"
#include "compress/table/answer.h"
#include "compress/table/view.h"
#include "compress/xml/records.h"

namespace headroom::compress::xml {
namespace {

constexpr std::size_t kMostFailures = 60;  // more than these: some of each kind
constexpr std::size_t kOfEachKind = 3;

/// What the failure says first, numbers aside.
std::uint64_t kind_of_failure(const Document& document, std::uint32_t element) {
  std::string kind;
  const Element& e = document.elements[element];
  for (std::uint32_t i = element + 1; i < e.next && kind.size() < 80; ++i) {
    const Element& inside = document.elements[i];
    kind += document.name(inside);
    for (const Attribute& a : document.attributes_of(inside)) kind += document.value(a).substr(0, 80);
    if (!document.has_children(i)) kind += document.text(inside).substr(0, 80);
  }
  std::erase_if(kind, [](char c) { return c >= '0' && c <= '9'; });
  return base::hash64(kind);
}

class Selector {
 public:
  Selector(const Document& document, const Input& input, std::size_t chains)
      : document_(document),
        input_(input),
        question_(input.query),
        aims_{.target_tokens = input.target_tokens,
              .text_bytes = input.text.size(),
              .lossless_bytes = input.text.size(),
              .tables = chains,
              .profile = input.profile} {
    out_.gone.assign(document.elements.size(), false);
  }

  void shorten(const Chain& chain) {
    const Level& records = chain.back();
    out_.records += records.elements.size();
    out_.kept += records.elements.size();
    std::vector<bool> keep(document_.elements.size(), false);
    const std::optional<std::size_t> kept = choose(records, keep, false);
    if (!kept || input_.deadline.expired()) return;
    out_.kept -= records.elements.size() - *kept;
    // A frame stays around what stays, and where the list of frames asks for it.
    for (const std::uint32_t element : records.elements) {
      if (!keep[element]) continue;
      for (std::uint32_t up = document_.elements[element].parent; up != kNone && !keep[up];
           up = document_.elements[up].parent)
        keep[up] = true;
    }
    for (std::size_t at = 0; at + 1 < chain.size(); ++at) {
      if (choose(chain[at], keep, true)) continue;
      for (const std::uint32_t element : chain[at].elements) keep[element] = true;
    }
    for (const Level& level : chain) {
      for (const std::uint32_t element : level.elements) out_.gone[element] = !keep[element];
    }
  }

  Selection take() {
    // What stands in an element that goes needs no gap of its own.
    std::uint32_t inside = 0;
    for (std::uint32_t i = 0; i < out_.gone.size(); ++i) {
      if (i < inside) {
        out_.gone[i] = false;
      } else if (out_.gone[i]) {
        inside = document_.elements[i].next;
      }
    }
    return std::move(out_);
  }

 private:
  /// Marks the elements of the level that stay; how many there are, or nullopt when all do.
  std::optional<std::size_t> choose(const Level& level, std::vector<bool>& keep, bool frames) {
    const table::Grid grid = records_of(document_, input_.text, level.elements, frames);
    if (grid.names.empty()) return std::nullopt;
    const auto view = table::view_of(grid);
    if (!view || input_.deadline.expired()) return std::nullopt;
    auto choice = json::choose_rows(view->document, view->table, question_, aims_, input_.deadline);
    if (!choice) return std::nullopt;
    json::Selection& selection = choice->selection;
    table::Answer answer = table::find_answer(*view, choice->facts, question_, input_.query, aims_);
    const std::vector<std::size_t> failed = failures(level, answer.everything);
    // "List all tests that fail" asks for those.
    if (answer.everything && (failed.empty() || !asks_for_failures())) return std::nullopt;
    const auto stay = [&](std::size_t row, json::Reason reason) {
      if (selection.keep[row]) return;
      selection.keep[row] = true;
      selection.rows.push_back({static_cast<std::uint32_t>(row), reason, {}});
    };
    for (std::size_t row = 0; row < answer.rows.size(); ++row) {
      if (answer.rows[row]) stay(row, json::Reason::kAsked);
    }
    for (const std::size_t row : failed) stay(row, json::Reason::kError);
    const std::size_t kept = selection.rows.size();
    if (kept * 10 > level.elements.size() * 8) return std::nullopt;
    std::ranges::sort(selection.rows, {}, &json::KeptRow::row);
    const std::string_view name = document_.name(document_.elements[level.elements.front()]);
    for (const json::KeptRow& row : selection.rows) {
      out_.notes.push_back(fmt::format("{} {} kept: {}{}{}", name, row.row + 1, json::reason_name(row.reason),
                                       row.detail.empty() ? "" : " in ", row.detail));
      keep[level.elements[row.row]] = true;
    }
    answer.facts.insert(answer.facts.end(), selection.answers.begin(), selection.answers.end());
    if (!out_.what.empty()) out_.what += " | ";
    out_.what +=
        fmt::format("{}: {}", name, json::summarize(view->document, view->table, choice->facts, kept, answer.facts));
    return kept;
  }

  bool asks_for_failures() const {
    static constexpr std::array<std::string_view, 6> kWords = {"fail", "error", "broken", "break", "wrong", "red "};
    return std::ranges::any_of(kWords, [&](auto word) { return base::contains_ci(input_.query.user, word); });
  }

  /// Rows that tell of a failure, unless that is what all rows are about.
  std::vector<std::size_t> failures(const Level& level, bool all) const {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < level.elements.size(); ++row) {
      if (tells_of_failure(document_, level.elements[row])) rows.push_back(row);
    }
    if (rows.size() * 2 > level.elements.size()) return {};
    if (all || rows.size() <= kMostFailures) return rows;
    std::unordered_map<std::uint64_t, std::size_t> seen;
    std::erase_if(
        rows, [&](std::size_t row) { return ++seen[kind_of_failure(document_, level.elements[row])] > kOfEachKind; });
    return rows;
  }

  const Document& document_;
  const Input& input_;
  json::Question question_;
  json::RowAims aims_;
  Selection out_;
};

}  // namespace

Selection select_records(const Document& document, const std::vector<Chain>& chains, const Input& input) {
  Selector selector(document, input, chains.size());
  for (const Chain& chain : chains) selector.shorten(chain);
  return selector.take();
}

}  // namespace headroom::compress::xml
