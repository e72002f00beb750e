#include "compress/diff/header_fold.h"

#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/focus/scan.h"

namespace headroom::compress::diff {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::string_view kDiff = "diff --git ";

/// P of "diff --git a/P b/P"; empty when the sides differ.
std::string_view same_path(std::string_view line) {
  if (!line.starts_with("diff --git a/")) return {};
  const std::string_view sides = line.substr(kDiff.size());
  const std::size_t half = sides.size() / 2;
  if (sides.size() % 2 == 0 || sides[half] != ' ') return {};
  const std::string_view a = sides.substr(0, half);
  const std::string_view b = sides.substr(half + 1);
  if (!b.starts_with("b/") || a.substr(2) != b.substr(2) || a.size() < 3) return {};
  return a.substr(2);
}

bool is(std::string_view line, std::string_view start, std::string_view path) {
  return line.starts_with(start) && line.substr(start.size()) == path;
}

struct Numbers {
  std::uint64_t old_start = 0, old_count = 1, new_start = 0, new_count = 1;
};

bool side(std::string_view& s, std::uint64_t& start, std::uint64_t& count) {
  if (!focus::take_number(s, start)) return false;
  return !focus::take(s, ",") || focus::take_number(s, count);
}

/// `tail` is what follows the numbers, "@@" and section.
bool full_heading(std::string_view line, Numbers& n, std::string_view& tail) {
  if (!focus::take(line, "@@ -") || !side(line, n.old_start, n.old_count) || !focus::take(line, " +") ||
      !side(line, n.new_start, n.new_count) || !line.starts_with(" @@"))
    return false;
  tail = line;
  return true;
}

bool short_heading(std::string_view line, std::uint64_t& old_start, std::string_view& tail) {
  if (!focus::take(line, "@@ -") || !focus::take_number(line, old_start) || !line.starts_with(" @@")) return false;
  tail = line;
  return true;
}

/// Lines of a hunk are those up to the next that cannot be one.
std::size_t body_end(const Lines& lines, std::size_t at) {
  while (at < lines.size() && !lines[at].empty() &&
         std::string_view(" +-\\").find(lines[at][0]) != std::string_view::npos)
    ++at;
  return at;
}

/// What a heading has to be, given the lines under it and how far the new side is ahead by now.
std::string heading(std::uint64_t old_start, std::int64_t ahead, const Lines& lines, std::size_t begin, std::size_t end,
                    std::string_view tail, std::int64_t& ahead_after) {
  std::uint64_t old_count = 0;
  std::uint64_t new_count = 0;
  for (std::size_t i = begin; i < end; ++i) {
    old_count += lines[i][0] == ' ' || lines[i][0] == '-';
    new_count += lines[i][0] == ' ' || lines[i][0] == '+';
  }
  // A side without lines names the line before it.
  const std::int64_t first = static_cast<std::int64_t>(old_start) + (old_count == 0 ? 1 : 0);
  const std::int64_t new_start = first + ahead - (new_count == 0 ? 1 : 0);
  ahead_after = ahead + static_cast<std::int64_t>(new_count) - static_cast<std::int64_t>(old_count);
  const auto text = [](std::int64_t start, std::uint64_t count) {
    return count == 1 ? fmt::format("{}", start) : fmt::format("{},{}", start, count);
  };
  return fmt::format("@@ -{} +{}{}", text(static_cast<std::int64_t>(old_start), old_count), text(new_start, new_count),
                     tail);
}

std::string joined(const std::vector<std::string>& lines, bool final_newline) {
  std::string out;
  for (const std::string& line : lines) out.append(line).push_back('\n');
  if (!final_newline && !out.empty()) out.pop_back();
  return out;
}

}  // namespace

std::optional<std::string> fold_headers(std::string_view text) {
  const Lines lines = base::split_lines(text);
  std::vector<std::string> out;
  std::int64_t ahead = 0;
  bool folded = false;
  for (std::size_t i = 0; i < lines.size();) {
    const std::string_view line = lines[i];
    if (line.starts_with("diff ") || line.starts_with("--- ")) ahead = 0;
    if (const std::string_view path = same_path(line);
        !path.empty() && i + 3 < lines.size() && lines[i + 1].starts_with("index ") &&
        is(lines[i + 2], "--- a/", path) && is(lines[i + 3], "+++ b/", path)) {
      out.push_back(fmt::format("{}{}", kDiff, path));
      out.emplace_back(lines[i + 1]);
      folded = true;
      i += 4;
      continue;
    }
    Numbers n;
    std::string_view tail;
    if (full_heading(line, n, tail)) {
      const std::size_t end = body_end(lines, i + 1);
      std::int64_t after = 0;
      if (heading(n.old_start, ahead, lines, i + 1, end, tail, after) == line) {
        out.push_back(fmt::format("@@ -{}{}", n.old_start, tail));
        folded = true;
      } else {
        out.emplace_back(line);
      }
      ahead = after;
      for (++i; i < end; ++i) out.emplace_back(lines[i]);
      continue;
    }
    out.emplace_back(line);
    ++i;
  }
  if (!folded) return std::nullopt;
  std::string all = joined(out, text.ends_with('\n'));
  if (expand_headers(all) != text) return std::nullopt;
  return all;
}

std::string expand_headers(std::string_view folded) {
  const Lines lines = base::split_lines(folded);
  std::vector<std::string> out;
  std::int64_t ahead = 0;
  for (std::size_t i = 0; i < lines.size();) {
    const std::string_view line = lines[i];
    if (line.starts_with("diff ") || line.starts_with("--- ")) ahead = 0;
    if (line.starts_with(kDiff) && !line.starts_with("diff --git a/") && i + 1 < lines.size() &&
        lines[i + 1].starts_with("index ")) {
      const std::string_view path = line.substr(kDiff.size());
      out.push_back(fmt::format("{}a/{} b/{}", kDiff, path, path));
      out.emplace_back(lines[i + 1]);
      out.push_back(fmt::format("--- a/{}", path));
      out.push_back(fmt::format("+++ b/{}", path));
      i += 2;
      continue;
    }
    Numbers n;
    std::uint64_t old_start = 0;
    std::string_view tail;
    const bool is_short = short_heading(line, old_start, tail);
    if (is_short || full_heading(line, n, tail)) {
      const std::size_t end = body_end(lines, i + 1);
      std::int64_t after = 0;
      const std::string made = heading(is_short ? old_start : n.old_start, ahead, lines, i + 1, end, tail, after);
      out.push_back(is_short ? made : std::string(line));
      ahead = after;
      for (++i; i < end; ++i) out.emplace_back(lines[i]);
      continue;
    }
    out.emplace_back(line);
    ++i;
  }
  return joined(out, folded.ends_with('\n'));
}

}  // namespace headroom::compress::diff
