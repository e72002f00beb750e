#include "detect/prose_shape.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "detect/line_shape.h"

namespace headroom::detect {
namespace {

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_wide(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

/// Small words that sentences cannot do without, of some languages; none is longer than six bytes.
constexpr std::array<std::string_view, 92> kSmallWords = {
    "a",    "al",    "als",  "an",    "and",  "are",  "as",   "at",   "auf",   "aus",  "avec", "be",   "but",  "by",
    "can",  "che",   "con",  "da",    "das",  "de",   "dei",  "del",  "della", "dem",  "den",  "der",  "des",  "di",
    "die",  "do",    "does", "du",    "e",    "ein",  "eine", "el",   "en",    "est",  "et",   "for",  "from", "has",
    "have", "het",   "il",   "in",    "is",   "ist",  "it",   "its",  "la",    "las",  "le",   "les",  "los",  "mit",
    "must", "nicht", "not",  "o",     "of",   "on",   "or",   "para", "per",   "pour", "que",  "sich", "sie",  "should",
    "si",   "sono",  "su",   "sur",   "that", "the",  "this", "to",   "um",    "un",   "una",  "und",  "une",  "van",
    "von",  "was",   "when", "which", "will", "with", "you",  "your"};

/// Up to six bytes as a number, capitals as small letters.
constexpr std::uint64_t packed(std::string_view word) {
  std::uint64_t number = 0;
  for (const char c : word) {
    const auto low = static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    number = number << 8U | low;
  }
  return number;
}

constexpr std::size_t small_word_slot(std::uint64_t number) {
  return number * 0x9E3779B97F4A7C15ULL >> 54U;
}

/// The small words by slot, each in the first free one from its own on.
constexpr std::array<std::uint64_t, 1024 + 16> kSmallWordTable = [] {
  std::array<std::uint64_t, 1024 + 16> table{};
  for (std::string_view word : kSmallWords) {
    std::size_t slot = small_word_slot(packed(word));
    while (table[slot] != 0) ++slot;
    table[slot] = packed(word);
  }
  return table;
}();

bool is_small_word(std::string_view word) {
  if (word.empty() || word.size() > 6) return false;
  const std::uint64_t number = packed(word);
  std::size_t slot = small_word_slot(number);
  while (kSmallWordTable[slot] != 0 && kSmallWordTable[slot] != number) ++slot;
  return kSmallWordTable[slot] == number;
}

/// A line, or a good part of one, of a sentence in some language.
bool is_text(std::string_view line) {
  std::size_t words = 0;
  std::size_t small = 0;
  std::size_t wide = 0;
  std::size_t letters = 0;
  for (std::size_t at = 0; at < line.size();) {
    if (!is_alpha(line[at]) && !is_wide(line[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < line.size() && (is_alpha(line[end]) || is_wide(line[end]))) {
      wide += is_wide(line[end]);
      ++end;
    }
    ++words;
    letters += end - at;
    small += is_small_word(line.substr(at, end - at));
    at = end;
  }
  if (wide * 2 > line.size() && wide >= 18) return true;
  return words >= 4 && letters * 10 > line.size() * 6 && (small >= 2 || small * 6 >= words);
}

/// May follow a heading at once.
bool opens_text(std::string_view line) {
  return is_text(line) || line.starts_with("* ") || line.starts_with("- ") || line.starts_with("[");
}

bool is_rule(std::string_view line) {
  return line.size() >= 3 && std::string_view("=-~^*+#").find(line.front()) != std::string_view::npos &&
         line.find_first_not_of(line.front()) == std::string_view::npos;
}

bool is_fence(std::string_view line) {
  return line.starts_with("```") || line.starts_with("~~~");
}

/// "# Title", and "* Title" of an outline.
bool is_marked_heading(std::string_view line) {
  const std::size_t level = std::min(line.find_first_not_of(line.front()), line.size());
  if (level == 0 || level > 6 || level + 1 >= line.size() || line[level] != ' ') return false;
  const char first = line[level + 1];
  return (is_alpha(first) || is_wide(first) || first == '`' || first == '[' || (first >= '0' && first <= '9')) &&
         line.find_last_of(";{=") != line.size() - 1;
}

/// "package http // import "net/http"", and below it "Package http ...": what Go's documentation begins with.
bool names_package(std::string_view title, std::span<const std::string_view> rest) {
  if (!title.starts_with("package ") || title.find(" // import \"") == std::string_view::npos) return false;
  const std::string_view name = title.substr(8, title.find(' ', 8) - 8);
  const auto next = std::ranges::find_if(rest, [](std::string_view line) { return !base::trim(line).empty(); });
  return next != rest.end() && next->starts_with("Package ") && next->substr(8).starts_with(name);
}

/// Of a manual page as it is shown: the first line names it on both sides, or the sections that every one has.
bool is_manual(std::span<const std::string_view> lines) {
  const auto first = std::ranges::find_if(lines, [](std::string_view line) { return !base::trim(line).empty(); });
  if (first != lines.end()) {
    const std::string_view title = base::trim(*first);
    const std::size_t close = title.find(')');
    const std::size_t open = title.find('(');
    if (close < 40 && open > 0 && open < close && close - open <= 8 && close + 1 < title.size() &&
        title.find(' ') > close && title.substr(close + 1).ends_with(title.substr(0, close + 1))) {
      return true;
    }
    if (names_package(title, std::span(first + 1, lines.end()))) return true;
  }
  static constexpr std::array<std::string_view, 4> kSections = {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"};
  std::size_t sections = 0;
  for (std::size_t i = 0; i + 1 < lines.size() && i < 120; ++i) {
    const bool named = std::ranges::find(kSections, lines[i]) != kSections.end();
    sections += named && lines[i + 1].starts_with("  ");
  }
  return sections >= 2;
}

struct Marks {
  std::size_t lines = 0, text = 0, headings = 0, fences = 0, links = 0, comments = 0;
};

class Counter {
 public:
  explicit Counter(std::span<const std::string_view> lines) : lines_(lines) {}

  /// `outside`: takes the lines that no fence encloses.
  Marks run(std::vector<std::string_view>& outside) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::string_view line = base::trim(lines_[i]);
      if (is_fence(line)) {
        open_ = !open_;
        m_.fences += open_;
        continue;
      }
      if (!open_ && in_literal(i, line)) continue;
      if (open_ || line.empty()) continue;
      outside.push_back(lines_[i]);
      count(i, line);
    }
    return m_;
  }

 private:
  /// Indented below "::", or below a directive that shows code: as good as between fences.
  bool in_literal(std::size_t i, std::string_view line) {
    if (line.empty()) return literal_;
    const std::size_t indent = lines_[i].find_first_not_of(" \t");
    if (literal_ && indent > literal_indent_) return true;
    literal_ = line.ends_with("::") || line.starts_with(".. code") || line.starts_with(".. sourcecode");
    literal_indent_ = indent;
    m_.fences += literal_;
    return false;
  }

  bool blank(std::size_t i) const { return i >= lines_.size() || base::trim(lines_[i]).empty(); }

  void count(std::size_t i, std::string_view line) {
    ++m_.lines;
    const bool before = i == 0 || blank(i - 1);
    if (lines_[i].starts_with("#") && is_marked_heading(line)) {
      const bool leads = before && (blank(i + 1) || opens_text(base::trim(lines_[i + 1])));
      m_.headings += leads;
      m_.comments += !leads;
      return;
    }
    // An outline's heading; an entry of a package's history.
    if ((lines_[i].starts_with("*") && before && blank(i + 1) && is_marked_heading(line)) ||
        line.find("; urgency=") != std::string_view::npos) {
      ++m_.headings;
      return;
    }
    if (is_rule(line) && i > 0 && !blank(i - 1) && (i < 2 || blank(i - 2) || is_rule(base::trim(lines_[i - 2])))) {
      const std::string_view title = base::trim(lines_[i - 1]);
      m_.headings += !is_rule(title) && title.size() <= line.size() + 2 && title.size() + 40 > line.size() &&
                     (is_alpha(title.front()) || is_wide(title.front()) || title.front() == '`');
      return;
    }
    if (line.starts_with("//") || line.starts_with("/*") || line.starts_with("*/") || line.starts_with("#!") ||
        line.starts_with("#") || line.starts_with("--  ") || line.starts_with(";;")) {
      ++m_.comments;
      block_comment_ = block_comment_ || line.starts_with("/*");
      return;
    }
    if (block_comment_ && line.starts_with("*")) {
      ++m_.comments;
      return;
    }
    m_.links += line.find("](") != std::string_view::npos || line.find("://") != std::string_view::npos;
    m_.text += is_text(line);
  }

  std::span<const std::string_view> lines_;
  Marks m_;
  bool open_ = false;
  bool literal_ = false;
  std::size_t literal_indent_ = 0;
  bool block_comment_ = false;
};

}  // namespace

std::optional<Detection> manual_shape(std::span<const std::string_view> lines) {
  if (!is_manual(lines)) return std::nullopt;
  return Detection{ContentType::kProse, 0.95, "sections of a manual page"};
}

std::optional<Detection> reference_shape(std::span<const std::string_view> lines) {
  const auto indented = [](std::string_view line) { return line.starts_with(' ') || line.starts_with('\t'); };
  std::size_t filled = 0, declared = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = base::trim(lines[i]);
    if (line.empty()) continue;
    ++filled;
    const bool below = indented(lines[i]) && i > 0 && !lines[i - 1].empty() && is_alpha(lines[i - 1].front());
    declared += below && lines[i - 1].find('(') != std::string_view::npos && is_text(line);
  }
  if (declared < 3 || declared * 12 < filled) return std::nullopt;
  std::size_t texts = 0;
  std::vector<std::string_view> inside;
  for (const std::string_view line : lines) {
    const std::string_view text = base::trim(line);
    texts += is_text(text);
    if (!text.empty() && indented(line)) inside.push_back(line);
  }
  if (texts * 10 < filled * 4) return std::nullopt;
  const ShapeCounts shapes = count_shapes(inside);
  if (shapes.code_lines * 10 > inside.size() || shapes.log_or_tool_lines * 10 > inside.size()) return std::nullopt;
  return Detection{ContentType::kProse, 0.85, fmt::format("{} declarations with text below", declared)};
}

std::optional<Detection> wordy_shape(std::span<const std::string_view> lines) {
  constexpr std::size_t kFewest = 20, kLeastWords = 3;
  std::size_t filled = 0, wordy = 0;
  for (std::string_view line : lines) {
    line = base::trim(line);
    if (line.empty()) continue;
    ++filled;
    std::size_t words = 0, letters = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
      const bool here = is_alpha(line[at]) || is_wide(line[at]);
      letters += here;
      words += here && (at == 0 || line[at - 1] == ' ' || line[at - 1] == '(');
    }
    wordy += words >= kLeastWords && letters * 4 >= line.size() * 3 && line.back() != ';' && line.back() != '{';
  }
  if (filled < kFewest || wordy * 10 < filled * 8) return std::nullopt;
  return Detection{ContentType::kProse, 0.4, fmt::format("{} of {} lines are words", wordy, filled)};
}

std::optional<Detection> prose_shape(std::span<const std::string_view> lines) {
  std::vector<std::string_view> outside;
  const Marks m = Counter(lines).run(outside);
  if (m.lines == 0) return std::nullopt;
  const double n = static_cast<double>(m.lines);
  const double text = static_cast<double>(m.text) / n;
  const bool document =
      m.headings >= 2 || m.fences >= 2 || (m.headings >= 1 && (m.fences >= 1 || m.links >= 2)) || m.links >= 5;
  // Lists of names and changes have few sentences but links and headings.
  const double marked = static_cast<double>(m.headings + m.links) / n;
  const double least = !document ? 0.4 : m.headings >= 3 && marked > 0.15 ? 0.05 : 0.2;
  if (text < least || m.lines < 3 || static_cast<double>(m.comments) / n > 0.1) return std::nullopt;
  const ShapeCounts shapes = count_shapes(outside);
  const double code = static_cast<double>(shapes.code_lines) / n;
  const double log = static_cast<double>(shapes.log_or_tool_lines) / n;
  const double numbered = static_cast<double>(shapes.numbered) / n;
  if (numbered > 0.5 || static_cast<double>(shapes.strong_tool_lines) / n > 0.02) return std::nullopt;
  if (document && code < (m.fences > 0 ? 0.25 : 0.12) && log < 0.25) {
    return Detection{ContentType::kProse, 0.85,
                     fmt::format("{} headings, {} of {} lines are text", m.headings, m.text, m.lines)};
  }
  if (code < 0.1 && log < 0.05) {
    return Detection{ContentType::kProse, 0.75, fmt::format("{} of {} lines are text", m.text, m.lines)};
  }
  return std::nullopt;
}

}  // namespace headroom::detect
