#include "context/turn.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/json_string.h"
#include "base/splice.h"
#include "compress/marker.h"
#include "context/reread.h"
#include "context/superseded.h"
#include "fit/intelligent_context.h"
#include "fit/removal_edits.h"
#include "fit/rolling_window.h"
#include "fit/window.h"
#include "money/prices.h"
#include "money/rewrite.h"

namespace headroom::context {
namespace {

/// Raised when decisions of older programs must not be replayed any more.
constexpr int kPolicyVersion = 1;

/// References must leave at most so many percent of a text, and be at most so many percent of what compressing gives:
/// they cost no fact, but the reader has to look elsewhere.
constexpr std::size_t kReferenceLeavesPercent = 85;
constexpr std::size_t kReferenceMayCostPercent = 115;

/// No model's window is smaller, so that smaller requests need not be looked at.
constexpr std::size_t kSmallestWindow = 4000;

/// A model name as headers, metrics and the ledger may show it, whatever the client has sent.
std::string shown_name(std::string_view name) {
  static constexpr std::size_t kLongest = 128;
  std::string shown(name.substr(0, kLongest));
  for (char& c : shown) {
    if (c < 0x21 || c > 0x7E) c = '?';
  }
  return shown;
}

}  // namespace

Turn::Turn(const Pipeline::Impl& shared, const wire::Conversation& conversation, std::string_view body,
           const RequestOptions& request, Outcome& out)
    : shared_(shared),
      conversation_(conversation),
      body_(body),
      request_(request),
      out_(out),
      tokenizer_(tokens::tokenizer_for_model(conversation.model)),
      deadline_(base::Deadline::after_ms(shared.clock, shared.options.time_budget_ms)),
      // Each model has a cache of its own, and what was decided for one need not fit the other's.
      history_(read_history(conversation, request.owner + '\n' + conversation.model, request.session)),
      queries_(conversation) {}

void Turn::run() {
  out_.model = shown_name(conversation_.model);
  out_.conversation = fmt::format("{:016x}{:016x}", history_.conversation.high, history_.conversation.low);
  out_.stream = conversation_.stream;
  out_.estimate = tokenizer_.is_estimate();
  list_results();
  const bool aligned = shared_.options.align &&
                       (!conversation_.tools.empty() ||
                        (!conversation_.blocks.empty() && conversation_.blocks.front().role == wire::Role::kSystem));
  const bool fitted = out_.tokens_before > kSmallestWindow || request_.token_budget > 0;
  if (!results_.empty() || aligned || fitted) load_revisions_of_history();
  if (!results_.empty()) {
    load_known();
    decide_new();
    rewrite_old();
    fit_token_budget();
  }
  if (fitted) fit_window();
  if (aligned) align_prefix();
  keep_pending();
  write_body();
}

/// Counts every block, and finds those that may be touched.
void Turn::list_results() {
  const PipelineOptions& options = shared_.options;
  const bool judged = std::ranges::find(options.unjudged, conversation_.api) == options.unjudged.end();
  const compress::SentenceJudge* judge = judged ? options.judge : nullptr;
  for (std::size_t i = 0; i < conversation_.blocks.size(); ++i) {
    const wire::Block& block = conversation_.blocks[i];
    const std::size_t tokens = shared_.counts.count(tokenizer_, block.text);
    out_.tokens_before += tokens;
    out_.tokens_after += tokens;
    if (block.kind != wire::BlockKind::kToolResult) continue;
    BlockReport report;
    report.block = i;
    report.tool_name = block.tool_name;
    report.tokens_before = report.tokens_after = tokens;
    report.reason = shared_.untouchable(block, tokens);
    if (report.reason.empty()) {
      result_of_block_.emplace(i, results_.size());
      results_.push_back({i, out_.blocks.size(), shared_.effort_for(block.tool_name, request_, judge), tokens, {}, {}});
    }
    out_.blocks.push_back(std::move(report));
  }
}

/// Decisions depend on the place and on how far they may go.
base::Hash128 Turn::policy_key(const Result& result) const {
  const Effort& effort = result.effort;
  const PipelineOptions& options = shared_.options;
  return decision_key(
      history_.places[result.block],
      fmt::format("{} {} {} {} {} {} {}", kPolicyVersion, effort.lossless, static_cast<int>(effort.profile),
                  effort.target_tokens, tokenizer_.name(), options.classifier != nullptr,
                  effort.judge == nullptr ? std::string_view() : effort.judge->identity()));
}

void Turn::load_revisions_of_history() {
  if (auto use = shared_.decision_store->use(base::hash_bytes(history_.conversation))) use_ = *use;
  if (use_.requests == 1) return;
  if (auto revisions = load_revisions(*shared_.decision_store, history_)) revisions_ = *std::move(revisions);
}

/// What earlier requests decided, here or elsewhere: at each place, and later about the places before it.
void Turn::load_known() {
  std::vector<base::Hash128> keys;
  keys.reserve(results_.size());
  for (const Result& result : results_) keys.push_back(policy_key(result));
  auto known = shared_.placed.find(history_.conversation, keys);
  for (std::size_t k = 0; k < results_.size(); ++k) results_[k].placed = results_[k].decided = std::move(known[k]);
  std::unordered_map<std::uint64_t, std::size_t> by_place;
  for (std::size_t k = 0; k < results_.size(); ++k) by_place.emplace(history_.places[results_[k].block].low, k);
  for (const Revision& revision : revisions_) {
    for (const auto& [place, decision] : revision.decisions) {
      const auto at = by_place.find(place.low);
      if (at == by_place.end()) continue;
      Result& result = results_[at->second];
      if (history_.places[result.block] == place) result.decided = decision;
    }
  }
  for (Result& result : results_) {
    if (result.decided != result.placed) result.placed = result.decided;
  }
}

void Turn::decide_new() {
  std::vector<PlacedDecisions::Made> made;
  for (Result& result : results_) {
    if (result.decided == nullptr) {
      result.placed = result.decided = decide(result);
      made.emplace_back(policy_key(result), result.decided);
    }
    out_.tokens_after -= result.tokens - std::min(result.tokens, result.decided->report.tokens_after);
  }
  if (!made.empty()) shared_.placed.put(history_.conversation, made);
  if (shown_) {
    shared_.shown.put(history_.conversation, *std::move(shown_));
    shown_.reset();
  }
}

std::shared_ptr<const Decision> Turn::decide(const Result& result) {
  const wire::Block& block = conversation_.blocks[result.block];
  const compress::Query query = queries_.query_for(result.block);
  auto routed = shared_.decide(block.text, query, tokenizer_, detect::ContentType::kOther, result.tokens, result.effort,
                               deadline_);
  if (result.effort.lossless || compress::has_marker(block.text) || compress::has_gap_line(block.text)) return routed;
  if (auto referring = refer(result, *routed)) return referring;
  return routed;
}

std::shared_ptr<const Decision> Turn::refer(const Result& result, const Decision& routed) {
  const wire::Block& block = conversation_.blocks[result.block];
  show_blocks_before(result.block);
  const std::vector<Repeat> repeats = shown_->lines.find(block.text);
  if (repeats.empty()) return nullptr;
  Decision decision;
  std::vector<std::string> sources;
  for (const Repeat& repeat : repeats) {
    const wire::Block& shown = conversation_.blocks[repeat.block];
    std::string label =
        call_label(shown.tool_name, shown.kind == wire::BlockKind::kToolCall ? shown.text : shown.tool_arguments);
    // Which of several results of one call it is, counted from the beginning, so that the count stays true.
    std::size_t same = 0;
    std::size_t nth = 0;
    for (std::size_t i = 0; i < result.block; ++i) {
      const wire::Block& other = conversation_.blocks[i];
      if (other.kind != shown.kind || other.tool_name != shown.tool_name) continue;
      if (shown.kind == wire::BlockKind::kToolResult && other.tool_arguments != shown.tool_arguments) continue;
      if (shown.kind == wire::BlockKind::kToolCall && call_label(other.tool_name, other.text) != label) continue;
      ++same;
      if (i == repeat.block) nth = same;
    }
    if (shown.kind == wire::BlockKind::kToolCall) label = "the input of " + label;
    sources.push_back(same > 1 ? fmt::format("{} above (number {} of {})", label, nth, same) : label + " above");
    decision.refers_to.push_back(static_cast<std::uint32_t>(repeat.block));
  }
  const std::string id = base::content_id(block.text);
  decision.text = with_references(block.text, repeats, sources, id);
  const std::size_t tokens = tokenizer_.count(decision.text);
  if (tokens * 100 > result.tokens * kReferenceLeavesPercent) return nullptr;
  if (routed.replaced && tokens * 100 > routed.report.tokens_after * kReferenceMayCostPercent) return nullptr;
  decision.replaced = true;
  decision.originals.push_back({id, 0, block.text.size(), routed.report.detection.type, result.tokens});
  BlockReport& report = decision.report;
  report.block = result.block;
  report.tool_name = block.tool_name;
  report.detection = routed.report.detection;
  report.strategy = "reread:lines";
  report.tokens_before = result.tokens;
  report.tokens_after = tokens;
  report.records_before = std::ranges::count(block.text, '\n');
  report.records_kept = report.records_before;
  for (const Repeat& repeat : repeats)
    report.records_kept -= std::min(report.records_kept, repeat.last - repeat.first + 1);
  report.ids.push_back(id);
  for (std::size_t k = 0; k < repeats.size(); ++k) {
    report.removed.push_back(fmt::format("{}-{}: stands in {}", repeats[k].first, repeats[k].last, sources[k]));
  }
  return std::make_shared<const Decision>(std::move(decision));
}

std::string_view Turn::sent_text(std::size_t block) const {
  if (const auto fitted = window_texts_.find(block); fitted != window_texts_.end()) return fitted->second->text;
  const auto at = result_of_block_.find(block);
  if (at != result_of_block_.end()) {
    const auto& decided = results_[at->second].decided;
    if (decided != nullptr && decided->replaced) return decided->text;
  }
  return conversation_.blocks[block].text;
}

/// Adds what the blocks before this one show, as they are sent, to the lines that may be referred to.
void Turn::show_blocks_before(std::size_t block) {
  const auto name = [&](std::size_t i) {
    const auto at = result_of_block_.find(i);
    const bool replaced = at != result_of_block_.end() && results_[at->second].decided->replaced;
    return replaced ? base::hash128(history_.places[i], results_[at->second].decided->text) : history_.places[i];
  };
  if (!shown_) {
    std::vector<base::Hash128> sent;
    for (std::size_t i = 0; i < block; ++i) sent.push_back(name(i));
    shown_ = shared_.shown.take(history_.conversation, sent);
  }
  for (std::size_t i = shown_->added.size(); i < block; ++i) {
    shown_->added.push_back(name(i));
    const wire::Block& shown = conversation_.blocks[i];
    if (shown.kind == wire::BlockKind::kToolResult) shown_->lines.add(i, sent_text(i));
    if (shown.kind == wire::BlockKind::kToolCall) {
      for (const std::string& text : long_strings(shown.text)) shown_->lines.add(i, text);
    }
  }
}

void Turn::replace(Result& result, std::shared_ptr<const Decision> decision) {
  out_.tokens_after -= result.decided->report.tokens_after;
  out_.tokens_after += decision->report.tokens_after;
  result.decided = std::move(decision);
}

void Turn::rewrite_old() {
  // The newest message is new; what is before it was sent before.
  const std::uint32_t newest = conversation_.blocks.empty() ? 0 : conversation_.blocks.back().message;
  std::vector<Sent> sent;
  for (const Result& result : results_) {
    if (conversation_.blocks[result.block].message < newest) sent.push_back({result.block, result.decided.get()});
  }
  const std::vector<Superseded> old = find_superseded(conversation_, results_.back().block, sent, tokenizer_);
  if (old.empty() || use_.idle_ms < 0) return;
  money::RewriteQuestion question;
  question.rules = money::cache_rules(conversation_.model);
  question.prices = money::prices_for(conversation_.model);
  question.idle_s = use_.idle_ms / 1000;
  question.caching = true;  // without marks a gateway behind us may still place them
  question.expected_turns = money::expected_remaining_turns(static_cast<std::uint64_t>(use_.requests));
  for (std::size_t i = old.front().block; i < conversation_.blocks.size(); ++i) {
    if (conversation_.blocks[i].message >= newest) break;
    question.broken_tokens += shared_.counts.count(tokenizer_, sent_text(i));
  }
  for (const Superseded& entry : old) question.saved_tokens += entry.saved_tokens;
  const money::RewriteChoice choice = money::should_rewrite(question);
  out_.rewrite_note = choice.line();
  // A warm prefix is never broken: that a session ends sooner than expected would make it a loss.
  if (!choice.pays || !choice.cold) return;
  for (const Superseded& entry : old) replace(results_[result_of_block_.at(entry.block)], entry.decision);
  note_rewrite("overtaken results left, as the cache was cold: " + choice.line());
}

void Turn::fit_token_budget() {
  if (request_.token_budget == 0 || out_.tokens_after <= request_.token_budget) return;
  std::vector<Shrinkable> shrinkable;
  for (const Result& result : results_) shrinkable.push_back({result.effort, result.tokens, result.decided});
  QueryTracker queries(conversation_);
  std::vector<compress::Query> asked;
  for (const Result& result : results_) asked.push_back(queries.query_for(result.block));
  const Redecide redecide = [&](std::size_t index, const Effort& effort) {
    return shared_.decide(conversation_.blocks[results_[index].block].text, asked[index], tokenizer_,
                          detect::ContentType::kOther, results_[index].tokens, effort, deadline_);
  };
  out_.tokens_after = fit_budget(shrinkable, out_.tokens_after, request_.token_budget, redecide, deadline_);
  for (std::size_t k = 0; k < results_.size(); ++k) results_[k].decided = shrinkable[k].decision;
  note_rewrite(fmt::format("a budget of {} tokens", request_.token_budget));
  if (out_.tokens_after > request_.token_budget) {
    out_.budget_note = fmt::format(
        "{} tokens over the budget of {}: messages, protected results and what must stay "
        "of the others are not cut",
        out_.tokens_after - request_.token_budget, request_.token_budget);
  }
}

/// What all revisions say about the window: texts by block, and removals joined.
void Turn::gather_window() {
  window_texts_.clear();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> spans;
  for (const Revision& revision : revisions_) {
    for (const Revision::Text& text : revision.texts) window_texts_[text.block] = &text;
    for (const auto& [first, end] : revision.removed) {
      if (first < end && end <= conversation_.messages.size()) spans.emplace_back(first, end);
    }
  }
  std::ranges::sort(spans);
  removals_.clear();
  for (const auto& [first, end] : spans) {
    if (!removals_.empty() && first <= removals_.back().end_message) {
      removals_.back().end_message = std::max(removals_.back().end_message, end);
    } else {
      removals_.push_back({first, end, 0, {}});
    }
  }
}

bool Turn::removed(std::size_t block) const {
  const wire::Block& it = conversation_.blocks[block];
  if (it.role == wire::Role::kSystem && conversation_.api == wire::Api::kAnthropicMessages) return false;
  return std::ranges::any_of(removals_, [&](const fit::Removal& removal) {
    return it.message >= removal.first_message && it.message < removal.end_message;
  });
}

void Turn::fit_window() {
  gather_window();
  std::vector<fit::SentBlock> sent;
  std::size_t total = 0;
  for (std::size_t i = 0; i < conversation_.blocks.size(); ++i) {
    const std::string_view text = removed(i) ? std::string_view() : sent_text(i);
    sent.push_back({text, shared_.counts.count(tokenizer_, text)});
    total += sent.back().tokens;
  }
  out_.tokens_after = total;
  // The window holds the tools, too; a budget is for what is said.
  std::size_t budget = fit::window_for(conversation_.model, fit::requested_output(body_));
  std::size_t overhead = 0;
  for (const wire::Tool& tool : conversation_.tools) {
    overhead += shared_.counts.count(tokenizer_, body_.substr(tool.element.begin, tool.element.size()));
  }
  if (budget > 0) budget = budget > overhead ? budget - overhead : 1;
  if (request_.token_budget > 0) budget = budget == 0 ? request_.token_budget : std::min(budget, request_.token_budget);
  if (budget == 0 || total <= budget || shared_.store == nullptr || shared_.options.lossless) return;
  fit::Plan plan = fit::intelligent_context({conversation_, sent, tokenizer_, budget});
  if (!plan.met) {
    fit::Plan rolled = fit::rolling_window({conversation_, sent, tokenizer_, budget});
    if (rolled.met || rolled.tokens_after < plan.tokens_after) plan = std::move(rolled);
  }
  if (!plan.met && request_.token_budget > 0) out_.budget_note = plan.unmet;
  if (plan.empty()) return;
  pending_.why = fmt::format("{} tokens into a window of {}", total, budget);
  for (fit::Reduction& reduction : plan.reductions) {
    pending_.texts.push_back({reduction.block, std::move(reduction.text), std::move(reduction.original_ids)});
  }
  for (const fit::Removal& removal : plan.removals) {
    pending_.removed.emplace_back(removal.first_message, removal.end_message);
  }
  for (fit::Original& original : plan.originals) {
    const auto tokens = static_cast<std::int64_t>(tokenizer_.count(original.text));
    transcripts_.push_back({std::move(original.id), std::move(original.text), "other", "", tokens});
  }
}

void Turn::note_rewrite(std::string why) {
  pending_.why = std::move(why);
}

/// The newest block can have a note put behind its text.
bool Turn::can_tell() const {
  const wire::Block& last = conversation_.blocks.back();
  return last.exact && (last.kind == wire::BlockKind::kToolResult ||
                        (last.kind == wire::BlockKind::kText && last.role == wire::Role::kUser));
}

void Turn::align_prefix() {
  static constexpr std::size_t kLongestPin = std::size_t{1} << 20;
  std::optional<align::Pin> pin;
  for (const Revision& revision : revisions_) {
    if (revision.pin.empty()) continue;
    if (auto known = align::Pin::from_text(revision.pin)) pin = *std::move(known);
  }
  const bool kept = pin.has_value();
  if (!pin) {
    if (const auto first = shared_.pins.find(history_.conversation)) pin = *first;
  }
  align::Alignment alignment = align::align(conversation_, body_, pin ? &*pin : nullptr);
  if (!pin) {
    shared_.pins.put(history_.conversation, std::move(alignment.pin));
    return;
  }
  // What cannot be told must not be held back either.
  if (!alignment.tell.empty() && !can_tell()) return;
  edits_ = std::move(alignment.edits);
  out_.drifts = std::move(alignment.drifts);
  pending_.tell = std::move(alignment.tell);
  align::Pin now = alignment.pin;
  now.turn = pin->turn;
  if (kept && now == *pin) return;
  std::string text = alignment.pin.to_text();
  if (text.size() <= kLongestPin) pending_.pin = std::move(text);
}

void Turn::keep_pending() {
  for (const Result& result : results_) {
    if (result.decided != result.placed) pending_.decisions.emplace_back(history_.places[result.block], result.decided);
  }
  if (pending_.empty()) return;
  if (!transcripts_.empty()) {  // durable before anything names them
    if (auto stored = shared_.keep_originals(transcripts_); !stored) {
      pending_.texts.clear();
      pending_.removed.clear();
      if (pending_.empty()) return;
    }
  }
  pending_.at = conversation_.blocks.size() - 1;
  pending_.place = history_.places.back();
  auto kept = keep_revision(*shared_.decision_store, history_, pending_);
  if (!kept) {
    for (Result& result : results_) replace(result, result.placed);
    if (!pending_.tell.empty()) edits_.clear();
    return;
  }
  for (const auto& [place, decision] : kept->decisions) {
    for (Result& result : results_) {
      if (history_.places[result.block] == place && result.decided != decision) replace(result, decision);
    }
  }
  revisions_.push_back(*std::move(kept));
}

/// Edits for the blocks, each at most one: what fits the window counts before what was decided for a result.
std::vector<base::Edit> Turn::block_edits() {
  std::vector<base::Edit> edits;
  std::unordered_map<std::size_t, std::string> tells;
  for (const Revision& revision : revisions_) {
    if (!revision.tell.empty()) tells[revision.at] = revision.tell;
  }
  for (std::size_t i = 0; i < conversation_.blocks.size(); ++i) {
    const wire::Block& block = conversation_.blocks[i];
    if (removed(i)) continue;
    const auto at = result_of_block_.find(i);
    const bool replaced = at != result_of_block_.end() && results_[at->second].decided->replaced;
    const auto told = tells.find(i);
    if (!replaced && told == tells.end() && !window_texts_.contains(i)) continue;
    std::string text(sent_text(i));
    if (told != tells.end()) {
      text += "\n\n" + told->second;
      out_.tokens_after += tokenizer_.count(told->second);
    }
    edits.push_back({block.literal, base::encode_json_string(text)});
  }
  return edits;
}

void Turn::write_body() {
  gather_window();
  std::vector<store::Original> originals;
  for (const Result& result : results_) {
    const Decision& decision = *result.decided;
    const wire::Block& block = conversation_.blocks[result.block];
    if (!removed(result.block)) {
      take_originals(decision, block.text, block.tool_name, originals);
      tell(decision.report, out_);
    }
    out_.blocks[result.report] = decision.report;
    out_.blocks[result.report].block = result.block;
    out_.blocks[result.report].tool_name = block.tool_name;
  }
  std::vector<base::Edit> edits = std::move(edits_);
  if (!removals_.empty() || !window_texts_.empty()) {
    auto removals = fit::removal_edits(body_, conversation_, removals_);
    if (!removals) throw std::runtime_error(removals.error().message);
    std::ranges::move(*removals, std::back_inserter(edits));
    out_.transforms.emplace_back(removals_.empty() ? "window:markers" : "window:removed");
    std::vector<std::string> named;
    for (const auto& [block, text] : window_texts_) named.insert(named.end(), text->ids.begin(), text->ids.end());
    if (!named.empty()) static_cast<void>(shared_.store->touch(named));
    out_.ids.insert(out_.ids.end(), named.begin(), named.end());
    out_.tokens_after = 0;
    for (std::size_t i = 0; i < conversation_.blocks.size(); ++i) {
      if (!removed(i)) out_.tokens_after += shared_.counts.count(tokenizer_, sent_text(i));
    }
  }
  for (base::Edit& edit : block_edits()) edits.push_back(std::move(edit));
  if (edits.empty()) {
    out_.skip_reason =
        out_.blocks.empty() ? "no tool results" : fmt::format("tool result: {}", out_.blocks.back().reason);
    return;
  }
  if (auto kept = shared_.keep_originals(originals); !kept) {
    throw std::runtime_error("originals could not be stored: " + kept.error().message);
  }
  auto spliced = base::splice(body_, edits);
  if (!spliced) throw std::runtime_error(spliced.error().message);
  out_.body = std::move(*spliced);
  out_.changed = true;
}

}  // namespace headroom::context
