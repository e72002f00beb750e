#include <algorithm>
#include <map>
#include <vector>

#include "compress/log/fields.h"
#include "compress/log/pickers.h"

namespace headroom::compress::log {
namespace {

/// A section's identity, title and summary.
void add_section(Picks& picks, float priority, const Section& s, Reason reason) {
  picks.add(priority, s.first, s.identity_last, reason);
  picks.add(priority, s.title, s.title, reason);
  picks.add(priority, s.summary, s.summary, reason);
}

/// What each section's summary counts, by the word behind the number: "10 files changed, 291 insertions(+)".
std::map<std::string_view, std::vector<std::pair<double, std::size_t>>> counts(const Picks& picks) {
  std::map<std::string_view, std::vector<std::pair<double, std::size_t>>> out;
  std::vector<Field> fields;
  const std::vector<Section>& sections = picks.analysis().sections;
  for (std::size_t k = 0; k < sections.size(); ++k) {
    if (sections[k].summary == sections[k].first) continue;
    split_fields(picks.line(sections[k].summary).text, fields);
    for (std::size_t f = 0; f + 1 < fields.size(); ++f) {
      if (!measures(fields[f].kind)) continue;
      // "1 file" and "2 files" count the same.
      out[fields[f + 1].text.substr(0, 3)].emplace_back(fields[f].value, k);
    }
  }
  return out;
}

/// The line of a section that hardly another one resembles, head and summary aside; the head: none.
std::uint32_t own_line(const Picks& picks, const Section& s) {
  for (std::uint32_t i = s.first + 1; i <= s.last; ++i) {
    if (!picks.line(i).has(kBlank) && i != s.summary && picks.repeats(i) == 1) return i;
  }
  return s.first;
}

/// Where most sections say what others say too, those that say something of their own.
void add_own(Picks& picks) {
  const std::vector<Section>& sections = picks.analysis().sections;
  std::vector<std::pair<const Section*, std::uint32_t>> own;
  for (const Section& s : sections) {
    if (const std::uint32_t line = own_line(picks, s); line != s.first) own.emplace_back(&s, line);
  }
  if (own.size() > std::max<std::size_t>(3, sections.size() / 12)) return;
  for (const auto& [section, line] : own) {
    picks.add(1.9f, line, line, Reason::kRare);
    picks.add(1.85f, section->first, section->identity_last, Reason::kRare);
  }
}

}  // namespace

void pick_sections(Picks& picks) {
  const std::vector<Section>& sections = picks.analysis().sections;
  if (sections.empty()) return;
  const Wants& wants = picks.analysis().query.wants;
  const float ends = wants.first || wants.last ? 3.0f : 1.2f;
  add_section(picks, ends, sections.front(), Reason::kEdge);
  add_section(picks, ends, sections.back(), Reason::kEdge);
  if (wants.first || wants.last) {
    picks.add(1.5f, sections.front().first, sections.front().last, Reason::kEdge);
    picks.add(1.5f, sections.back().first, sections.back().last, Reason::kEdge);
  }
  add_own(picks);
  for (auto& [unit, values] : counts(picks)) {
    if (values.size() < 3) continue;
    std::ranges::sort(values);
    const float priority = wants.extreme ? 2.6f : 0.9f;
    for (std::size_t k = 0; k < std::min<std::size_t>(3, values.size()); ++k) {
      const float rank = 0.02f * static_cast<float>(k);
      add_section(picks, priority - rank, sections[values[values.size() - 1 - k].second], Reason::kExtreme);
      if (k == 0) add_section(picks, priority - 0.2f, sections[values[k].second], Reason::kExtreme);
    }
  }
  for (std::size_t k = 0; k < sections.size(); ++k) {
    add_section(picks, 0.7f - 0.001f * static_cast<float>(std::min<std::size_t>(k, 200)), sections[k], Reason::kFiller);
  }
}

}  // namespace headroom::compress::log
