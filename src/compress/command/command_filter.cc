#include "compress/command/command_filter.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/command/line_rules.h"
#include "compress/focus/asked_lines.h"
#include "compress/focus/dull_lines.h"
#include "compress/marker.h"
#include "detect/command_rules.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kHandleTokens = 40;

/// A pattern without its stars, as a gap names what it matched: "Compiling *" -> "Compiling".
std::string named(std::string_view pattern) {
  std::string out;
  for (char c : pattern.substr(0, 32)) {
    if (c == '*') c = ' ';
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    out += c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out.empty() ? "like lines" : out;
}

/// What lines [first, last) that go are: the commonest pattern, unless a gap above told it.
std::string gap_text(std::span<const std::string_view> why, std::size_t first, std::size_t last,
                     std::set<std::string_view>& told) {
  std::vector<std::pair<std::string_view, std::size_t>> counts;
  for (std::size_t i = first; i < last; ++i) {
    const auto found = std::ranges::find(counts, why[i], &std::pair<std::string_view, std::size_t>::first);
    if (found != counts.end()) {
      ++found->second;
    } else if (counts.size() < 32) {
      counts.emplace_back(why[i], 1);
    }
  }
  std::ranges::stable_sort(counts, std::greater<>(), &std::pair<std::string_view, std::size_t>::second);
  if (!told.insert(counts.front().first).second) return {};
  std::string out = named(counts.front().first);
  if (counts.size() > 1) out += " and others";
  return out;
}

}  // namespace

std::optional<Output> CommandFilter::compress(const Input& input) const {
  if (input.id.empty() || input.query.call.command.empty() || input.deadline.expired()) return std::nullopt;
  const std::vector<const detect::CommandRule*> rules = detect::rules_for_line(input.query.call.command);
  if (std::ranges::all_of(rules, [](const auto* rule) { return rule->drop.empty() && rule->fold.empty(); })) {
    return std::nullopt;
  }
  const std::vector<std::string_view> lines = base::split_lines(input.text);
  const std::vector<std::uint8_t> asked = focus::asked_lines(input.text, lines, input.query);
  std::vector<std::string_view> why = command::lines_to_drop(lines, rules, asked);
  const focus::DullLines dull = focus::dull_lines(lines, input.query);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!dull.why[i].empty() && asked[i] == 0) why[i] = dull.why[i];
  }
  Output out;
  out.records_before = lines.size();
  std::size_t saved = 0;
  std::set<std::string_view> told;
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t end = i;
    std::size_t cost = 0;
    while (end < lines.size() && !why[end].empty()) cost += focus::estimated_tokens(lines[end++]);
    if (end > i) {
      const std::string what = gap_text(why, i, end, told);
      const std::size_t gap = focus::gap_tokens(i + 1, end, what) + 1;
      if (cost > gap) {
        out.text.append(gap_marker(i + 1, end, what)).push_back('\n');
        if (out.notes.size() < 200)
          out.notes.push_back(fmt::format("lines {}-{} dropped: {}", i + 1, end, named(why[i])));
        saved += cost - gap;
        i = end;
        continue;
      }
    }
    for (end = std::max(end, i + 1); i < end; ++i) {
      out.text.append(lines[i]).push_back('\n');
      ++out.records_kept;
    }
  }
  if (saved <= kHandleTokens) return std::nullopt;
  out.text += handle_marker(input.id, fmt::format("{} of {} lines dropped, nothing new",
                                                  out.records_before - out.records_kept, out.records_before));
  if (input.text.ends_with('\n')) out.text.push_back('\n');
  out.strategy = "command:lines";
  out.lossy = true;
  return out;
}

}  // namespace headroom::compress
