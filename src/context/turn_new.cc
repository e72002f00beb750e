#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/marker.h"
#include "context/ages.h"
#include "context/alike.h"
#include "context/json_changes.h"
#include "context/reread.h"
#include "context/same_result.h"
#include "context/sent_lines.h"
#include "context/sought.h"
#include "context/turn.h"
#include "wire/forgetting.h"

// What is decided about blocks that come for the first time.

namespace headroom::context {
namespace {

/// References must leave at most so many percent of a text, and be at most so many percent of what compressing gives:
/// they cost no fact, but the reader has to look elsewhere.
constexpr std::size_t kReferenceLeavesPercent = 85;
constexpr std::size_t kReferenceMayCostPercent = 115;

/// Of results of other commands, that say so much of what a result of so many tokens says, so many are looked at.
constexpr std::size_t kAlikePercent = 50, kFewestTokensAlike = 300, kMostLookedAtAlike = 12;

/// Of the same call's results so many are looked at, the latest first.
constexpr std::size_t kMostEarlierResults = 4;

/// The decision leaves nothing of the text out, and where it writes lines otherwise, each has a line still: the text's
/// lines can be referred to.
bool shows_each_line(std::string_view text, const Decision& decision) {
  return decision.replaced && decision.originals.empty() &&
         std::ranges::count(decision.text, '\n') >= std::ranges::count(text, '\n');
}

/// What is to be edited is shown with its surroundings; rows and messages speak for themselves.
Comparison comparison_of(detect::ContentType type, const compress::Query& query, std::string_view text) {
  if (type == detect::ContentType::kTable) {
    const bool asked = asks_for_time(query.user) || asks_for_time(query.intent);
    return {.columns = true, .ages = !asked && !names_other_spans(text), .edge = 0};
  }
  return {.columns = false, .ages = false, .edge = type == detect::ContentType::kCode ? 2U : 1U};
}

/// Texts of one result, which counts once.
bool is_same_result(const wire::Block& a, const wire::Block& b) {
  return a.kind == wire::BlockKind::kToolResult && a.kind == b.kind && !a.tool_call_id.empty() &&
         a.message == b.message && a.tool_call_id == b.tool_call_id;
}

/// How a result before `end` refers to what the block shows: "Read src/a.py above (number 2 of 3)". Which of several
/// results of one call it is, is counted from the beginning, so that the count stays true.
EarlierName source_name(const wire::Conversation& conversation, std::size_t block, std::size_t end) {
  const wire::Block& shown = conversation.blocks[block];
  const bool call = shown.kind == wire::BlockKind::kToolCall;
  const std::string label = call_label(shown.tool_name, call ? shown.text : shown.tool_arguments);
  std::size_t same = 0;
  std::size_t nth = 0;
  const wire::Block* last = nullptr;
  for (std::size_t i = 0; i < end; ++i) {
    const wire::Block& other = conversation.blocks[i];
    if (other.kind != shown.kind) continue;
    if (is_same_result(other, conversation.blocks[end]) && !is_same_result(other, shown)) continue;
    if (last != nullptr && is_same_result(other, *last)) {
      if (i == block) nth = same;
      continue;
    }
    if (other.tool_name != shown.tool_name) continue;
    // Inputs that differ in what a label does not tell are told apart by the number, too.
    if (other.tool_arguments != shown.tool_arguments || call) {
      if (call_label(other.tool_name, call ? other.text : other.tool_arguments) != label) continue;
    }
    ++same;
    last = &other;
    if (i == block) nth = same;
  }
  const std::string_view what = call ? "the input of " : "";
  if (same < 2) return {fmt::format("{}{} above", what, label), 0};
  return {fmt::format("{}{} above (number {} of {})", what, label, nth, same), nth};
}

}  // namespace

void Turn::decide_new() {
  while (!decide_missing()) {
    shown_.reset();  // it has lines of texts that are not sent
    queries_.emplace(conversation_);
  }
  for (const Result& result : results_) {
    out_.tokens_after -= result.tokens - std::min(result.tokens, result.decided->report.tokens_after);
  }
  if (shown_) {
    shared_.shown.put(history_.conversation, *std::move(shown_));
    shown_.reset();
  }
}

/// False when another request was faster: what it decided holds, and what is decided about results behind those has to
/// be decided again, as it may refer to them. Each time there is less to decide.
bool Turn::decide_missing() {
  std::vector<PlacedDecisions::Made> made;
  std::vector<std::size_t> of;  // in results_
  for (std::size_t k = 0; k < results_.size(); ++k) {
    Result& result = results_[k];
    if (result.decided != nullptr) continue;
    result.placed = result.decided = result.bound != nullptr ? result.bound : decide(result);
    made.emplace_back(seen_.keys[k], result.decided);
    of.push_back(k);
  }
  if (made.empty()) return true;
  if (request_.counts_only) return tell_routed(of);  // a decision that is not put is not remembered either
  announce_originals(of);
  const auto others = shared_.placed.put(history_.conversation, made);
  for (std::size_t i = 0; i < others.size(); ++i) results_[of[i]].placed = results_[of[i]].decided = others[i];
  for (const std::size_t k : of) seen_.placed[k] = results_[k].placed;
  if (others.empty()) note_sent(of);
  return others.empty() && tell_routed(of);
}

/// So that the store can put them along with what was decided.
void Turn::announce_originals(std::span<const std::size_t> results) const {
  if (shared_.store == nullptr) return;
  std::vector<store::Original> originals;
  for (const std::size_t k : results) {
    const wire::Block& block = conversation_.blocks[results_[k].block];
    for (const KeptOriginal& kept : results_[k].decided->originals) {
      originals.push_back(original_of(kept, block.text, block.tool_name, request_.project));
    }
  }
  if (!originals.empty()) shared_.store->announce(originals);
}

bool Turn::tell_routed(std::span<const std::size_t> results) const {
  for (const std::size_t k : results) {
    const Result& result = results_[k];
    events_.routed(out_, *result.decided, result.block, conversation_.blocks[result.block].tool_name);
  }
  return true;
}

std::shared_ptr<const Decision> Turn::decide(const Result& result) {
  const wire::Block& block = conversation_.blocks[result.block];
  const compress::Query query = queries_->query_for(result.block);
  auto routed = shared_.decide(block.text, query, tokenizer_, detect::ContentType::kOther, result.tokens, result.effort,
                               deadline_);
  if (result.effort.lossless || compress::has_marker(block.text) || compress::has_gap_line(block.text)) return routed;
  if (result.effort.gentle != nullptr && result.effort.gentle->find("reread") != nullptr) return routed;
  // What the provider takes out of the conversation cannot be referred to.
  if (wire::provider_forgets(conversation_)) return routed;
  if (wants_what_was_left_out(result)) {
    Effort all = result.effort;
    all.lossless = true;
    routed = shared_.decide(block.text, query, tokenizer_, detect::ContentType::kOther, result.tokens, all, deadline_);
    const auto referring = refer(result, *routed);
    return referring != nullptr ? referring : routed;
  }
  if (auto same = refer_whole(result, *routed)) return same;
  std::shared_ptr<const Decision> best;
  const std::vector<std::size_t> earlier = earlier_of_call(result.block);
  for (auto referring : {refer_same_call(result, *routed, earlier.empty() ? alike_results(result) : earlier, query),
                         refer_json(result, *routed, earlier, query.intent), refer(result, *routed)}) {
    if (referring == nullptr) continue;
    if (best == nullptr || referring->report.tokens_after < best->report.tokens_after) best = std::move(referring);
  }
  return best != nullptr ? best : routed;
}

/// Where calls are written in text no tool gives originals back: who needs one makes the call again.
bool Turn::wants_what_was_left_out(const Result& result) const {
  const wire::Block& block = conversation_.blocks[result.block];
  if (!block.spoken) return false;
  const SameCall same_call(block);
  for (std::size_t i = result.block; i-- > 0;) {
    const wire::Block& earlier = conversation_.blocks[i];
    if (earlier.kind != wire::BlockKind::kToolResult || removed(i) || earlier.text != block.text || !same_call(earlier))
      continue;
    const Decision* decided = replacement(i);
    return decided != nullptr && !decided->originals.empty();
  }
  return false;
}

std::shared_ptr<const Decision> Turn::refer(const Result& result, const Decision& routed) {
  const wire::Block& block = conversation_.blocks[result.block];
  show_blocks_before(result.block);
  const std::vector<Repeat> repeats = shown_->lines.find(block.text);
  if (repeats.empty()) return nullptr;
  std::vector<std::string> sources;
  std::vector<std::uint32_t> refers_to;
  std::unordered_map<std::size_t, std::string> names;  // a text often repeats one block in many places
  std::size_t kept = std::ranges::count(block.text, '\n');
  for (const Repeat& repeat : repeats) {
    const auto [name, fresh] = names.try_emplace(repeat.block);
    if (fresh) name->second = source_name(conversation_, repeat.block, result.block).full;
    sources.push_back(name->second);
    refers_to.push_back(static_cast<std::uint32_t>(repeat.block));
    kept -= std::min(kept, repeat.last - repeat.first + 1);
  }
  Decision decision =
      referring_decision(result, routed, with_references(block.text, repeats, sources, base::content_id(block.text)),
                         "reread:lines", kept);
  const std::size_t tokens = decision.report.tokens_after;
  if (tokens * 100 > result.tokens * kReferenceLeavesPercent) return nullptr;
  if (routed.replaced && tokens * 100 > routed.report.tokens_after * kReferenceMayCostPercent) return nullptr;
  decision.refers_to = std::move(refers_to);
  for (std::size_t k = 0; k < repeats.size(); ++k) {
    decision.report.removed.push_back(
        fmt::format("{}-{}: stands in {}", repeats[k].first, repeats[k].last, sources[k]));
  }
  return keep(std::move(decision));
}

std::shared_ptr<const Decision> Turn::refer_whole(const Result& result, const Decision& routed) const {
  const wire::Block& block = conversation_.blocks[result.block];
  // An earlier one that shows more may stand behind the one that is just the same.
  if (!routed.replaced || (block.spoken && !routed.originals.empty())) return nullptr;
  for (std::size_t i = result.block; i-- > 0;) {
    const wire::Block& earlier = conversation_.blocks[i];
    if (earlier.kind != wire::BlockKind::kToolResult || removed(i) || earlier.text != block.text ||
        sent_text(i) != routed.text)
      continue;
    const std::string source = source_name(conversation_, i, result.block).full;
    const std::size_t lines = base::count_lines(block.text);
    const std::string handle = compress::handle_marker(base::content_id(block.text),
                                                       fmt::format("{} lines, the same text as {}", lines, source));
    Decision decision = referring_decision(result, routed, handle, "reread:outline", 0);
    if (decision.report.tokens_after * 100 > routed.report.tokens_after * kReferenceLeavesPercent) return nullptr;
    decision.refers_to.push_back(static_cast<std::uint32_t>(i));
    decision.report.removed.push_back(fmt::format("1-{}: the same text as {}", lines, source));
    return keep(std::move(decision));
  }
  return nullptr;
}

/// The latest results of the call that a block before them answers: first those that show something on their own, so
/// that a reference leads there, then those that refer to such, and then others.
std::vector<std::size_t> Turn::earlier_of_call(std::size_t block) const {
  const SameCall same_call(conversation_.blocks[block]);
  std::array<std::vector<std::size_t>, 3> by_depth;
  for (std::size_t i = block; i-- > 0 && by_depth[0].size() < kMostEarlierResults;) {
    const wire::Block& earlier = conversation_.blocks[i];
    if (earlier.kind != wire::BlockKind::kToolResult || removed(i) || window_texts_.contains(i) || !same_call(earlier))
      continue;
    std::vector<std::size_t>& alike = by_depth[reference_depth(i)];
    if (alike.size() < kMostEarlierResults) alike.push_back(i);
  }
  std::vector<std::size_t> found;
  for (const auto& blocks : by_depth) found.insert(found.end(), blocks.begin(), blocks.end());
  return found;
}

/// Results of other commands that say nearly the same, the nearest first.
std::vector<std::size_t> Turn::alike_results(const Result& result) const {
  const wire::Block& block = conversation_.blocks[result.block];
  if (result.tokens < kFewestTokensAlike) return {};
  if (detect::read_tool_call(block.tool_name, block.tool_arguments).command.empty()) return {};
  const AlikeText alike(block.text);
  std::vector<std::pair<std::size_t, std::size_t>> found;  // percent and block
  std::size_t looked = 0;
  for (std::size_t i = result.block; i-- > 0 && looked < kMostLookedAtAlike;) {
    const wire::Block& earlier = conversation_.blocks[i];
    if (earlier.kind != wire::BlockKind::kToolResult || earlier.tool_name != block.tool_name || removed(i) ||
        window_texts_.contains(i) || reference_depth(i) > 0)
      continue;
    ++looked;
    if (const std::size_t percent = alike.percent_in(earlier.text); percent >= kAlikePercent)
      found.emplace_back(percent, i);
  }
  std::ranges::stable_sort(found, std::greater{}, &std::pair<std::size_t, std::size_t>::first);
  std::vector<std::size_t> blocks;
  for (const auto& [percent, i] : found) {
    if (blocks.size() < 2) blocks.push_back(i);
  }
  return blocks;
}

/// 0: what is sent for the block shows something on its own; 1: it refers to blocks that do; 2: to others.
std::size_t Turn::reference_depth(std::size_t block) const {
  const auto refers = [&](std::size_t i) {
    const Decision* decided = replacement(i);
    return decided != nullptr && !decided->refers_to.empty();
  };
  if (!refers(block)) return 0;
  return std::ranges::any_of(replacement(block)->refers_to, refers) ? 2 : 1;
}

std::shared_ptr<const Decision> Turn::refer_same_call(const Result& result, const Decision& routed,
                                                      std::span<const std::size_t> blocks,
                                                      const compress::Query& query) const {
  const wire::Block& block = conversation_.blocks[result.block];
  if (blocks.empty()) return nullptr;
  const auto as_sent = [](std::string_view text, const Decision* decided) {
    if (decided == nullptr || !decided->replaced) return SentResult{text, text, true};
    return SentResult{text, decided->text, shows_each_line(text, *decided)};
  };
  std::vector<SentResult> earlier;
  const detect::ContentType type = routed.report.detection.type;
  for (const std::size_t i : blocks) {
    earlier.push_back(as_sent(conversation_.blocks[i].text, replacement(i)));
    // A log that goes on, a table that is polled: what was dull is dull still. A file may be read again for the rest.
    const bool watched = type == detect::ContentType::kLog || type == detect::ContentType::kTable;
    earlier.back().same_question = watched && !asked_between(i, result.block);
    // Who follows a reference must not be sent on and on, unless nothing has changed.
    earlier.back().only_as_a_whole = reference_depth(i) > 1;
    if (earlier.back().same_question && !earlier.back().all_shown) {
      earlier.back().sought = Sought(query.intent, routed.replaced ? routed.text : block.text, sent_text(i));
    }
  }
  const auto same = same_result(as_sent(block.text, &routed), earlier, comparison_of(type, query, block.text));
  if (!same) return nullptr;
  std::vector<EarlierName> names(blocks.size());
  for (const SameRun& run : same->runs) {
    EarlierName& name = names[run.repeat.block];
    if (name.full.empty()) name = source_name(conversation_, blocks[run.repeat.block], result.block);
  }
  const bool gaps = std::ranges::any_of(same->runs, &SameRun::with_gaps);
  const std::string handle = compress::handle_marker(
      base::content_id(block.text),
      fmt::format("{} of {} lines are here, others above", same->kept, base::count_lines(block.text)));
  Decision decision = referring_decision(result, routed, with_references(*same, names, handle),
                                         gaps ? "reread:outline" : "reread:lines", same->kept);
  const std::size_t limit = routed.replaced ? routed.report.tokens_after : result.tokens;
  if (decision.report.tokens_after * 100 > limit * kReferenceLeavesPercent) return nullptr;
  for (const SameRun& run : same->runs) {
    decision.refers_to.push_back(static_cast<std::uint32_t>(blocks[run.repeat.block]));
    decision.report.removed.push_back(fmt::format("{}-{}: {}", run.repeat.first, run.repeat.last,
                                                  reference_to(run.repeat, "of " + names[run.repeat.block].full)));
  }
  return keep(std::move(decision));
}

bool Turn::asked_between(std::size_t earlier, std::size_t later) const {
  for (std::size_t i = earlier + 1; i < later; ++i) {
    const wire::Block& block = conversation_.blocks[i];
    if (block.kind == wire::BlockKind::kText && block.role == wire::Role::kUser &&
        !without_reminders(block.text).empty())
      return true;
  }
  return false;
}

std::shared_ptr<const Decision> Turn::refer_json(const Result& result, const Decision& routed,
                                                 std::span<const std::size_t> blocks, std::string_view intent) const {
  const wire::Block& block = conversation_.blocks[result.block];
  if (routed.report.detection.type != detect::ContentType::kJson) return nullptr;
  const std::size_t limit = routed.replaced ? routed.report.tokens_after : result.tokens;
  std::optional<JsonChanges> fewest;
  std::size_t of = 0;
  // A change of as many bytes as the result is sent with would take about as many tokens.
  const std::string_view sent_now = routed.replaced ? std::string_view(routed.text) : block.text;
  std::size_t bytes = sent_now.size();
  for (const std::size_t i : blocks) {
    if (reference_depth(i) > 0) break;  // those that show something come first
    const Decision* decided = replacement(i);
    // What was left out there may be what is asked for now.
    if (decided != nullptr && !decided->originals.empty() &&
        (block.spoken || asked_between(i, result.block) || !Sought(intent, sent_now, decided->text).empty()))
      continue;
    auto changes = json_changes(conversation_.blocks[i].text, block.text, bytes);
    if (!changes) continue;
    bytes = 0;
    for (const std::string& line : changes->lines) bytes += line.size() + 1;
    fewest = std::move(changes);
    of = i;
  }
  if (!fewest) return nullptr;
  const std::string source = source_name(conversation_, of, result.block).full;
  const std::string_view but = fewest->lines.empty() ? "" : ", but for this:";
  std::string text =
      compress::handle_marker(base::content_id(block.text), fmt::format("the JSON of {}{}", source, but));
  for (const std::string& line : fewest->lines) text.append("\n").append(line);
  Decision decision = referring_decision(result, routed, std::move(text), "reread:json", fewest->lines.size());
  if (decision.report.tokens_after * 100 > limit * kReferenceLeavesPercent) return nullptr;
  decision.refers_to.push_back(static_cast<std::uint32_t>(of));
  decision.report.removed.push_back(fmt::format("what is the same in {}", source));
  return keep(std::move(decision));
}

Decision Turn::referring_decision(const Result& result, const Decision& routed, std::string text,
                                  std::string_view strategy, std::size_t kept_lines) const {
  const wire::Block& block = conversation_.blocks[result.block];
  Decision decision;
  decision.replaced = true;
  decision.text = std::move(text);
  const std::string id = base::content_id(block.text);
  decision.originals.push_back({id, 0, block.text.size(), routed.report.detection.type, result.tokens});
  BlockReport& report = decision.report;
  report.block = result.block;
  report.tool_name = block.tool_name;
  report.detection = routed.report.detection;
  report.strategy = strategy;
  report.tokens_before = result.tokens;
  report.tokens_after = tokenizer_.count(decision.text);
  report.records_before = std::ranges::count(block.text, '\n');
  report.records_kept = kept_lines;
  report.ids.push_back(id);
  return decision;
}

/// Adds what the blocks before this one show, as they are sent, to the lines that may be referred to.
void Turn::show_blocks_before(std::size_t block) {
  const auto name = [&](std::size_t i) {
    if (removed(i)) return base::hash128(history_.places[i], "removed");
    if (window_texts_.contains(i)) return base::hash128(history_.places[i], sent_text(i));
    const Decision* decided = replacement(i);
    return decided != nullptr ? base::hash128(history_.places[i], decided->text_hash) : history_.places[i];
  };
  if (!shown_) {
    std::vector<base::Hash128> sent;
    for (std::size_t i = 0; i < block; ++i) sent.push_back(name(i));
    shown_ = shared_.shown.take(history_.conversation, sent);
  }
  for (std::size_t i = shown_->added.size(); i < block; ++i) {
    shown_->added.push_back(name(i));
    if (removed(i)) continue;
    const wire::Block& shown = conversation_.blocks[i];
    if (shown.kind == wire::BlockKind::kToolResult) {
      const Decision* decided = window_texts_.contains(i) ? nullptr : replacement(i);
      if (decided != nullptr && shows_each_line(shown.text, *decided)) {
        shown_->lines.add(i, shown.text);
      } else if (const auto lines =
                     decided != nullptr ? lines_shown(shown.text, decided->text, false) : std::vector<bool>();
                 !lines.empty()) {
        shown_->lines.add(i, shown.text, lines);
      } else {
        shown_->lines.add(i, sent_text(i));
      }
    }
    if (shown.kind == wire::BlockKind::kToolCall) {
      for (const std::string& text : long_strings(shown.text)) shown_->lines.add(i, text);
    }
  }
}

}  // namespace headroom::context
