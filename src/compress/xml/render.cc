#include "compress/xml/render.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "base/utf8.h"
#include "compress/marker.h"

namespace headroom::compress::xml {
namespace {

/// Neighbours that go, with nothing but white space between.
struct Run {
  std::uint32_t first = 0, last = 0;  ///< elements, those inside the last one included
  std::uint32_t begin = 0, end = 0;   ///< bytes
  std::map<std::uint32_t, std::size_t> names;
};

std::vector<Run> find_runs(const Document& document, std::string_view text, const std::vector<bool>& gone) {
  std::vector<Run> runs;
  for (std::uint32_t i = 0; i < gone.size(); ++i) {
    if (!gone[i]) continue;
    const Element& e = document.elements[i];
    const bool joins = !runs.empty() && runs.back().last + 1 == i &&
                       document.elements[runs.back().first].parent == e.parent &&
                       base::trim(text.substr(runs.back().end, e.begin - runs.back().end)).empty();
    if (!joins) runs.push_back({.first = i, .begin = e.begin});
    runs.back().last = e.next - 1;
    runs.back().end = e.end;
    ++runs.back().names[e.name];
    i = e.next - 1;
  }
  return runs;
}

/// "40 testcase", "12 property, 3 item".
std::string told(const Document& document, const Run& run) {
  std::string out;
  for (const auto& [name, count] : run.names)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, document.names[name]);
  return std::string(base::beginning(out, 120));
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// Nothing else stands on its lines.
bool fills_lines(std::string_view text, const Run& run) {
  const std::size_t before = run.begin == 0 ? 0 : text.rfind('\n', run.begin - 1) + 1;
  const std::size_t after = std::min(text.find('\n', run.end), text.size());
  return is_blank(text.substr(before, run.begin - before)) && is_blank(text.substr(run.end, after - run.end));
}

/// The lines of the runs as gaps.
std::vector<LineGap> lines_of(const Document& document, std::string_view text, const std::vector<Run>& runs) {
  std::vector<LineGap> out;
  std::size_t at = 0, line = 1;
  const auto advance = [&](std::size_t to) {
    line += static_cast<std::size_t>(std::ranges::count(text.substr(at, to - at), '\n'));
    at = to;
    return line;
  };
  for (const Run& run : runs) {
    const std::size_t first = advance(run.begin);
    out.push_back({first, advance(run.end), told(document, run)});
  }
  return out;
}

std::string without_lines(std::string_view text, const std::vector<LineGap>& gaps) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  std::string out;
  std::size_t at = 0;
  for (const LineGap& gap : gaps) {
    for (; at + 1 < gap.first; ++at) out.append(lines[at]).push_back('\n');
    out.append(as_comment(gap_marker(gap.first, gap.last, gap.what))).push_back('\n');
    at = gap.last;
  }
  for (; at < lines.size(); ++at) out.append(lines[at]).push_back('\n');
  if (!text.ends_with('\n')) out.pop_back();
  return out;
}

std::string without_elements(const Document& document, std::string_view text, const std::vector<Run>& runs) {
  std::string out;
  std::size_t at = 0;
  for (const Run& run : runs) {
    out.append(text.substr(at, run.begin - at));
    out += '\n';
    out += as_comment(gap_marker(run.first, run.last, told(document, run)));
    out += '\n';
    at = run.end;
  }
  out.append(text.substr(at));
  return out;
}

std::string_view range_of(const Document& document, std::string_view text, std::size_t first, std::size_t last) {
  if (first > last || last >= document.elements.size()) return {};
  std::uint32_t end = 0;
  for (std::size_t i = first; i <= last; i = document.elements[i].next) {
    if (!document.elements[i].closed) return {};
    end = std::max(end, document.elements[i].end);
  }
  return text.substr(document.elements[first].begin, end - document.elements[first].begin);
}

}  // namespace

std::string as_comment(std::string_view marker) {
  std::string inside(marker);
  for (std::size_t at = inside.find("--"); at != std::string::npos; at = inside.find("--", at + 1))
    inside.insert(at + 1, " ");
  return fmt::format("<!-- {} -->", inside);
}

Rendered render(const Document& document, std::string_view text, const std::vector<bool>& gone,
                const std::vector<LineGap>& lines) {
  const std::vector<Run> runs = find_runs(document, text, gone);
  if (!std::ranges::all_of(runs, [&](const Run& run) { return fills_lines(text, run); }))
    return {without_elements(document, text, runs), false};
  std::vector<LineGap> gaps = lines_of(document, text, runs);
  gaps.insert(gaps.end(), lines.begin(), lines.end());
  std::ranges::sort(gaps, {}, &LineGap::first);
  return {without_lines(text, gaps), true};
}

std::string fill_gaps(std::string_view rendered, std::string_view original) {
  const Document document = read_document(original);
  std::string out;
  std::size_t at = 0;
  for (const Gap& gap : find_gaps(rendered)) {
    const std::size_t begin = rendered.rfind("\n<!-- ", gap.at);
    const std::size_t end = rendered.find(" -->\n", gap.at);
    if (begin == std::string_view::npos || end == std::string_view::npos || begin < at) continue;
    out.append(rendered.substr(at, begin - at));
    out += range_of(document, original, gap.first, gap.last);
    at = end + 5;
  }
  out.append(rendered.substr(at));
  return out;
}

std::string_view element_range(std::string_view text, std::size_t first, std::size_t last) {
  return range_of(read_document(text), text, first, last);
}

}  // namespace headroom::compress::xml
