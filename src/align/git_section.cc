#include "align/git_section.h"

#include <algorithm>

#include "base/byte_set.h"
#include "base/text.h"

namespace headroom::align {
namespace {

constexpr base::ByteSet kLowerHex("0123456789abcdef");
constexpr base::ByteSet kBullet(" \t-*#<");
constexpr base::ByteSet kState(" MTADRCU?!");

std::string_view line_at(std::string_view text, std::size_t at) {
  return text.substr(at, std::min(text.find('\n', at), text.size()) - at);
}

/// A line of `git status --short`. Prompts trim the first one, so one letter may stand alone.
bool is_status(std::string_view line) {
  if (line.starts_with("(clean)") || line.starts_with("## ")) return true;
  if (line.size() > 3 && kState.has(line[0]) && kState.has(line[1]) && line[2] == ' ') return line.substr(0, 2) != "  ";
  return line.size() > 2 && line[0] != ' ' && kState.has(line[0]) && line[1] == ' ' && line[2] != ' ' &&
         line.find(' ', 2) == std::string_view::npos;
}

bool is_commit(std::string_view line) {
  std::size_t digits = 0;
  while (digits < line.size() && kLowerHex.has(line[digits])) ++digits;
  return digits >= 7 && digits <= 40 && digits < line.size() && line[digits] == ' ';
}

template <typename Accepts>
GitSection lines_after(std::string_view text, std::size_t begin, Accepts&& accepts) {
  std::size_t end = begin;
  while (end < text.size()) {
    const std::string_view line = line_at(text, end + 1);
    if (!accepts(line)) break;
    end += 1 + line.size();
  }
  if (end > begin && text[end - 1] == '\r') --end;
  return {begin, end};
}

}  // namespace

GitSection GitSections::section_at(std::string_view text, std::size_t line_begin) {
  const std::string_view line = line_at(text, line_begin);
  std::string_view name = line.substr(0, 64);
  while (!name.empty() && kBullet.has(name.front())) name.remove_prefix(1);
  const auto indent = static_cast<std::size_t>(name.data() - line.data());
  const auto is = [&](std::string_view label) { return base::equals_ci(name.substr(0, label.size()), label); };
  for (const std::string_view label : {"current branch:", "git branch:"}) {
    if (!is(label)) continue;
    git_ = true;
    std::size_t begin = line_begin + indent + label.size();
    std::size_t end = line_begin + line.size();
    while (begin < end && text[begin] == ' ') ++begin;
    while (end > begin && (text[end - 1] == ' ' || text[end - 1] == '\r')) --end;
    return {begin, end};
  }
  const std::size_t begin = line_begin + std::string_view(line).find_last_not_of(" \t\r") + 1;
  const bool heading = begin > line_begin && (text[begin - 1] == ':' || text[begin - 1] == '>');
  if (is("gitstatus") || is("git status") || is("git_status")) {
    git_ = true;
    if (!heading) return {};
    const GitSection section = lines_after(text, begin, is_status);
    return section.end > section.begin ? section : GitSection{};
  }
  if (!git_ || !heading) return {};
  if (is("status:")) return lines_after(text, begin, is_status);
  if (is("recent commits:")) return lines_after(text, begin, is_commit);
  return {};
}

}  // namespace headroom::align
