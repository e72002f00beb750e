#include "compress/log/log_compressor.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "compress/command/line_rules.h"
#include "compress/focus/dull_lines.h"
#include "compress/log/classifier.h"
#include "compress/log/excerpt.h"
#include "compress/log/query_terms.h"
#include "compress/log/records.h"
#include "compress/log/render.h"
#include "compress/log/scanner.h"
#include "compress/log/sections.h"
#include "compress/log/selection.h"
#include "compress/log/slots.h"
#include "compress/log/tables.h"
#include "compress/log/templates.h"
#include "compress/repeat_fold.h"
#include "detect/command_rules.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kSmallest = 600;   // bytes below which nothing is worth a marker
constexpr std::uint32_t kSlotsFrom = 3;  // lines a template needs for its values to be studied
constexpr std::size_t kMostRuledLines = 3000;
constexpr std::size_t kLargest = 1u << 30;  // offsets are 32 bits wide

std::optional<Output> lossless(const Input& input) {
  auto folded = fold_repeats(input.text);
  if (!folded || folded->size() >= input.text.size()) return std::nullopt;
  Output out;
  out.text = std::move(*folded);
  out.strategy = "log:repeats";
  return out;
}

/// What is dull in any text, and what the rules of the command that printed this one let go.
focus::DullLines dull_lines_of(const log::Document& document, const Query& query) {
  std::vector<std::string_view> lines;
  lines.reserve(document.lines.size());
  // A time stamp, or where the line comes from, stands before what it says.
  for (const log::Line& line : document.lines)
    lines.push_back(line.text.substr(std::min<std::size_t>(line.content, line.text.size())));
  focus::DullLines dull = focus::dull_lines(lines, query);
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = document.lines[i].text;
  if (query.call.command.empty() || lines.size() > kMostRuledLines) return dull;
  const std::vector<const detect::CommandRule*> rules = detect::rules_for_line(query.call.command);
  if (std::ranges::all_of(rules, [](const auto* rule) { return rule->drop.empty(); })) return dull;
  // The question is asked when lines are chosen.
  const std::vector<std::uint8_t> asked(lines.size(), 0);
  const std::vector<std::string_view> why = command::lines_to_drop(lines, rules, asked);
  // Of lines that are folded those may stand out that a rule does not know.
  const auto folds = [&](std::string_view pattern) {
    return std::ranges::any_of(
        rules, [&](const auto* rule) { return std::ranges::find(rule->fold, pattern) != rule->fold.end(); });
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!why[i].empty() && dull.why[i].empty() && !folds(why[i])) dull.why[i] = focus::kByRule;
  }
  return dull;
}

/// Of the kept lines, those of which a part will do; what the question names by an exact string stays whole,
/// but for a list of rows, of which the rows stay that hold it.
log::ShortLines parts_of(const log::Document& document, const std::vector<log::Reason>& keep, const Query& query) {
  log::ShortLines parts;
  const log::Excerpts excerpts(query);
  std::vector<std::string_view> lines;
  for (const log::Line& line : document.lines) lines.push_back(line.text);
  for (std::uint32_t i = 0; i < keep.size(); ++i) {
    if (keep[i] == log::Reason::kDropped) continue;
    if (auto part = excerpts.of(lines, i, keep[i] == log::Reason::kAsked)) parts.emplace(i, *std::move(part));
  }
  return parts;
}

/// A long line stands there more than once.
bool any_repeated(const log::Document& document) {
  static constexpr std::size_t kLong = 56;
  std::unordered_set<std::string_view> seen;
  return std::ranges::any_of(document.lines, [&](const log::Line& line) {
    return line.text.size() >= kLong && !seen.insert(line.text).second;
  });
}

std::vector<std::string> explain(const std::vector<log::Reason>& keep, const log::ShortLines& parts) {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < keep.size();) {
    std::size_t end = i;
    while (end < keep.size() && keep[end] == keep[i]) ++end;
    if (keep[i] != log::Reason::kDropped && notes.size() < 200) {
      notes.push_back(end - i == 1 ? fmt::format("line {} kept: {}", i + 1, log::reason_name(keep[i]))
                                   : fmt::format("lines {}-{} kept: {}", i + 1, end, log::reason_name(keep[i])));
    }
    i = end;
  }
  for (std::uint32_t i = 0; i < keep.size() && notes.size() < 200; ++i) {
    if (parts.contains(i)) notes.push_back(fmt::format("line {} kept in part: it is very long", i + 1));
  }
  return notes;
}

}  // namespace

std::optional<Output> LogCompressor::compress(const Input& input) const {
  if (input.text.size() < kSmallest || input.text.size() > kLargest || input.deadline.expired()) return std::nullopt;
  if (input.id.empty()) return lossless(input);
  log::Document document = log::scan(input.text);
  if (input.deadline.expired()) return std::nullopt;
  log::classify(document);
  const std::vector<log::Template> templates = log::mine_templates(document);
  if (input.deadline.expired()) return std::nullopt;
  const std::vector<log::TemplateSlots> slots = log::collect_slots(document, templates, kSlotsFrom);
  const std::vector<log::Record> records = log::group_records(document);
  const std::vector<std::uint32_t> parent = log::parents(document);
  const std::vector<log::Section> sections = log::find_sections(document, templates);
  std::vector<log::Table> tables = log::find_tables(document);
  // What sections hold are no tables, unless they hold little else.
  if (!sections.empty()) {
    std::erase_if(tables, [&](const log::Table& t) { return t.rows.size() * 2 < document.lines.size(); });
  }
  const std::vector<log::Finding> findings = log::find_findings(document);
  const log::QueryMatch query = log::match_query(document, input.query);
  if (input.deadline.expired()) return std::nullopt;
  const focus::DullLines dull = dull_lines_of(document, input.query);
  const log::Analysis analysis{document, templates, slots, records, parent, tables, sections, findings, query, dull};
  const std::vector<log::Reason> keep = log::select_lines(analysis, input.target_tokens, input.profile);
  Output out;
  out.records_before = keep.size();
  out.records_kept = keep.size() - static_cast<std::size_t>(std::ranges::count(keep, log::Reason::kDropped));
  const log::ShortLines parts = parts_of(document, keep, input.query);
  if (out.records_kept == out.records_before && parts.empty() && !any_repeated(document)) return std::nullopt;
  out.text = log::render(analysis, keep, parts, input.id);
  if (out.text.size() * 20 > input.text.size() * 19) return std::nullopt;
  out.strategy = "log:fold";
  out.lossy = true;
  out.notes = explain(keep, parts);
  return out;
}

}  // namespace headroom::compress
