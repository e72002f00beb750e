#include "compress/diff/diff_compressor.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/diff/document.h"
#include "compress/diff/exact.h"
#include "compress/diff/render.h"
#include "compress/diff/selection.h"
#include "compress/diff/templates.h"
#include "compress/focus/asked_lines.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kSmallest = 500;        // bytes below which nothing is worth a marker
constexpr std::size_t kExactTried = 3;        // an exact form is tried unless the other is smaller by this
constexpr std::size_t kLargest = 1u << 30;    // line numbers are 32 bits wide
constexpr std::size_t kSmallestTemplate = 4;  // runs

std::optional<Output> lossless(const Input& input, std::span<const std::uint8_t> asked) {
  auto folded = diff::fold_exact(input.text, asked);
  if (!folded || folded->size() >= input.text.size()) return std::nullopt;
  Output out;
  out.text = std::move(*folded);
  out.strategy = "diff:exact";
  return out;
}

/// Insertions and deletions within lines: "[-old-]{+new+}". There the lines are no records.
bool is_word_diff(const diff::Document& d) {
  const auto marked = std::ranges::count_if(d.lines, [](std::string_view line) {
    return line.find("{+") != std::string_view::npos || line.find("[-") != std::string_view::npos;
  });
  return d.runs.size() * 4 < d.hunks.size() && marked * 2 >= std::ssize(d.hunks);
}

std::vector<std::string> explain(const diff::Document& d, const diff::Selection& selection) {
  std::vector<std::string> notes;
  const auto& lines = selection.lines;
  for (std::size_t i = 0; i < lines.size() && notes.size() < 200;) {
    std::size_t end = i;
    while (end < lines.size() && lines[end] == lines[i]) ++end;
    if (lines[i] != diff::Left::kKept)
      notes.push_back(fmt::format("lines {}-{} left out: {}", i + 1, end, left_name(lines[i])));
    i = end;
  }
  notes.push_back(fmt::format("{} files, {} hunks, {} changes", d.files.size(), d.hunks.size(), d.runs.size()));
  return notes;
}

}  // namespace

std::optional<Output> DiffCompressor::compress(const Input& input) const {
  if (input.text.size() < kSmallest || input.text.size() > kLargest || input.deadline.expired()) return std::nullopt;
  if (input.id.empty())
    return lossless(input, focus::asked_lines(input.text, base::split_lines(input.text), input.query));
  const diff::Document document = diff::read_document(input.text);
  if (document.files.empty() || is_word_diff(document) || input.deadline.expired()) return std::nullopt;
  const diff::Templates templates = diff::find_templates(document, kSmallestTemplate);
  if (input.deadline.expired()) return std::nullopt;
  const auto deviates = diff::deviating_runs(document, templates);
  const auto asked = focus::asked_lines(input.text, document.lines, input.query);
  diff::Selection selection = diff::select_lines(document, templates, deviates, asked, input.query, input.profile);
  if (input.target_tokens > 0) diff::meet_budget(document, asked, input.query, input.target_tokens, selection);
  diff::settle(document, templates, selection);
  Output out;
  out.records_before = document.lines.size();
  out.records_kept = static_cast<std::size_t>(std::ranges::count(selection.lines, diff::Left::kKept));
  if (out.records_kept < out.records_before) out.text = diff::render(document, templates, selection, input.id);
  const bool gained = !out.text.empty() && out.text.size() * 20 <= input.text.size() * 19;
  if (!gained) return lossless(input, asked);
  // What comes back without a store is worth a little.
  if (input.target_tokens == 0 && out.text.size() * kExactTried >= input.text.size()) {
    auto exact = lossless(input, asked);
    if (exact && exact->text.size() * 4 <= out.text.size() * 5) {
      exact->tokens = input.tokenizer.count(exact->text);
      out.tokens = input.tokenizer.count(out.text);
      if (exact->tokens * 10 <= out.tokens * 11) return exact;
    }
  }
  out.strategy = "diff:changes";
  out.lossy = true;
  out.notes = explain(document, selection);
  return out;
}

}  // namespace headroom::compress
