#include "context/sums.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace headroom::context {
namespace {

std::string_view what_was_done(align::Action action) {
  switch (action) {
    case align::Action::kPinned:
      return "sent as it was first";
    case align::Action::kTold:
      return "sent as it was first, the new value is told at the end of the prompt";
    case align::Action::kReordered:
      return "sent in the first order";
    case align::Action::kAccepted:
      return "sent as it came, so the cached prefix ends there";
  }
  return "unknown";
}

/// Within quotation marks, on one line.
std::string quoted(std::string_view value) {
  base::JsonWriter json;
  json.value(value);
  return std::move(json).take();
}

std::string drift_line(const align::Drift& drift, bool values) {
  std::string line = fmt::format("request {}, {}: {} drifted", drift.turn, drift.where, drift.what);
  if (drift.size > 0) line += fmt::format(" at bytes {}-{}", drift.offset, drift.offset + drift.size - 1);
  if (values) line += fmt::format(" ({} -> {})", quoted(drift.old_value), quoted(drift.new_value));
  return line + fmt::format(": {}", what_was_done(drift.action));
}

/// Sums are fractions of a cent.
void write_usd(base::JsonWriter& json, std::string_view name, double usd) {
  json.key(name).raw(fmt::format("{:.6f}", usd));
}

void write_drift(base::JsonWriter& json, const align::Drift& drift) {
  json.begin_object().member("where", drift.where).member("what", drift.what);
  json.member("before", drift.old_value).member("now", drift.new_value);
  json.member("offset", drift.offset).member("size", drift.size);
  json.member("request", drift.turn).member("action", align::action_name(drift.action)).end_object();
}

void write_rewrite(base::JsonWriter& json, const RewriteReport& rewrite) {
  const money::RewriteChoice& choice = rewrite.choice;
  json.begin_object().member("done", rewrite.done).member("why_not", rewrite.why_not());
  json.member("results", rewrite.results).member("first_message", rewrite.first_message);
  json.member("broken_tokens", rewrite.broken_tokens).member("saved_tokens", rewrite.saved_tokens);
  json.member("idle_s", rewrite.idle_s).member("cache", choice.cache()).member("pays", choice.pays);
  write_usd(json, "keep_now_usd", choice.keep_now);
  write_usd(json, "keep_later_usd", choice.keep_later);
  write_usd(json, "rewrite_now_usd", choice.rewrite_now);
  write_usd(json, "rewrite_later_usd", choice.rewrite_later);
  write_usd(json, "gain_usd", choice.gain());
  json.member("expected_requests", choice.expected_turns).member("break_even_requests", choice.break_even_turns);
  json.end_object();
}

}  // namespace

std::string RewriteReport::why_not() const {
  if (done) return {};
  if (!choice.pays) return "it does not pay";
  if (!choice.cold) return "the cache is warm, and should the session end sooner it would be a loss";
  return "it could not be kept";
}

std::string RewriteReport::line() const {
  const std::string what = fmt::format("{} old results that later ones have overtaken", results);
  const std::uint64_t then = broken_tokens - std::min(saved_tokens, broken_tokens);
  if (done) {
    return fmt::format("rewrote {}: the {} tokens from message {} on became {}; {}", what, broken_tokens, first_message,
                       then, choice.line());
  }
  return fmt::format("left {}, as {}: the {} tokens from message {} on would become {}; {}", what, why_not(),
                     broken_tokens, first_message, then, choice.line());
}

std::vector<SumLine> sum_lines(const Outcome& outcome, bool values) {
  std::vector<SumLine> lines;
  for (const align::Drift& drift : outcome.drifts) {
    lines.push_back({drift.action == align::Action::kAccepted, drift_line(drift, values)});
  }
  if (outcome.rewrite) lines.push_back({outcome.rewrite->done, outcome.rewrite->line()});
  if (!outcome.revision_note.empty()) {
    lines.push_back({true, "what earlier requests had sent was changed: " + outcome.revision_note});
  }
  return lines;
}

void write_sums(base::JsonWriter& json, const Outcome& outcome) {
  json.key("drifts").begin_array();
  for (const align::Drift& drift : outcome.drifts) write_drift(json, drift);
  json.end_array().key("rewrite");
  if (outcome.rewrite) {
    write_rewrite(json, *outcome.rewrite);
  } else {
    json.null();
  }
  json.member("revision_note", outcome.revision_note);
}

void count_outcome(const Outcome& outcome, store::LedgerRow& row) {
  row.model = outcome.model;
  row.stream = outcome.stream;
  row.estimate = outcome.estimate;
  row.tokens_before = static_cast<std::int64_t>(outcome.tokens_before);
  row.tokens_after = static_cast<std::int64_t>(outcome.tokens_after);
  row.transforms = fmt::format("{}", fmt::join(outcome.transforms, ","));
  row.skip_reason = outcome.skip_reason;
  row.drifts = static_cast<std::int64_t>(outcome.drifts.size());
  row.drifts_accepted = std::ranges::count(outcome.drifts, align::Action::kAccepted, &align::Drift::action);
  row.revised = !outcome.revision_note.empty();
  const bool rewrote = outcome.rewrite && outcome.rewrite->done;
  row.rewritten = rewrote ? static_cast<std::int64_t>(outcome.rewrite->results) : 0;
}

}  // namespace headroom::context
