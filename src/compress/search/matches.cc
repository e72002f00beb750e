#include "compress/search/matches.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/marker.h"
#include "detect/path_shape.h"

namespace headroom::compress::search {
namespace {

constexpr std::string_view kOpen = "<match path=\"";
constexpr std::string_view kClose = "</match>";
constexpr std::string_view kBareTitle = "[<match> elements: line:text]";
constexpr std::string_view kQuotedTitle = "[<match> elements, line=\"\": line:text]";

struct Place {
  std::string_view path, line;
};

/// What the start tag says; no path: it is none that can be written again from that.
Place read_tag(std::string_view tag, bool quoted) {
  if (!tag.starts_with(kOpen)) return {};
  const std::size_t end = tag.find('"', kOpen.size());
  if (end == std::string_view::npos) return {};
  const std::string_view path = tag.substr(kOpen.size(), end - kOpen.size());
  std::string_view rest = tag.substr(end + 1);
  const std::string_view before = quoted ? " line=\"" : " line=";
  const std::string_view after = quoted ? "\">" : ">";
  if (!rest.starts_with(before) || !rest.ends_with(after) || rest.size() <= before.size() + after.size()) return {};
  rest = rest.substr(before.size(), rest.size() - before.size() - after.size());
  const bool number = std::ranges::all_of(rest, [](char c) { return c >= '0' && c <= '9'; });
  return number ? Place{path, rest} : Place{};
}

/// Length of "path:12:" or "path-12-" where that is how the line begins and the mark is `mark`.
std::size_t prefix_of(std::string_view line, const Place& place, char mark) {
  const std::size_t size = place.path.size() + place.line.size() + 2;
  const bool fits = line.size() >= size && line.starts_with(place.path) && line[place.path.size()] == mark &&
                    line.substr(place.path.size() + 1).starts_with(place.line) && line[size - 1] == mark;
  return fits ? size : 0;
}

/// Of a line that goes on in an element whose beginning is left out: "path-12-text".
Place inner_place(std::string_view line) {
  if (detect::hit_place(line).path > 0) return {};
  for (std::size_t at = line.find('-'); at != std::string_view::npos && at < 400; at = line.find('-', at + 1)) {
    const std::size_t number = detect::number_prefix(line.substr(at + 1));
    if (number > 0 && line[at + number] == '-' && detect::is_path_like(line.substr(0, at)))
      return {line.substr(0, at), line.substr(at + 1, number - 1)};
  }
  return {};
}

}  // namespace

std::optional<FlatMatches> flatten_matches(std::string_view text) {
  const std::size_t first = text.find(kOpen);
  if (first == std::string_view::npos || first > 400) return std::nullopt;
  const std::vector<std::string_view> lines = base::split_lines(text);
  FlatMatches out;
  const std::string_view tag = text.substr(first, text.find('\n', first) - first);
  const bool quoted = !tag.empty() && tag.ends_with("\">");
  out.title = quoted ? kQuotedTitle : kBareTitle;
  std::size_t inside = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Place place = read_tag(lines[i], quoted);
    std::size_t end = i + 1;
    while (!place.path.empty() && end < lines.size() && lines[end] != kClose && !lines[end].starts_with(kOpen)) ++end;
    const bool whole = !place.path.empty() && end < lines.size() && lines[end] == kClose && end > i + 1;
    out.begins.push_back(static_cast<std::uint32_t>(i));
    if (!whole) {
      out.text.append(lines[i]).push_back('\n');
      continue;
    }
    for (std::size_t k = i + 1; k < end; ++k) {
      const char mark = k == i + 1 ? ':' : '-';
      if (k > i + 1) out.begins.push_back(static_cast<std::uint32_t>(k));
      out.text.append(place.path).append(1, mark).append(place.line).append(1, mark).append(lines[k]).push_back('\n');
    }
    inside += end + 1 - i;
    i = end;
  }
  out.begins.push_back(static_cast<std::uint32_t>(lines.size()));
  if (!text.ends_with('\n')) out.text.pop_back();
  if (inside * 10 < lines.size() * 8 || restore_matches(out.title, out.text) != text) return std::nullopt;
  return out;
}

std::string_view after_matches_title(std::string_view text) {
  for (const std::string_view title : {kBareTitle, kQuotedTitle}) {
    if (text.starts_with(title) && text.substr(title.size()).starts_with('\n')) return text.substr(title.size() + 1);
  }
  return {};
}

std::string restore_matches(std::string_view title, std::string_view flat) {
  const bool quoted = title.starts_with(kQuotedTitle);
  std::string out;
  std::size_t lines = 0;
  const auto add = [&](std::string_view line) {
    out.append(line).push_back('\n');
    ++lines;
  };
  Place open;
  const auto close = [&] {
    if (!open.path.empty()) add(kClose);
    open = {};
  };
  bool after_gap = false;
  for (const std::string_view line : base::split_lines(flat)) {
    if (const std::vector<Gap> gaps = line.starts_with("<<") ? find_gaps(line) : std::vector<Gap>(); gaps.size() == 1) {
      // Whether the element ends before the gap or in it, the gap's first line tells.
      if (gaps[0].first > lines + 1) close();
      open = {};
      add(line);
      lines = gaps[0].last;
      after_gap = true;
      continue;
    }
    if (after_gap) open = inner_place(line);
    after_gap = false;
    if (const std::size_t size = open.path.empty() ? 0 : prefix_of(line, open, '-'); size > 0) {
      add(line.substr(size));
      continue;
    }
    close();
    const detect::Place place = detect::hit_place(line);
    if (place.path == 0) {
      add(line);
      continue;
    }
    open = {line.substr(0, place.path), line.substr(place.path + 1, place.end - place.path - 2)};
    add(fmt::format("{}{}\" line={}>", kOpen, open.path,
                    quoted ? fmt::format("\"{}\"", open.line) : std::string(open.line)));
    add(line.substr(place.end));
  }
  close();
  if (!flat.ends_with('\n') && !out.empty()) out.pop_back();
  return out;
}

std::string renumber_gaps(std::string_view text, const FlatMatches& matches) {
  std::string out;
  std::size_t at = 0;
  for (const Gap& gap : find_gaps(text)) {
    if (gap.last >= matches.begins.size()) continue;
    const std::string_view marker = text.substr(gap.at, gap.length);
    const std::size_t says = marker.find(": ");
    out.append(text.substr(at, gap.at - at));
    out += gap_marker(
        matches.begins[gap.first - 1] + 1, matches.begins[gap.last],
        says == std::string_view::npos ? std::string_view() : marker.substr(says + 2, marker.size() - says - 4));
    at = gap.at + gap.length;
  }
  return out.append(text.substr(at));
}

}  // namespace headroom::compress::search
