#include "compress/log/sections.h"

#include <algorithm>

namespace headroom::compress::log {
namespace {

constexpr std::uint32_t kLeastSections = 4;
constexpr std::uint32_t kMostIdentity = 7;  // lines

bool after_blank(const Document& document, std::uint32_t i) {
  return i == 0 || document.lines[i - 1].has(kBlank);
}

/// The next line is a stack frame: "#0 ...".
bool frame_follows(const Document& document, std::uint32_t i) {
  return i + 1 < document.lines.size() && document.lines[i + 1].text.starts_with("#0");
}

/// The template whose lines begin the sections: without indentation, below a blank line, and often. 0: none.
std::uint32_t head_template(const Document& document, const std::vector<Template>& templates) {
  std::vector<std::uint32_t> begins(templates.size(), 0);
  for (std::uint32_t i = 0; i < document.lines.size(); ++i) {
    const Line& line = document.lines[i];
    if (line.has(kBlank) || line.indent > 0 || line.level >= Level::kWarn || line.has(kUntilBlank)) continue;
    if (after_blank(document, i) && !frame_follows(document, i)) ++begins[line.template_id];
  }
  std::uint32_t best = 0;
  for (std::uint32_t id = 1; id < templates.size(); ++id) {
    if (begins[id] < kLeastSections || begins[id] * 10 < templates[id].count * 9) continue;
    if (best == 0 || begins[id] > begins[best]) best = id;
  }
  return best;
}

/// "Name" of a line "Name: value"; empty for others.
std::string_view field_name(const Document& document, const Line& line) {
  if (line.token_count < 2) return {};
  const Token& token = document.tokens[line.first_token];
  return token.after == ':' ? document.text_of(line, token) : std::string_view();
}

Section section_of(const Document& document, std::uint32_t first, std::uint32_t end) {
  const std::vector<Line>& lines = document.lines;
  while (end > first + 1 && lines[end - 1].has(kBlank)) --end;
  Section s{first, first, first, first, end - 1};
  while (s.identity_last < s.last && s.identity_last - first + 1 < kMostIdentity &&
         !lines[s.identity_last + 1].has(kBlank) && lines[s.identity_last + 1].indent == 0) {
    ++s.identity_last;
  }
  for (std::uint32_t i = s.identity_last + 1; i <= s.last && s.title == first; ++i) {
    if (!lines[i].has(kBlank)) s.title = i;
  }
  if (s.last > s.title) {
    const Line& line = lines[s.last];
    for (std::uint32_t i = 0; i < line.token_count && s.summary == first; ++i) {
      if (document.tokens[line.first_token + i].kind == TokenKind::kNumber) s.summary = s.last;
    }
  }
  return s;
}

}  // namespace

std::vector<Section> find_sections(const Document& document, const std::vector<Template>& templates) {
  if (document.timed) return {};
  const std::uint32_t head = head_template(document, templates);
  if (head == 0) return {};
  // Names are words here and hold digits there, which makes no other section of them.
  const std::string_view field = field_name(document, document.lines[templates[head].sample]);
  std::vector<std::uint32_t> begins;
  const auto count = static_cast<std::uint32_t>(document.lines.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    const Line& line = document.lines[i];
    const bool same = line.template_id == head || (!field.empty() && field_name(document, line) == field);
    if (same && !line.has(kBlank) && line.indent == 0 && after_blank(document, i)) begins.push_back(i);
  }
  std::uint32_t covered = 0;
  std::vector<Section> sections;
  for (std::size_t k = 0; k < begins.size(); ++k) {
    sections.push_back(section_of(document, begins[k], k + 1 < begins.size() ? begins[k + 1] : count));
    covered += sections.back().last - sections.back().first + 1;
  }
  // One line blocks are no sections, and a text with much before the first one is about something else.
  if (begins.front() * 2 > count || covered < sections.size() * 3) return {};
  return sections;
}

}  // namespace headroom::compress::log
