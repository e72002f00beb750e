#include "compress/prose/prose_compressor.h"

#include <algorithm>

#include <fmt/format.h>

#include "compress/prose/document.h"
#include "compress/prose/question.h"
#include "compress/prose/relevance.h"
#include "compress/prose/render.h"
#include "compress/prose/selection.h"
#include "compress/prose/vocabulary.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kSmallest = 1200;     // bytes below which nothing is worth a marker
constexpr std::size_t kLargest = 1u << 30;  // offsets are 32 bits wide
constexpr std::size_t kBytesPerToken = 4;

std::string_view scope_name(prose::Scope scope) {
  switch (scope) {
    case prose::Scope::kPassage:
      return "asks for a passage";
    case prose::Scope::kBroad:
      return "asks for the whole in short";
    case prose::Scope::kCollection:
      return "asks for everything of a sort";
    case prose::Scope::kWhole:
      return "asks for every word";
  }
  return {};
}

std::vector<std::string> explain(const prose::Analysis& analysis, const std::vector<prose::Reason>& lines) {
  std::vector<std::string> notes;
  notes.push_back(fmt::format("the question {}; {:.0f} % of its words stand near to each other",
                              scope_name(analysis.question.scope), 100 * analysis.relevance.coverage));
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t end = i;
    while (end < lines.size() && lines[end] == lines[i]) ++end;
    if (lines[i] != prose::Reason::kDropped && notes.size() < 200) {
      notes.push_back(end - i == 1 ? fmt::format("line {} kept: {}", i + 1, prose::reason_name(lines[i]))
                                   : fmt::format("lines {}-{} kept: {}", i + 1, end, prose::reason_name(lines[i])));
    }
    i = end;
  }
  return notes;
}

}  // namespace

std::optional<Output> ProseCompressor::compress(const Input& input) const {
  if (input.id.empty() || input.text.size() < kSmallest || input.text.size() > kLargest) return std::nullopt;
  if (input.deadline.expired()) return std::nullopt;
  const prose::Question question = prose::read_question(input.query);
  if (question.scope == prose::Scope::kWhole) return std::nullopt;
  const prose::Document document = prose::read_document(input.text);
  if (input.deadline.expired()) return std::nullopt;
  const prose::Vocabulary vocabulary(document);
  const prose::Relevance relevance = prose::find_relevance(document, vocabulary, question);
  if (input.deadline.expired()) return std::nullopt;
  const prose::Analysis analysis{document, vocabulary, question, relevance};
  const prose::Selection selection = prose::select(analysis, input.profile, input.target_tokens * kBytesPerToken);
  if (selection.all) return std::nullopt;
  Output out;
  out.records_before = selection.lines.size();
  out.records_kept =
      out.records_before - static_cast<std::size_t>(std::ranges::count(selection.lines, prose::Reason::kDropped));
  if (out.records_kept == out.records_before) return std::nullopt;
  out.text = prose::render(analysis, selection, input.id);
  if (out.text.size() * 20 > input.text.size() * 19) return std::nullopt;
  out.strategy = "prose:extract";
  out.lossy = true;
  out.notes = explain(analysis, selection.lines);
  return out;
}

}  // namespace headroom::compress
