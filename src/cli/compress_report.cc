#include "cli/compress_report.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/table.h"
#include "context/sums.h"

namespace headroom::cli {
namespace {

std::string what_happened(const context::BlockReport& block) {
  if (!block.strategy.empty()) return block.strategy;
  return block.reason.empty() ? "left as it is" : fmt::format("left as it is: {}", block.reason);
}

std::string kept_records(const context::BlockReport& block) {
  if (block.strategy.empty() || block.records_before == 0) return "";
  return fmt::format("{}/{}", block.records_kept, block.records_before);
}

/// What was kept and why, then what was left out and what that was.
std::string why_text(std::string_view indent, const std::vector<std::string>& notes,
                     const std::vector<std::string>& removed) {
  std::string out;
  for (const std::string& note : notes) out += fmt::format("{}{}\n", indent, note);
  for (const std::string& gap : removed) out += fmt::format("{}left out {}\n", indent, gap);
  return out;
}

/// "lines 3-90 (json): json:table, 900 -> 210 tokens, ..."
std::string part_text(const context::PartReport& part) {
  std::string out = fmt::format("    lines {}-{}{} ({}, {}): ", part.first_line, part.last_line,
                                part.path.empty() ? "" : fmt::format(" of {}", part.path),
                                detect::content_type_name(part.detection.type), part.detection.reason);
  if (part.strategy.empty()) return out + fmt::format("left as it is: {}\n", part.reason);
  out += fmt::format("{}, {} -> {} tokens\n", part.strategy, part.tokens_before, part.tokens_after);
  if (!part.id.empty()) out += fmt::format("      original: headroom retrieve {}\n", part.id);
  return out + why_text("      ", part.notes, part.removed);
}

std::string notes_text(const context::Outcome& outcome) {
  std::string out;
  for (const context::BlockReport& block : outcome.blocks) {
    if (block.strategy.empty() && block.notes.empty()) continue;
    out += fmt::format("\n  block {}{}: {}\n", block.block,
                       block.tool_name.empty() ? "" : fmt::format(" ({})", block.tool_name), block.detection.reason);
    if (block.parts.empty()) {
      for (const std::string& id : block.ids) out += fmt::format("    original: headroom retrieve {}\n", id);
    }
    out += why_text("    ", block.notes, block.removed);
    for (const context::PartReport& part : block.parts) out += part_text(part);
  }
  return out;
}

void write_list(base::JsonWriter& json, std::string_view name, const std::vector<std::string>& items) {
  json.key(name).begin_array();
  for (const std::string& item : items) json.value(item);
  json.end_array();
}

void write_part(base::JsonWriter& json, const context::PartReport& part) {
  json.begin_object()
      .member("first_line", part.first_line)
      .member("last_line", part.last_line)
      .member("path", part.path)
      .member("type", detect::content_type_name(part.detection.type))
      .member("type_reason", part.detection.reason)
      .member("strategy", part.strategy)
      .member("reason", part.reason)
      .member("tokens_before", part.tokens_before)
      .member("tokens_after", part.tokens_after)
      .member("records_before", part.records_before)
      .member("records_kept", part.records_kept)
      .member("gentleness", context::gentleness_name(part.gentleness))
      .member("id", part.id);
  write_list(json, "notes", part.notes);
  write_list(json, "removed", part.removed);
  json.end_object();
}

void write_block(base::JsonWriter& json, const context::BlockReport& block) {
  json.begin_object()
      .member("block", block.block)
      .member("tool_name", block.tool_name)
      .member("type", detect::content_type_name(block.detection.type))
      .member("confidence", block.detection.confidence)
      .member("type_reason", block.detection.reason)
      .member("strategy", block.strategy)
      .member("reason", block.reason)
      .member("tokens_before", block.tokens_before)
      .member("tokens_after", block.tokens_after)
      .member("records_before", block.records_before)
      .member("records_kept", block.records_kept)
      .member("gentleness", context::gentleness_name(block.gentleness))
      .member("id", block.ids.empty() ? std::string() : block.ids.front());
  write_list(json, "ids", block.ids);
  write_list(json, "notes", block.notes);
  write_list(json, "removed", block.removed);
  json.key("parts").begin_array();
  for (const context::PartReport& part : block.parts) write_part(json, part);
  json.end_array().end_object();
}

}  // namespace

std::string explain_text(const context::Outcome& outcome, const Console& console) {
  Table table({{"block", true},
               {"tool"},
               {"type"},
               {"before", true},
               {"after", true},
               {"saved", true},
               {"kept", true},
               {"what"}});
  for (const context::BlockReport& block : outcome.blocks) {
    table.add(
        {std::to_string(block.block), block.tool_name, std::string(detect::content_type_name(block.detection.type)),
         with_commas(static_cast<std::int64_t>(block.tokens_before)),
         with_commas(static_cast<std::int64_t>(block.tokens_after)),
         saved_percent(static_cast<std::int64_t>(block.tokens_before), static_cast<std::int64_t>(block.tokens_after)),
         kept_records(block), what_happened(block)});
  }
  std::string out;
  if (!table.empty()) {
    out += table.text([&](std::string_view line) { return console.paint_note(Colour::kBold, line); });
  }
  out += notes_text(outcome);
  for (const std::string& what : outcome.put_back) {
    out += fmt::format("\n  put behind the question, which names what was left out: {}\n", what);
  }
  const auto before = static_cast<std::int64_t>(outcome.tokens_before);
  const auto after = static_cast<std::int64_t>(outcome.tokens_after);
  out += fmt::format("\n  {} -> {} tokens, {} saved{}\n", with_commas(before), with_commas(after),
                     saved_percent(before, after),
                     outcome.estimate ? " (estimate: the model's tokenizer is not public)" : "");
  if (!outcome.skip_reason.empty()) out += fmt::format("  nothing saved: {}\n", outcome.skip_reason);
  for (const context::SumLine& line : context::sum_lines(outcome, true)) out += fmt::format("  {}\n", line.text);
  return out;
}

std::string outcome_json(const context::Outcome& outcome, std::string_view text) {
  base::JsonWriter json;
  json.begin_object()
      .member("text", text)
      .member("changed", outcome.changed)
      .member("model", outcome.model)
      .member("tokens_before", outcome.tokens_before)
      .member("tokens_after", outcome.tokens_after)
      .member("tokens_saved", outcome.tokens_before - outcome.tokens_after)
      .member("estimate", outcome.estimate)
      .member("skip_reason", outcome.skip_reason)
      .member("budget_note", outcome.budget_note);
  context::write_sums(json, outcome);
  write_list(json, "transforms", outcome.transforms);
  write_list(json, "ids", outcome.ids);
  write_list(json, "put_back", outcome.put_back);
  json.key("blocks").begin_array();
  for (const context::BlockReport& block : outcome.blocks) write_block(json, block);
  json.end_array().end_object();
  return json.text() + "\n";
}

}  // namespace headroom::cli
