#include "replay/replay.h"

#include <algorithm>
#include <set>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json_document.h"
#include "base/json_string.h"
#include "base/splice.h"
#include "replay/body_units.h"
#include "replay/rereads.h"
#include "replay/unrecorded.h"
#include "store/original_store.h"
#include "tokens/tokenizer.h"

namespace headroom::replay {
namespace {

using money::BreakCause;
using money::CacheStep;
using money::Mark;
using money::Unit;

constexpr std::int64_t kSecondsApart = 10;
constexpr std::int64_t kNoBudget = 600'000;    // ms: a replay has time, and its result must not depend on it
constexpr std::uint64_t kRetrievalCall = 100;  // tokens that a model writes to ask for an original

std::string with_model(std::string body, std::string_view model) {
  const auto document = base::JsonDocument::parse(body);
  if (!document || document->root().kind != base::JsonKind::kObject) return body;
  const base::JsonNode* old = document->find_last(document->root(), "model");
  if (old == nullptr) return body;
  auto changed = base::splice(body, std::vector<base::Edit>{{document->span(*old), base::encode_json_string(model)}});
  return changed ? *std::move(changed) : body;
}

/// Marks at the end and where the request before had its own, as agents set them.
void assume_marks(std::vector<Unit>& units, std::size_t units_before) {
  units.back().mark = Mark::kShort;
  if (units_before > 0 && units_before <= units.size()) units[units_before - 1].mark = Mark::kShort;
}

/// The session's own time, for what the pipeline decides by the time that has passed; budgets run in real time.
class SessionClock final : public base::Clock {
 public:
  std::int64_t now_ms() const override { return now_s_ * 1000; }
  std::int64_t monotonic_ns() const override { return real_.monotonic_ns(); }
  std::int64_t now_s() const { return now_s_; }
  void set_s(std::int64_t now_s) { now_s_ = now_s; }

 private:
  base::SystemClock real_;
  std::int64_t now_s_ = 1'000'000'000;  // before any record
};

class SessionReplay {
 public:
  SessionReplay(const Session& session, const compress::Registry& registry, const ReplayOptions& options);
  SessionResult run() &&;

 private:
  static context::PipelineOptions without_hurry(context::PipelineOptions options) {
    options.time_budget_ms = kNoBudget;
    return options;
  }
  std::string model_of(const Turn& turn) const { return options_.model.empty() ? turn.model : options_.model; }
  void set_time(const Turn& turn);
  void play(std::size_t index);
  /// What the pipeline says of the request.
  void note_outcome(const context::Outcome& outcome, std::string_view body);
  struct BothUnits {
    std::vector<Unit> raw, ours;
  };
  /// The request as it was recorded and as it is sent, with what the record lacks.
  BothUnits both_units(const Turn& turn, std::string_view model, std::string_view body, std::string_view sent);
  /// Sends both to their caches; gives what ours did.
  CacheStep charge(std::size_t index, const BothUnits& units, const money::Prices& prices);
  void account(const CacheStep& step, const money::Prices& prices, std::uint64_t output, Side& side) const;
  /// A request more, for what had to be fetched.
  void retrieve(std::uint64_t tokens, const money::Usage& sent, const money::Prices& prices);
  void note_bust(std::size_t turn, const CacheStep& step, BustCause changed_by, Side& side) const;

  const Session& session_;
  const ReplayOptions& options_;
  SessionClock clock_;
  std::unique_ptr<store::OriginalStore> store_;
  context::Pipeline pipeline_;
  tokens::CountCache counts_;
  money::CacheSimulator raw_cache_, our_cache_;
  bool assume_marks_ = false;
  std::size_t raw_units_before_ = 0, our_units_before_ = 0;
  std::set<std::string> ids_;
  std::size_t results_before_ = 0;  ///< of tools, in the request before
  Rereads rereads_;
  Unrecorded unrecorded_;
  SessionResult result_;
};

money::CacheRules rules_for(const Session& session, const ReplayOptions& options) {
  if (options.cache == CacheMode::kNone || session.turns.empty()) return {};
  return money::cache_rules(options.model.empty() ? session.turns.front().model : options.model);
}

SessionReplay::SessionReplay(const Session& session, const compress::Registry& registry, const ReplayOptions& options)
    : session_(session),
      options_(options),
      store_(store::make_memory_store({}, clock_)),
      pipeline_(registry, store_.get(), clock_, without_hurry(options.pipeline)),
      raw_cache_(rules_for(session, options)),
      our_cache_(rules_for(session, options)) {
  const bool marks = rules_for(session, options).kind == money::CacheKind::kMarks;
  // A log of requests says itself whether its client caches, unless it is priced as something else.
  assume_marks_ = marks && !session.add_marks && (session.format != "requests" || !options.model.empty());
  result_.name = session.name;
  result_.format = session.format;
  result_.turns = session.turns.size();
  result_.marks_assumed = marks && (session.add_marks || assume_marks_);
}

void SessionReplay::set_time(const Turn& turn) {
  std::int64_t next = clock_.now_s() + kSecondsApart;
  if (options_.cache == CacheMode::kRecorded && turn.time_ms > 0) {
    next = std::max(clock_.now_s(), turn.time_ms / 1000);
    result_.times_recorded = true;
  }
  clock_.set_s(next);
}

void SessionReplay::account(const CacheStep& step, const money::Prices& prices, std::uint64_t output,
                            Side& side) const {
  money::Usage usage = step.usage;
  const double input = money::cost(prices, usage);
  usage.output = output;
  const double all = money::cost(prices, usage);
  if (step.cause == BreakCause::kTooShort) ++side.too_short;
  side.usage += usage;
  side.input_usd += input;
  side.output_usd += all - input;
  side.usd_per_turn.push_back(all);
}

void SessionReplay::retrieve(std::uint64_t tokens, const money::Usage& sent, const money::Prices& prices) {
  if (tokens == 0) return;
  // All that was sent just now is cached, where there is a cache.
  const bool cached = sent.cached + sent.written + sent.written_long > 0;
  const std::uint64_t fresh = tokens + kRetrievalCall;
  const money::Usage usage{.uncached = cached ? 0 : sent.input() + fresh,
                           .written = cached ? fresh : 0,
                           .cached = cached ? sent.input() : 0,
                           .output = kRetrievalCall};
  const double usd = money::cost(prices, usage);
  const double output = money::cost(prices, {.output = usage.output});
  result_.retrieval_usd += usd;
  result_.headroom.usage += usage;
  result_.headroom.input_usd += usd - output;
  result_.headroom.output_usd += output;
  result_.headroom.usd_per_turn.back() += usd;
}

void SessionReplay::note_bust(std::size_t turn, const CacheStep& step, BustCause changed_by, Side& side) const {
  if (step.lost_tokens == 0) return;
  Bust bust{turn, step.common_units, changed_by, step.lost_tokens};
  if (step.cause == BreakCause::kExpired) bust.cause = BustCause::kExpired;
  if (step.cause == BreakCause::kLookBack) bust.cause = BustCause::kLookBack;
  side.busts.push_back(bust);
}

void SessionReplay::note_outcome(const context::Outcome& outcome, std::string_view body) {
  if (outcome.failed) ++result_.failures;
  ids_.insert(outcome.ids.begin(), outcome.ids.end());
  rereads_.take(session_.api, body, outcome);
  for (std::size_t i = results_before_; i < outcome.blocks.size(); ++i) {
    const context::BlockReport& report = outcome.blocks[i];
    ToolUse& use = result_.tools[report.tool_name.empty() ? "(unknown)" : report.tool_name];
    ++use.results;
    use.tokens_before += report.tokens_before;
    use.tokens_after += report.tokens_after;
    if (!report.reason.empty()) result_.untouched[report.reason] += report.tokens_after;
  }
  results_before_ = outcome.blocks.size();
}

SessionReplay::BothUnits SessionReplay::both_units(const Turn& turn, std::string_view model, std::string_view body,
                                                   std::string_view sent) {
  const tokens::Tokenizer& tokenizer = tokens::tokenizer_for_model(model);
  const std::vector<Unit> recorded = units_of(session_.api, body, tokenizer, counts_);
  const bool marks = assume_marks_ || session_.add_marks;
  const Mark front = !marks ? Mark::kNone : session_.long_marks ? Mark::kLong : Mark::kShort;
  unrecorded_.take(recorded, turn.billed ? &*turn.billed : nullptr);
  BothUnits units;
  units.raw = unrecorded_.with(recorded, model, front);
  units.ours = unrecorded_.with(units_of(session_.api, sent, tokenizer, counts_), model, front);
  if (assume_marks_) {
    assume_marks(units.raw, raw_units_before_);
    assume_marks(units.ours, our_units_before_);
  }
  return units;
}

CacheStep SessionReplay::charge(std::size_t index, const BothUnits& units, const money::Prices& prices) {
  const std::int64_t time_s = clock_.now_s();
  if (index == 0) {
    result_.unrecorded_tokens = unrecorded_.tokens_in_front();
    for (money::CacheSimulator* cache : {&raw_cache_, &our_cache_}) {
      cache->prime(std::span(units.raw).first(unrecorded_.found_units()), time_s);
    }
  }
  const CacheStep raw_step = raw_cache_.step(units.raw, time_s);
  CacheStep our_step = our_cache_.step(units.ours, time_s);
  const Turn& turn = session_.turns[index];
  const std::uint64_t output = turn.billed ? turn.billed->output : 0;
  account(raw_step, prices, output, result_.passthrough);
  account(our_step, prices, output, result_.headroom);
  note_bust(index, raw_step, BustCause::kClient, result_.passthrough);
  // Units that Headroom took out altogether shift its places against the client's.
  const std::size_t taken_out = raw_units_before_ - std::min(raw_units_before_, our_units_before_);
  const bool ours_first = our_step.common_units + taken_out < raw_step.common_units;
  note_bust(index, our_step, ours_first ? BustCause::kHeadroom : BustCause::kClient, result_.headroom);
  raw_units_before_ = units.raw.size();
  our_units_before_ = units.ours.size();
  if (turn.billed && turn.billed->input() > 0) {
    result_.billed_usd = result_.billed_usd.value_or(0) + money::cost(prices, *turn.billed);
    result_.billed_simulated_usd += result_.passthrough.usd_per_turn.back();
  }
  return our_step;
}

void SessionReplay::play(std::size_t index) {
  const Turn& turn = session_.turns[index];
  const std::string model = model_of(turn);
  const money::Prices prices = money::prices_for(model);
  result_.estimate = result_.estimate || tokens::tokenizer_for_model(model).is_estimate();
  result_.prices_assumed = result_.prices_assumed || prices.assumed;
  std::string body = body_of(session_, index);
  if (!options_.model.empty()) body = with_model(std::move(body), options_.model);

  set_time(turn);
  const std::int64_t start_ns = clock_.monotonic_ns();
  const context::Outcome outcome = pipeline_.compress_request(session_.api, body, {.model = model});
  result_.own_us += static_cast<std::uint64_t>((clock_.monotonic_ns() - start_ns) / 1000);
  note_outcome(outcome, body);

  const std::string& sent = outcome.changed ? outcome.body : body;
  const CacheStep step = charge(index, both_units(turn, model, body, sent), prices);
  pipeline_.note_answer(outcome.cacheable,
                        {.input = static_cast<std::int64_t>(step.usage.input()),
                         .cached = static_cast<std::int64_t>(step.usage.cached),
                         .written = static_cast<std::int64_t>(step.usage.written + step.usage.written_long)});
  const AskedFacts asked = find_facts(turn.asks, session_.api, body, sent, outcome.ids, *store_);
  result_.facts += asked.count;
  retrieve(asked.retrieved_tokens, step.usage, prices);
}

SessionResult SessionReplay::run() && {
  if (!session_.turns.empty()) result_.model = model_of(session_.turns.front());
  for (std::size_t i = 0; i < session_.turns.size(); ++i) play(i);
  result_.originals = ids_.size();
  result_.retrievals = rereads_.count();
  return std::move(result_);
}

void add(const Side& side, Side& sum, std::map<std::string, std::size_t>& busts) {
  sum.usage += side.usage;
  sum.input_usd += side.input_usd;
  sum.output_usd += side.output_usd;
  sum.too_short += side.too_short;
  for (const Bust& bust : side.busts) ++busts[std::string(bust_cause_name(bust.cause))];
}

}  // namespace

std::string_view bust_cause_name(BustCause cause) {
  switch (cause) {
    case BustCause::kClient:
      return "client";
    case BustCause::kHeadroom:
      return "headroom";
    case BustCause::kExpired:
      return "expired";
    case BustCause::kLookBack:
      return "look-back";
  }
  return "unknown";
}

SessionResult replay_session(const Session& session, const compress::Registry& registry, const ReplayOptions& options) {
  return SessionReplay(session, registry, options).run();
}

Totals total_of(const std::vector<SessionResult>& results) {
  Totals sum;
  for (const SessionResult& result : results) {
    ++sum.sessions;
    sum.turns += result.turns;
    add(result.passthrough, sum.passthrough, sum.passthrough_busts);
    add(result.headroom, sum.headroom, sum.headroom_busts);
    for (const auto& [tool, use] : result.tools) {
      ToolUse& all = sum.tools[tool];
      all.results += use.results;
      all.tokens_before += use.tokens_before;
      all.tokens_after += use.tokens_after;
    }
    for (const auto& [reason, tokens] : result.untouched) sum.untouched[reason] += tokens;
    sum.originals += result.originals;
    sum.retrievals += result.retrievals;
    sum.failures += result.failures;
    sum.facts += result.facts;
    sum.retrieval_usd += result.retrieval_usd;
    sum.own_us += result.own_us;
    sum.unrecorded_tokens += result.unrecorded_tokens;
    sum.marks_assumed = sum.marks_assumed || result.marks_assumed;
    sum.prices_assumed = sum.prices_assumed || result.prices_assumed;
    sum.estimate = sum.estimate || result.estimate;
    sum.times_missing = sum.times_missing || !result.times_recorded;
    if (result.billed_usd) {
      ++sum.billed_sessions;
      sum.billed_usd += *result.billed_usd;
      sum.billed_simulated_usd += result.billed_simulated_usd;
    }
  }
  return sum;
}

}  // namespace headroom::replay
