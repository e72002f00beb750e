#include "compress/html/html_compressor.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/html/answer_head.h"
#include "compress/html/blocks.h"
#include "compress/html/budget.h"
#include "compress/html/content.h"
#include "compress/html/document.h"
#include "compress/html/measures.h"
#include "compress/html/page_data.h"
#include "compress/html/page_source.h"
#include "compress/html/recall.h"
#include "compress/html/summary.h"
#include "compress/html/wishes.h"
#include "compress/marker.h"

namespace headroom::compress {
std::optional<Output> HtmlCompressor::compress(const Input& input) const {
  if (input.id.empty()) return std::nullopt;
  const html::Wishes wishes = html::read_wishes(input.query);
  if (wishes.markup || html::is_page_source(input.query, input.text)) return std::nullopt;
  const std::size_t head = html::head_length(input.text);
  const html::Document document(input.text.substr(head));
  if (input.deadline.expired()) return std::nullopt;
  const std::vector<html::Measure> measures = html::measure(document);
  html::Content content = html::choose_content(document, measures, wishes);
  if (!html::add_data(document, content)) return std::nullopt;
  const std::size_t recalled = html::recall_named(document, measures, input.query, content);
  if (input.deadline.expired()) return std::nullopt;
  std::vector<html::Block> blocks = html::make_blocks(document, measures, content, wishes);
  html::Summary summary = html::summarize(document, measures, content);

  Output out;
  out.records_before = blocks.size() + summary.parts;
  std::string markdown = html::join_blocks(blocks);
  // Character references may hide what reads as a marker.
  if (has_gap_line(markdown) || has_marker(markdown)) return std::nullopt;
  const std::size_t tokens = markdown.size() / 4;
  std::size_t budget = wishes.everything ? 0 : html::token_budget(input, tokens);
  if (budget == 0 && !wishes.everything) budget = html::passage_budget(input, blocks, tokens);
  if (budget > 0 && tokens > budget) {
    const auto first_line = 1 + static_cast<std::size_t>(std::ranges::count(input.text.substr(0, head), '\n'));
    const std::size_t dropped = html::keep_within(blocks, budget, input.query, document.page(), first_line);
    if (dropped > 0) {
      markdown = html::join_blocks(blocks);
      summary.text += fmt::format(", {} blocks that tell least; gaps in lines of the page", dropped);
    }
  }
  out.text = std::string(base::trim(input.text.substr(0, head)));
  if (!out.text.empty()) out.text += "\n\n";
  out.text += markdown;
  if (!out.text.empty()) out.text += '\n';
  out.text += handle_marker(input.id, summary.text);
  if (out.text.size() >= input.text.size()) return std::nullopt;
  out.strategy = "html:markdown";
  out.lossy = true;
  out.records_kept = blocks.size();
  out.notes.push_back(
      fmt::format("{} of {} bytes of text kept in {} blocks", content.kept_text, content.shown_text, blocks.size()));
  out.notes.push_back("content told by " + content.by);
  if (recalled > 0) out.notes.push_back(fmt::format("{} pieces kept because the question names them", recalled));
  out.notes.push_back("left out: " + summary.text);
  return out;
}

}  // namespace headroom::compress
