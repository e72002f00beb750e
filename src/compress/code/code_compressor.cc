#include "compress/code/code_compressor.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/code/code_question.h"
#include "compress/code/cuts.h"
#include "compress/code/language.h"
#include "compress/code/layout_outline.h"
#include "compress/code/listing.h"
#include "compress/code/node_kinds.h"
#include "compress/code/outline.h"
#include "compress/code/render.h"
#include "compress/code/scores.h"
#include "compress/code/selection.h"
#include "compress/code/syntax.h"
#include "compress/marker.h"

namespace headroom::compress {
namespace {

using namespace code;

constexpr std::size_t kSmallest = 1600;  // bytes below which a file stays whole
constexpr std::size_t kLeastGain = 400;  // bytes that must go
constexpr std::size_t kLeastPart = 25;   // ... of so many
constexpr double kBalancedShare = 0.30;  // of the bytes, for bodies that the question is about
constexpr double kAggressiveShare = 0.15;
constexpr double kGentleShare = 0.60;
constexpr double kNoQuestionShare = 0;

double share_for(const Input& input, const CodeQuestion& question) {
  const bool gentle = input.profile == Profile::kGentle;
  double share = input.profile == Profile::kAggressive ? kAggressiveShare : gentle ? kGentleShare : kBalancedShare;
  if (question.empty()) share = kNoQuestionShare;
  if (input.target_tokens > 0) {
    // A target leaves room for what is asked, and no more than it says.
    const double target = static_cast<double>(input.target_tokens) * 3.5 / static_cast<double>(input.text.size());
    share = std::clamp(target * 0.5, 0.08, share);
  }
  return share;
}

std::string handle_text(const Listing& listing, const Selection& selection, std::size_t gone) {
  std::string text = fmt::format("{} of {} lines left out", gone, listing.lines.size());
  if (selection.bodies_gone > 0) text += fmt::format(", {} bodies", selection.bodies_gone);
  if (!listing.gutter.empty() && listing.first_number != listing.first + 1) {
    const auto shift = static_cast<long long>(listing.first_number) - static_cast<long long>(listing.first + 1);
    text += fmt::format("; gaps count lines of this text, gutter numbers are {} {}", std::abs(shift),
                        shift > 0 ? "more" : "less");
  }
  return text;
}

/// What the code is read as. Without a grammar there is no tree, and the outline comes from the indentation.
struct Reading {
  Language language;
  NodeKinds kinds;
  Tree tree;
  Outline outline;
};

std::optional<Reading> read_code(const Input& input, std::string_view code, const std::vector<std::string_view>& rows) {
  const detect::ToolCall& call = input.query.call;
  const std::string path = call.path.empty() ? detect::shown_file(input.query.tool_name, call) : call.path;
  const Language* language = has_layout_only(path) ? nullptr : find_language(path, code);
  if (language == nullptr || !looks_written(*language, code)) {
    const Language read_as = language != nullptr ? *language : layout_language(path, rows);
    auto outline = read_layout(rows, read_as);
    if (!outline) return std::nullopt;
    return Reading{read_as, {}, nullptr, *std::move(outline)};
  }
  Tree tree = parse(*language, code, input.deadline);
  if (!tree) return std::nullopt;
  NodeKinds kinds(*language);
  Outline outline = read_outline(*language, kinds, *tree, code, rows);
  return Reading{*language, std::move(kinds), std::move(tree), std::move(outline)};
}

}  // namespace

std::optional<Output> CodeCompressor::compress(const Input& input) const {
  if (input.id.empty() || input.text.size() < kSmallest || input.deadline.expired()) return std::nullopt;
  const CodeQuestion question(input.query);
  if (question.everything()) return std::nullopt;
  const Listing listing = read_listing(input.text);
  const std::vector<std::string_view> rows = base::split_lines(listing.code);
  const auto reading = read_code(input, listing.code, rows);
  if (!reading || input.deadline.expired()) return std::nullopt;
  const Language& language = reading->language;
  const Outline& outline = reading->outline;
  const Scores scores = score_units({outline, question, rows, listing.code, listing.first + 1});
  SelectionInput select{.outline = outline, .question = question, .rows = rows, .code = listing.code, .scores = scores};
  select.line_of_row_0 = listing.first + 1;
  select.budget = share_for(input, question);
  const Selection selection = select_rows(select);
  std::optional<Cuts> cuts;
  if (reading->tree) cuts.emplace(language, reading->kinds, *reading->tree, rows);
  Rendered rendered = render(language, listing, outline, cuts ? &*cuts : nullptr, selection.keep, selection.runs);
  const std::size_t gain = std::max(input.text.size() / kLeastPart, kLeastGain);
  if (rendered.text.size() + gain > input.text.size() || input.deadline.expired()) return std::nullopt;
  Output out;
  out.text = std::move(rendered.text);
  out.text +=
      fmt::format("{} {}{}", language.comment,
                  handle_marker(input.id, handle_text(listing, selection, rendered.lines_gone)), language.comment_end);
  if (input.text.ends_with('\n')) out.text.push_back('\n');
  out.strategy = "code:outline";
  out.lossy = true;
  out.records_before = listing.lines.size();
  out.records_kept = listing.lines.size() - rendered.lines_gone;
  out.notes = selection.notes;
  out.notes.insert(out.notes.begin(), fmt::format("read as {}{}", language.name, cuts ? "" : ", by its layout"));
  return out;
}

}  // namespace headroom::compress
