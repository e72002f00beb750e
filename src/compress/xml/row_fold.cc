#include "compress/xml/row_fold.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"
#include "compress/line_head.h"

namespace headroom::compress::xml {
namespace {

constexpr std::string_view kMiddle = " lines give each {} of: ";
constexpr std::string_view kPlace = "{}";
constexpr char kBetween = '|';
constexpr std::size_t kFewest = 4;   // lines of a run
constexpr std::size_t kMost = 4096;  // of one head
constexpr std::size_t kLongestLine = 2000;
constexpr std::size_t kMostPlaces = 40;
constexpr std::size_t kHead = 40;  // bytes of a head without its template

/// A line taken apart: what is the same in lines of one kind, and what they say.
struct Line {
  std::vector<std::string_view> fixed;   ///< one more than values
  std::vector<std::string_view> values;  ///< in quotes, or between '>' and '<'
};

/// No values: the line is of no use here.
Line take_apart(std::string_view line) {
  Line out;
  if (line.size() > kLongestLine || line.find_first_of("|\r") != std::string_view::npos ||
      line.find(kPlace) != std::string_view::npos)
    return out;
  std::size_t from = 0;
  bool in_tag = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '<') in_tag = true;
    const bool quoted = in_tag && line[at] == '"';
    if (line[at] == '>') in_tag = false;
    if (!quoted && line[at] != '>') continue;
    const std::size_t end = line.find(quoted ? '"' : '<', at + 1);
    if (end == std::string_view::npos) break;
    if (!quoted && end == at + 1) continue;
    out.fixed.push_back(line.substr(from, at + 1 - from));
    out.values.push_back(line.substr(at + 1, end - at - 1));
    from = end;
    at = quoted ? end : end - 1;
  }
  out.fixed.push_back(line.substr(from));
  if (out.values.size() > kMostPlaces) out.values.clear();
  return out;
}

/// Lines of one kind that follow each other.
struct Run {
  std::vector<Line> lines;
  std::vector<bool> varies;  ///< by value
};

/// The template with the values that are the same in all lines.
std::string template_of(const Run& run) {
  const Line& first = run.lines.front();
  std::string out;
  for (std::size_t v = 0; v < first.values.size(); ++v) {
    out += first.fixed[v];
    out += run.varies[v] ? kPlace : first.values[v];
  }
  return out += first.fixed.back();
}

std::string row_of(const Run& run, const Line& line) {
  std::string out;
  bool more = false;
  for (std::size_t v = 0; v < line.values.size(); ++v) {
    if (!run.varies[v]) continue;
    if (more) out += kBetween;
    more = true;
    out += line.values[v];
  }
  return out;
}

/// They begin alike, up to their first value.
bool alike(std::string_view a, std::string_view b) {
  const std::size_t first = std::min(a.find_first_of("\">"), a.size());
  return a.substr(0, first) == b.substr(0, first);
}

Run run_from(const std::vector<std::string_view>& lines, std::size_t at, const std::vector<std::uint8_t>& asked) {
  Run run;
  for (std::size_t next = at + 1; next < at + kFewest; ++next) {
    if (next >= lines.size() || !alike(lines[at], lines[next])) return run;
  }
  for (; at < lines.size() && run.lines.size() < kMost && (asked.empty() || asked[at] == 0); ++at) {
    Line line = take_apart(lines[at]);
    if (line.values.empty() || (!run.lines.empty() && line.fixed != run.lines.front().fixed)) break;
    run.lines.push_back(std::move(line));
  }
  if (run.lines.empty()) return run;
  run.varies.assign(run.lines.front().values.size(), false);
  for (const Line& line : run.lines) {
    for (std::size_t v = 0; v < run.varies.size(); ++v)
      run.varies[v] = run.varies[v] || line.values[v] != run.lines.front().values[v];
  }
  return run;
}

/// The head and the rows; empty when they are not worth it.
std::string fold(const Run& run, std::size_t bytes) {
  if (run.lines.size() < kFewest || std::ranges::find(run.varies, true) == run.varies.end()) return {};
  const std::string form = template_of(run);
  if (form.size() + kHead >= bytes / 2) return {};
  std::string out = line_head(run.lines.size(), kMiddle, form);
  for (const Line& line : run.lines) out.append(row_of(run, line)).push_back('\n');
  return out.size() * 5 < bytes * 4 ? out : std::string();
}

std::string fill(std::string_view form, std::string_view row) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t place = form.find(kPlace); place != std::string_view::npos; place = form.find(kPlace, at)) {
    out += form.substr(at, place - at);
    const std::size_t end = std::min(row.find(kBetween), row.size());
    out += row.substr(0, end);
    row.remove_prefix(std::min(end + 1, row.size()));
    at = place + kPlace.size();
  }
  return out += form.substr(at);
}

}  // namespace

bool has_rows(std::string_view text) {
  return text.find(kMiddle) != std::string_view::npos;
}

std::optional<std::string> fold_rows(std::string_view text, const std::vector<std::uint8_t>& asked) {
  if (text.find(kLineHeadOpen) != std::string_view::npos) return std::nullopt;
  const std::vector<std::string_view> lines = base::split_lines(text);
  std::string out;
  bool folded = false;
  for (std::size_t i = 0; i < lines.size();) {
    const Run run = run_from(lines, i, asked);
    const std::size_t next = i + std::max<std::size_t>(run.lines.size(), 1);
    const std::size_t bytes =
        static_cast<std::size_t>(lines[next - 1].data() - lines[i].data()) + lines[next - 1].size();
    const std::string rows = fold(run, bytes);
    folded = folded || !rows.empty();
    out += rows;
    for (; i < next; ++i) {
      if (rows.empty()) out.append(lines[i]).push_back('\n');
    }
  }
  if (!folded) return std::nullopt;
  if (!text.ends_with('\n')) out.pop_back();
  return out;
}

std::string expand_rows(std::string_view folded) {
  std::string out;
  std::optional<LineHead> head;
  for (std::string_view line : base::split_lines(folded)) {
    if (head && head->lines > 0) {
      --head->lines;
      out.append(fill(head->shared, line)).push_back('\n');
    } else if (head = read_line_head(line, kMiddle); !head) {
      out.append(line).push_back('\n');
    }
  }
  if (!folded.ends_with('\n') && !out.empty()) out.pop_back();
  return out;
}

}  // namespace headroom::compress::xml
