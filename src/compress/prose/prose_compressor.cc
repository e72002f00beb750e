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
constexpr std::size_t kLongerPercent = 103;  // what a judge's choice may be, of the choice without it

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

std::size_t kept_bytes(const prose::Document& document, const prose::Selection& selection) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < selection.lines.size(); ++i) {
    if (selection.lines[i] != prose::Reason::kDropped) bytes += document.lines[i].text.size() + 1;
  }
  return bytes;
}

/// What the judge says of the sentences of running text, and what to tell about it.
struct Judgement {
  std::vector<float> shares;  ///< per sentence; below 0: not asked. Empty: no opinion
  std::string note;
};

Judgement ask(const SentenceJudge& judge, const prose::Document& document, base::Deadline deadline) {
  std::vector<base::Span> spans;
  std::vector<std::size_t> of;
  for (std::size_t s = 0; s < document.sentences.size(); ++s) {
    const prose::Sentence& sentence = document.sentences[s];
    const prose::BlockKind kind = document.blocks[sentence.block].kind;
    const bool running = kind == prose::BlockKind::kParagraph || kind == prose::BlockKind::kItem ||
                         kind == prose::BlockKind::kQuote || kind == prose::BlockKind::kHeading;
    if (!running) continue;
    spans.push_back({sentence.begin, sentence.end});
    of.push_back(s);
  }
  Judgement out;
  // The other half is for what comes after.
  const SentenceJudge::Opinion opinion = judge.judge(document.text, spans, deadline.part(50));
  if (opinion.shares.size() != spans.size() || spans.empty()) {
    out.note = fmt::format("{} was not heard: {}", judge.name(), opinion.reason);
    return out;
  }
  out.shares.assign(document.sentences.size(), -1.0f);
  for (std::size_t i = 0; i < of.size(); ++i) out.shares[of[i]] = opinion.shares[i];
  out.note = fmt::format("{} judged {} sentences", judge.name(), of.size());
  return out;
}

std::vector<std::string> explain(const prose::Analysis& analysis, const std::vector<prose::Reason>& lines,
                                 const std::string& judged) {
  std::vector<std::string> notes;
  if (!judged.empty()) notes.push_back(judged);
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
  const std::size_t target_bytes = input.target_tokens * kBytesPerToken;
  prose::Selection selection = prose::select(analysis, input.profile, target_bytes);
  if (selection.all) return std::nullopt;
  Judgement judgement;
  if (input.judge != nullptr && std::ranges::count(selection.lines, prose::Reason::kDropped) > 0) {
    judgement = ask(*input.judge, document, input.deadline);
    if (!judgement.shares.empty()) {
      prose::Selection judged = prose::select(analysis, input.profile, target_bytes, judgement.shares);
      // Where its choice leaves gaps too small for markers, less goes.
      if (kept_bytes(document, judged) * 100 <= kept_bytes(document, selection) * kLongerPercent) {
        selection = std::move(judged);
      } else {
        judgement.note += "; its choice is longer, so it was left aside";
      }
    }
  }
  Output out;
  out.records_before = selection.lines.size();
  out.records_kept =
      out.records_before - static_cast<std::size_t>(std::ranges::count(selection.lines, prose::Reason::kDropped));
  if (out.records_kept == out.records_before || out.records_kept == 0) return std::nullopt;
  out.text = prose::render(analysis, selection, input.id);
  if (out.text.size() * 20 > input.text.size() * 19) return std::nullopt;
  out.strategy = "prose:extract";
  out.lossy = true;
  out.notes = explain(analysis, selection.lines, judgement.note);
  return out;
}

}  // namespace headroom::compress
