#include "context/turn.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/splice.h"
#include "context/superseded.h"
#include "fit/removal_edits.h"
#include "fit/summary.h"
#include "money/prices.h"
#include "money/rewrite.h"

namespace headroom::context {
namespace {

/// Raised when decisions of older programs must not be replayed any more.
constexpr int kPolicyVersion = 1;

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

/// Writes the report without what takes long to copy. Block and tool stay.
void write_brief(const BlockReport& report, BlockReport& out) {
  out.detection.type = report.detection.type;
  out.detection.confidence = report.detection.confidence;
  out.strategy = report.strategy;
  out.reason = report.reason;
  out.tokens_before = report.tokens_before;
  out.tokens_after = report.tokens_after;
  out.records_before = report.records_before;
  out.records_kept = report.records_kept;
  out.ids = report.ids;
  out.gentleness = report.gentleness;
}

/// Each model has a cache of its own, and what was decided for one need not fit the other's. Who names no session may
/// ask for the same conversation with several budgets, and means each of them.
std::string whose(const wire::Conversation& conversation, const RequestOptions& request) {
  std::string owner = request.owner;
  if (!request.project.empty()) owner += '\0' + request.project;
  owner += '\n' + conversation.model;
  // What the provider keeps was said before all that stands here.
  if (!conversation.continues.empty()) owner += '\n' + conversation.continues;
  if (request.session.empty() && request.token_budget > 0) owner += fmt::format("\n{}", request.token_budget);
  return owner;
}

}  // namespace

Turn::Turn(const Pipeline::Impl& shared, const wire::Conversation& conversation, std::string_view body,
           const RequestOptions& request, const RequestEvents& events, Outcome& out)
    : shared_(shared),
      conversation_(conversation),
      body_(body),
      request_(request),
      events_(events),
      out_(out),
      tokenizer_(tokens::tokenizer_for_model(conversation.model)),
      deadline_(shared.deadline_of(request)),
      history_(find_history(conversation, whose(conversation, request), request.session, shared.beginnings,
                            *shared.decision_store, skeletons_, !request.counts_only)),
      binding_(thinking_binding(conversation)),
      queries_(std::in_place, conversation) {}

void Turn::run() {
  out_.model = shown_name(conversation_.model);
  out_.conversation = base::hex(base::hash_bytes(history_.conversation));
  out_.stream = conversation_.stream;
  out_.estimate = tokenizer_.is_estimate();
  list_results();
  events_.received(out_, body_.size(), conversation_.blocks.size());
  // Without a text there is no place in the conversation that anything could be noted at.
  const bool aligned = shared_.options.align && !conversation_.blocks.empty() &&
                       (!conversation_.tools.empty() || conversation_.blocks.front().role == wire::Role::kSystem);
  const bool fitted = out_.tokens_before > kSmallestWindow || request_.token_budget > 0;
  // What is decided for no one need not be noted; what was decided before holds all the same.
  if (!results_.empty() || aligned || fitted) note_use();
  if (!results_.empty() || aligned || fitted) load_gentle();
  if (!conversation_.blocks.empty() && !first_) load_revisions_of_history();
  gather_window();
  if (!results_.empty()) load_known();
  if (!results_.empty()) load_bound();
  const auto known = std::ranges::count_if(results_, [](const Result& result) { return result.decided != nullptr; });
  events_.cached(out_, results_.size(), static_cast<std::size_t>(known));
  if (!results_.empty()) {
    decide_new();
    if (!request_.only_new_goes) rewrite_old();
    fit_token_budget();
  }
  if (fitted && !request_.only_new_goes) fit_window();
  if (aligned) align_prefix();
  if (!results_.empty()) put_back_asked();
  keep_pending();
  settle_rewrite();
  write_body();
  out_.cacheable.repeated_tokens = prefix_is_new() ? 0 : repeated_tokens();
  remember_seen();
}

/// Counts every block, and finds those that may be touched.
void Turn::list_results() {
  const PipelineOptions& options = shared_.options;
  const bool judged = std::ranges::find(options.unjudged, conversation_.api) == options.unjudged.end();
  const compress::SentenceJudge* judge = judged ? options.judge : nullptr;
  seen_ = shared_.seen.take(history_);
  result_of_block_.assign(conversation_.blocks.size(), kNoResult);
  tokens_.reserve(conversation_.blocks.size());
  out_.blocks.reserve(std::ranges::count(conversation_.blocks, wire::BlockKind::kToolResult, &wire::Block::kind));
  results_.reserve(out_.blocks.capacity());
  for (std::size_t i = 0; i < conversation_.blocks.size(); ++i) {
    const wire::Block& block = conversation_.blocks[i];
    // What the system says is no part of a place.
    const bool known = i < seen_.tokens.size() && block.role != wire::Role::kSystem;
    const std::size_t tokens = known ? seen_.tokens[i] : shared_.counts.count(tokenizer_, block.text, block.hash);
    tokens_.push_back(static_cast<std::uint32_t>(tokens));
    out_.tokens_before += tokens;
    out_.tokens_after += tokens;
    if (block.kind != wire::BlockKind::kToolResult) continue;
    BlockReport report;
    report.block = i;
    report.tool_name = block.tool_name;
    report.tokens_before = report.tokens_after = tokens;
    report.reason = shared_.untouchable(block, tokens);
    if (report.reason.empty()) {
      result_of_block_[i] = static_cast<std::uint32_t>(results_.size());
      results_.push_back(
          {i, out_.blocks.size(), shared_.effort_for(block.tool_name, request_, judge), tokens, {}, {}, {}});
    }
    out_.blocks.push_back(std::move(report));
  }
}

/// For the conversation's next request.
void Turn::remember_seen() {
  seen_.tokens = std::move(tokens_);
  if (request_.counts_only) seen_.gentle = nullptr;  // what it was counted with need not hold
  shared_.seen.put(history_, std::move(seen_));
}

/// Decisions depend on the place and on how far they may go.
std::string Turn::policy_of(const Effort& effort) const {
  return fmt::format("{} {} {} {} {} {} {}", kPolicyVersion, effort.lossless, static_cast<int>(effort.profile),
                     effort.target_tokens, tokenizer_.name(), shared_.options.classifier != nullptr,
                     effort.judge == nullptr ? std::string_view() : effort.judge->identity());
}

void Turn::note_use() {
  const std::string conversation = base::hash_bytes(history_.conversation);
  const auto use = request_.counts_only ? shared_.decision_store->last_use(conversation)
                                        : shared_.decision_store->use(conversation, request_.project);
  if (!use) return;  // a store that cannot note the use may know revisions all the same
  use_ = *use;
  first_ = use_.requests == 1;
  if (request_.counts_only) return;  // its answer says nothing of the cache
  out_.cacheable = {base::hash_bytes(history_.conversation), conversation_.model, 0, use_.idle_ms};
}

/// The request before this one ended, at the latest, before what the assistant said last.
std::uint64_t Turn::repeated_tokens() const {
  const auto& blocks = conversation_.blocks;
  const auto said = std::find_if(blocks.rbegin(), blocks.rend(),
                                 [](const wire::Block& block) { return block.role == wire::Role::kAssistant; });
  std::uint64_t tokens = 0;
  for (std::size_t i = 0; said != blocks.rend() && blocks[i].message < said->message; ++i) tokens += sent_tokens(i);
  return tokens;
}

void Turn::load_revisions_of_history() {
  if (auto known = load_revisions(*shared_.decision_store, history_, shared_.revisions)) {
    revisions_ = std::move(known->revisions);
    last_pin_ = std::move(known->last_pin);
    last_pin_holds_ = known->last_pin_holds;
  }
}

/// What earlier requests decided, here or elsewhere: at each place, and later about the places before it.
void Turn::load_known() {
  std::vector<base::Hash128> keys;
  keys.reserve(results_.size());
  std::string policy;
  const Effort* last = nullptr;  // most results have the same
  for (const Result& result : results_) {
    if (last == nullptr || *last != result.effort) policy = policy_of(result.effort);
    last = &result.effort;
    keys.push_back(decision_key(history_.places[result.block], policy));
  }
  std::size_t seen = 0;
  while (seen < std::min(keys.size(), seen_.keys.size()) && seen_.keys[seen] == keys[seen] &&
         seen_.placed[seen] != nullptr)
    ++seen;
  seen_.placed.resize(seen);
  auto others = shared_.placed.find(history_.conversation, std::span(keys).subspan(seen));
  std::ranges::move(others, std::back_inserter(seen_.placed));
  seen_.keys = std::move(keys);
  for (std::size_t k = 0; k < results_.size(); ++k) results_[k].placed = results_[k].decided = seen_.placed[k];
  if (std::ranges::all_of(revisions_, [](const Revision& revision) { return revision.decisions.empty(); })) return;
  std::unordered_map<std::uint64_t, std::size_t> by_place;
  for (std::size_t k = 0; k < results_.size(); ++k) by_place.emplace(history_.places[results_[k].block].low, k);
  for (const Revision& revision : revisions_) {
    for (const auto& [place, decision] : revision.decisions) {
      const auto at = by_place.find(place.low);
      if (at == by_place.end()) continue;
      Result& result = results_[at->second];
      if (history_.places[result.block] == place) result.placed = result.decided = decision;
    }
  }
}

/// The decision that puts another text in the place of a block; null when none does.
const Decision* Turn::replacement(std::size_t block) const {
  const std::uint32_t at = result_of_block_[block];
  if (at == kNoResult) return nullptr;
  const Decision* decided = results_[at].decided.get();
  return decided != nullptr && decided->replaced ? decided : nullptr;
}

/// Of a block as it is sent; 0 for one that a window took away.
std::size_t Turn::sent_tokens(std::size_t block) const {
  if (removed(block)) return 0;
  if (const auto fitted = window_texts_.find(block); fitted != window_texts_.end()) {
    return shared_.counts.count(tokenizer_, fitted->second->text);
  }
  const Decision* decided = replacement(block);
  return decided != nullptr ? decided->report.tokens_after : tokens_[block];
}

std::string_view Turn::sent_text(std::size_t block) const {
  if (const auto fitted = window_texts_.find(block); fitted != window_texts_.end()) return fitted->second->text;
  const Decision* decided = replacement(block);
  return decided != nullptr ? std::string_view(decided->text) : conversation_.blocks[block].text;
}

void Turn::replace(Result& result, std::shared_ptr<const Decision> decision) {
  out_.tokens_after -= result.decided->report.tokens_after;
  out_.tokens_after += decision->report.tokens_after;
  result.decided = std::move(decision);
}

void Turn::rewrite_old() {
  // The newest message is new; what is before it was sent before.
  const std::uint32_t newest_message = conversation_.blocks.empty() ? 0 : conversation_.blocks[newest()].message;
  std::vector<Sent> sent;
  for (const Result& result : results_) {
    if (conversation_.blocks[result.block].message < newest_message)
      sent.push_back({result.block, result.decided.get()});
  }
  std::vector<Superseded> old = find_superseded(conversation_, results_.back().block, sent);
  // What a window took away is gone already, and what it took away later cannot stand in for anything. What thinking is
  // bound to stays.
  std::erase_if(old, [&](const Superseded& entry) {
    return entry.block < binding_.end || removed(entry.block) || window_texts_.contains(entry.block) ||
           removed(entry.by) || window_texts_.contains(entry.by);
  });
  if (old.empty() || use_.idle_ms < 0) return;
  money::RewriteQuestion question;
  question.rules = money::cache_rules(conversation_.model);
  question.prices = money::prices_for(conversation_.model);
  question.idle_s = use_.idle_ms / 1000;
  question.caching = true;  // without marks a gateway behind us may still place them
  question.long_ttl = conversation_.long_ttl;
  question.unused_answers = use_.unused_cache;
  question.expected_turns = money::expected_remaining_turns(static_cast<std::uint64_t>(use_.requests));
  for (std::size_t i = old.front().block; i < conversation_.blocks.size(); ++i) {
    if (conversation_.blocks[i].message >= newest_message) break;
    question.broken_tokens += sent_tokens(i);
  }
  for (const Superseded& entry : old) {
    question.saved_tokens += entry.saved_tokens;
    overtaken_.push_back(result_of_block_[entry.block]);
  }
  RewriteReport report{.results = old.size(),
                       .first_message = conversation_.blocks[old.front().block].message,
                       .idle_s = question.idle_s,
                       .broken_tokens = question.broken_tokens,
                       .saved_tokens = question.saved_tokens,
                       .choice = money::should_rewrite(question)};
  // A warm prefix is never broken: that a session ends sooner than expected would make it a loss.
  report.done = report.choice.pays && report.choice.cold;
  out_.rewrite = report;
  if (!report.done) return;
  for (const Superseded& entry : old) {
    Result& result = results_[result_of_block_[entry.block]];
    replace(result, superseded_marker(conversation_.blocks[entry.block], entry.block, *result.decided, tokenizer_));
  }
  because(fmt::format("overtaken results left, as the cache was {}: {}", report.choice.cache(), report.choice.line()));
}

/// What was wanted may not have been kept, or a budget may have decided otherwise.
void Turn::settle_rewrite() {
  if (!out_.rewrite) return;
  const auto rewritten = std::ranges::count_if(
      overtaken_, [&](std::size_t at) { return results_[at].decided->report.strategy == kSupersededStrategy; });
  out_.rewrite->done = rewritten > 0;
  if (rewritten > 0) out_.rewrite->results = static_cast<std::size_t>(rewritten);
}

/// Something that was sent before is sent otherwise now.
bool Turn::prefix_is_new() const {
  return !out_.revision_note.empty() ||
         std::ranges::find(out_.drifts, align::Action::kAccepted, &align::Drift::action) != out_.drifts.end();
}

void Turn::because(std::string why) {
  if (!pending_.why.empty()) pending_.why += "; ";
  pending_.why += why;
}

void Turn::fit_token_budget() {
  if (request_.token_budget == 0) return;
  std::size_t total = 0;
  for (std::size_t i = 0; i < conversation_.blocks.size(); ++i) total += sent_tokens(i);
  out_.tokens_after = total;
  if (total <= request_.token_budget) return;
  std::vector<Shrinkable> shrinkable;
  std::vector<std::size_t> of;  // index in results_ for each
  QueryTracker queries(conversation_);
  std::vector<compress::Query> asked;
  for (std::size_t k = 0; k < results_.size(); ++k) {
    const Result& result = results_[k];
    if (removed(result.block) || window_texts_.contains(result.block)) continue;
    shrinkable.push_back({result.effort, result.tokens, result.decided});
    of.push_back(k);
    asked.push_back(queries.query_for(result.block));
  }
  const Redecide redecide = [&](std::size_t index, const Effort& effort) {
    const Result& result = results_[of[index]];
    return shared_.decide(conversation_.blocks[result.block].text, asked[index], tokenizer_,
                          detect::ContentType::kOther, result.tokens, effort, deadline_);
  };
  out_.tokens_after = fit_budget(shrinkable, total, request_.token_budget, redecide, deadline_);
  for (std::size_t k = 0; k < of.size(); ++k) results_[of[k]].decided = shrinkable[k].decision;
  because(fmt::format("a budget of {} tokens", request_.token_budget));
  if (out_.tokens_after > request_.token_budget) {
    out_.budget_note = fmt::format(
        "{} tokens over the budget of {}: messages, protected results and what must stay "
        "of the others are not cut",
        out_.tokens_after - request_.token_budget, request_.token_budget);
  }
}

void Turn::keep_pending() {
  for (const Result& result : results_) {
    if (result.decided != result.placed) pending_.decisions.emplace_back(history_.places[result.block], result.decided);
  }
  if (pending_.empty() || conversation_.blocks.empty()) return;
  if (request_.counts_only) {
    revise(std::move(pending_));
    return;
  }
  if (!transcripts_.empty()) {  // durable before anything names them
    if (auto stored = shared_.keep_originals(transcripts_, request_.project); !stored) {
      pending_.texts.clear();
      pending_.removed.clear();
      if (pending_.empty()) return;
    }
  }
  pending_.at = newest();
  pending_.place = history_.places[pending_.at];
  for (const Revision::Text& text : pending_.texts) {
    pending_.window_at = std::max<std::size_t>(pending_.window_at, text.block);
  }
  for (const auto& [first, end] : pending_.removed) {
    pending_.window_at = std::max<std::size_t>(pending_.window_at, end - 1);
  }
  pending_.window_place = history_.places[pending_.window_at];
  const auto earlier = std::ranges::count(revisions_, pending_.at, &Revision::at);
  auto kept = keep_revision(*shared_.decision_store, history_, pending_, static_cast<std::size_t>(earlier));
  if (!kept || !kept->ours) {
    for (Result& result : results_) {
      if (result.decided != result.placed) replace(result, result.placed);
    }
  }
  if (!kept) {
    out_.put_back.clear();
    if (!pending_.tell.empty()) send_prefix_as_it_came();
    return;
  }
  Revision& counts = kept->revision;
  if (!kept->ours) {
    for (const auto& [place, decision] : counts.decisions) {
      for (Result& result : results_) {
        if (history_.places[result.block] == place) replace(result, decision);
      }
    }
    if (counts.pin != pending_.pin) {
      if (const auto pin = read_pin(counts.pin)) {
        align::Alignment alignment = align::align(conversation_, body_, &*pin, skeletons_);
        take_alignment(alignment);
      }
    }
  }
  revise(std::move(counts));
  revised_ = true;
}

/// The revision holds for what is sent.
void Turn::revise(Revision revision) {
  if (!revision.decisions.empty() || !revision.texts.empty() || !revision.removed.empty()) {
    out_.revision_note = revision.why;
  }
  revisions_.push_back(std::move(revision));
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
    const auto told = tells.find(i);
    if (replacement(i) == nullptr && told == tells.end() && !window_texts_.contains(i)) continue;
    const std::string_view sent = sent_text(i);
    if (told == tells.end()) {
      const Decision* decided = window_texts_.contains(i) ? nullptr : replacement(i);
      if (block.in_object || !block.before.empty() || sent.empty() || decided == nullptr) {
        edits.push_back({block.literal, wire::literal_for(block, sent)});
      } else {
        edits.push_back({block.literal, {}, decided->literal});
      }
      continue;
    }
    out_.tokens_after += tokenizer_.count(told->second);
    edits.push_back({block.literal, wire::literal_for(block, fmt::format("{}\n\n{}", sent, told->second))});
  }
  return edits;
}

/// All that the body's markers name is in the store when this returns. What is there already is not copied.
base::Result<void> Turn::keep_named_originals() {
  if (out_.ids.empty() || request_.counts_only) return {};  // also the only case without a store
  const auto missing = shared_.store->touch(out_.ids, request_.project);
  if (!missing) return std::unexpected(missing.error());
  if (missing->empty()) return {};
  const std::unordered_set<std::string_view> wanted(missing->begin(), missing->end());
  std::vector<store::Original> fresh;
  for (const Result& result : results_) {
    if (removed(result.block)) continue;
    const wire::Block& block = conversation_.blocks[result.block];
    for (const KeptOriginal& kept : result.decided->originals) {
      if (!wanted.contains(kept.id)) continue;
      fresh.push_back(original_of(kept, block.text, block.tool_name, request_.project));
    }
  }
  // Those of a window, which have expired, can be made again.
  for (const Revision& revision : revisions_) {
    std::vector<fit::Removal> spans;
    for (const auto& [first, end] : revision.removed) {
      if (const auto messages = messages_of(first, end)) spans.push_back({messages->first, messages->second, 0, {}});
    }
    for (const Revision::Text& text : revision.texts) {
      for (const std::string& id : text.ids) {
        if (!wanted.contains(id)) continue;
        std::string content(conversation_.blocks[text.block].text);
        if (base::content_id(content) != id) content = fit::transcript_of(conversation_, spans);
        if (base::content_id(content) != id) continue;
        const auto tokens = static_cast<std::int64_t>(shared_.counts.count(tokenizer_, content));
        fresh.push_back({id, std::move(content), "other", "", tokens});
        fresh.back().project = request_.project;
      }
    }
  }
  if (fresh.empty()) return {};
  return shared_.store->put(fresh);
}

void Turn::write_body() {
  gather_window();
  std::unordered_set<std::string_view> told;
  told.reserve(2 * results_.size());
  out_.ids.reserve(2 * results_.size());
  for (const Result& result : results_) {
    const Decision& decision = *result.decided;
    const wire::Block& block = conversation_.blocks[result.block];
    if (!removed(result.block)) tell(decision.report, out_, told);
    BlockReport& report = out_.blocks[result.report];
    if (!request_.details) {
      write_brief(decision.report, report);
      continue;
    }
    report = decision.report;
    report.block = result.block;
    report.tool_name = block.tool_name;
  }
  std::vector<base::Edit> edits = std::move(edits_);
  if (!removals_.empty() || !window_texts_.empty()) {
    auto removals = fit::removal_edits(body_, conversation_, removals_);
    if (!removals) throw std::runtime_error(removals.error().message);
    std::ranges::move(*removals, std::back_inserter(edits));
    out_.transforms.emplace_back(removals_.empty() ? "window:markers" : "window:removed");
    // A later text may have an earlier one in it.
    for (const Revision& revision : revisions_) {
      for (const Revision::Text& text : revision.texts) {
        if (removed(text.block)) continue;
        for (const std::string& id : text.ids) {
          if (std::ranges::find(out_.ids, id) == out_.ids.end()) out_.ids.push_back(id);
        }
      }
    }
    out_.tokens_after = 0;
    for (std::size_t i = 0; i < conversation_.blocks.size(); ++i) out_.tokens_after += sent_tokens(i);
  }
  for (base::Edit& edit : block_edits()) edits.push_back(std::move(edit));
  if (edits.empty()) {
    out_.skip_reason =
        out_.blocks.empty() ? "no tool results" : fmt::format("tool result: {}", out_.blocks.back().reason);
  }
  offer_retrieval(edits);
  note_offers();
  if (edits.empty()) return;
  if (auto kept = keep_named_originals(); !kept) {
    throw std::runtime_error("originals could not be stored: " + kept.error().message);
  }
  auto spliced = base::splice(body_, edits);
  if (!spliced) throw std::runtime_error(spliced.error().message);
  out_.body = std::move(*spliced);
  out_.changed = true;
}

}  // namespace headroom::context
