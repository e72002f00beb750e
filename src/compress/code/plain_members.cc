#include "compress/code/plain_members.h"

#include <algorithm>

#include "base/text.h"

namespace headroom::compress::code {
namespace {

constexpr std::size_t kLeastMembers = 10;
constexpr std::size_t kMostNames = 800;      // bytes
constexpr std::uint32_t kLongestMember = 5;  // rows

std::uint32_t end_of(const Unit& unit) {
  if (!ts_node_is_null(unit.node)) return ts_node_end_point(unit.node).row;
  return unit.close == kNone ? unit.body.last : unit.close;
}

/// "return name;", "this.name = name;": calls nothing and decides nothing.
bool is_plain(std::string_view statement) {
  constexpr std::size_t kLongest = 80;
  const std::string_view text = base::trim(statement);
  if (text.empty() || text.size() > kLongest || text.find_first_of("(?{\"'`<>") != std::string_view::npos) return false;
  return text.starts_with("return ") || text.find(" = ") != std::string_view::npos;
}

bool is_plain_member(const Unit& unit, const std::vector<std::string_view>& rows) {
  return !unit.owner.empty() && !unit.name.empty() && unit.decides() && unit.body.count() == 1 &&
         unit.doc_row == kNone && unit.islands.empty() && end_of(unit) - unit.start < kLongestMember &&
         is_plain(rows[unit.body.first]);
}

bool blank_between(const std::vector<std::string_view>& rows, std::uint32_t from, std::uint32_t to) {
  for (std::uint32_t row = from; row < to; ++row) {
    if (!base::trim(rows[row]).empty()) return false;
  }
  return true;
}

}  // namespace

std::vector<FoldedRun> plain_runs(const Outline& outline, const std::vector<std::string_view>& rows,
                                  const std::function<bool(std::uint32_t unit, Rows rows)>& asked) {
  std::vector<FoldedRun> runs;
  std::vector<std::size_t> members;
  std::uint32_t open = kNone;  // a member of the run that is read
  for (std::uint32_t i = 0; i < outline.units.size(); ++i) {
    const Unit& unit = outline.units[i];
    if (!is_plain_member(unit, rows) || asked(i, {unit.start, end_of(unit)})) {
      open = kNone;
      continue;
    }
    const bool goes_on = open != kNone && outline.units[open].owner == unit.owner &&
                         runs.back().rows.last < unit.start &&
                         blank_between(rows, runs.back().rows.last + 1, unit.start);
    if (!goes_on) {
      runs.push_back({{unit.start, unit.start}, {}});
      members.push_back(0);
    }
    FoldedRun& run = runs.back();
    run.rows.last = end_of(unit);
    if (run.names.size() + unit.name.size() <= kMostNames) {
      run.names += (run.names.empty() ? "" : ", ") + unit.name;
    } else if (!run.names.ends_with("...")) {
      run.names += ", ...";
    }
    ++members.back();
    open = i;
  }
  std::vector<FoldedRun> out;
  for (std::size_t k = 0; k < runs.size(); ++k) {
    if (members[k] >= kLeastMembers) out.push_back(std::move(runs[k]));
  }
  return out;
}

}  // namespace headroom::compress::code
