#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "compress/log/pickers.h"

namespace headroom::compress::log {
namespace {

/// The line shows a place in a library: of a stack these tell little.
bool shows_library(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kLibraries = {
      "node_modules/", "site-packages/", "/.cargo/registry/", "/rustc/", "/go/pkg/mod/", "/vendor/bundle/", "/gems/"};
  return std::ranges::any_of(kLibraries, [&](std::string_view part) { return text.find(part) != text.npos; });
}

/// "at ./src/close.rs:212:39": ends with a place.
bool ends_with_place(std::string_view text) {
  while (text.ends_with(')')) text.remove_suffix(1);
  const std::size_t end = text.find_last_not_of("0123456789:");
  return end != text.npos && end + 1 < text.size() && text[end + 1] == ':' && text.find('/') != text.npos;
}

/// Lines of stacks far from their tops that are in libraries, and the lines right above that name these frames. The
/// program's own frames between them are picked.
std::vector<bool> far_library_frames(Picks& picks) {
  constexpr std::uint32_t kTop = 6;
  std::vector<bool> far(picks.count(), false);
  std::uint32_t seen = 0;
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    const Line& line = picks.line(i);
    if (line.indent == 0) seen = 0;
    if (line.indent == 0) continue;
    const bool named_above = i > 0 && picks.line(i - 1).indent > 0 && picks.line(i - 1).indent < line.indent;
    if (!shows_library(line.text)) {
      if (seen > 0 && ends_with_place(line.text)) picks.add(0.9f, named_above ? i - 1 : i, i, Reason::kRare);
      continue;
    }
    if (++seen <= kTop) continue;
    far[i] = true;
    if (named_above) far[i - 1] = true;
  }
  return far;
}

}  // namespace

void pick_edges(Picks& picks) {
  const std::uint32_t head = picks.count() < 80 ? 3 : 2;
  const std::uint32_t tail = picks.count() < 80 ? 4 : 3;
  for (std::uint32_t i = 0, seen = 0; i < picks.count() && seen < head; ++i) {
    if (picks.line(i).has(kBlank)) continue;
    picks.add(kAlways, i, i, Reason::kEdge);
    ++seen;
  }
  for (std::uint32_t i = picks.count(), seen = 0; i-- > 0 && seen < tail;) {
    if (picks.line(i).has(kBlank)) continue;
    picks.add(kAlways, i, i, Reason::kEdge);
    ++seen;
  }
}

void pick_rare(Picks& picks) {
  const std::uint32_t few = picks.count() < 120 ? 2 : std::max<std::uint32_t>(1, picks.count() / 1000);
  std::size_t kinds = 0;
  for (const Template& t : picks.analysis().templates) kinds += t.count > 0 && t.count <= few;
  const float base = kinds <= 30 ? 0.66f : kinds <= 120 ? 0.45f : 0.3f;
  const float best = picks.analysis().query.score.empty()
                         ? 0.0f
                         : std::max(0.5f, *std::ranges::max_element(picks.analysis().query.score));
  const std::vector<bool> far = far_library_frames(picks);
  const std::vector<bool> repeated = repeated_lines(picks.document(), picks.analysis().findings);
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    if (picks.line(i).has(kBlank) || picks.repeats(i) > few || far[i]) continue;
    if (repeated[i] && (picks.analysis().query.score.empty() || picks.analysis().query.score[i] == 0)) continue;
    float priority = base - 0.008f * static_cast<float>(std::min<std::uint32_t>(picks.line(i).indent, 10));
    if (best > 0) priority += 0.3f * picks.analysis().query.score[i] / best;
    if (picks.line(i).text.size() > 600) priority -= 0.2f;
    // What a server answered ("< retry-after: 17") is more than how it was asked.
    if (picks.line(i).text.starts_with("< ")) priority += 0.3f;
    if (picks.line(i).has(kUntilBlank)) priority -= 0.15f;
    picks.add(priority, i, i, Reason::kRare);
  }
  std::uint32_t shown = 0;
  for (const Template& t : picks.analysis().templates) {
    if (t.count <= few || ++shown > 16) continue;
    picks.add(0.3f, t.sample, t.sample, Reason::kFiller);
  }
}

void pick_pauses(Picks& picks) {
  if (!picks.document().timed || picks.count() < 20) return;
  std::vector<std::pair<std::int64_t, std::uint32_t>> steps;
  std::uint32_t previous = picks.count();
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    if (!picks.line(i).has(kTimed)) continue;
    if (previous < picks.count() && picks.line(i).time_ms > picks.line(previous).time_ms) {
      steps.emplace_back(picks.line(i).time_ms - picks.line(previous).time_ms, i);
    }
    previous = i;
  }
  if (steps.size() < 8) return;
  const std::size_t nth = steps.size() / 50 + 2;
  std::ranges::nth_element(steps, steps.begin() + static_cast<std::ptrdiff_t>(nth), std::greater<>{});
  const std::int64_t usual = steps[nth].first;
  std::ranges::sort(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(nth), std::greater<>{});
  for (std::size_t k = 0; k < 2; ++k) {
    if (steps[k].first < 4 * usual || steps[k].first < 2000) break;
    const std::uint32_t after = steps[k].second;
    picks.add(0.6f, after - 1, after, Reason::kExtreme);
  }
}

void pick_changes(Picks& picks) {
  constexpr std::size_t kMost = 60, kMostAlike = 2;
  std::map<std::string_view, std::size_t> seen;
  for (std::uint32_t i = 0; i < picks.count() && seen.size() < kMost; ++i) {
    const std::string_view text = base::trim(picks.line(i).text);
    const bool change =
        text.starts_with("~ ") && text.find(" -> ") != text.npos && text.find("(known after") == text.npos;
    if (change && ++seen[text] <= kMostAlike) picks.add(1.5f, i, i, Reason::kExtreme);
  }
}

void pick_summaries(Picks& picks) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    if (picks.line(i).has(kSummary) && picks.repeats(i) <= std::max<std::uint32_t>(2, picks.count() / 200))
      found.push_back(i);
  }
  for (std::uint32_t i : found) {
    const bool late = i + picks.count() / 4 + 6 >= picks.count();
    picks.add(found.size() <= 12 || (late && found.size() <= 60) ? 2.0f : late ? 0.72f : 0.5f, i, i, Reason::kSummary);
  }
}

}  // namespace headroom::compress::log
