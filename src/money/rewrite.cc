#include "money/rewrite.h"

#include <algorithm>

#include <fmt/format.h>

namespace headroom::money {
namespace {

constexpr double kMillion = 1e6;

/// What a token costs that is not cached yet, and one that is.
struct Rates {
  double fresh = 0, cached = 0;
};

bool is_unused(const RewriteQuestion& question) {
  return question.unused_answers >= kEnoughUnused;
}

bool has_cache(const RewriteQuestion& question) {
  return question.caching && question.rules.kind != CacheKind::kNone && !is_unused(question);
}

Rates rates_of(const RewriteQuestion& question) {
  if (!has_cache(question)) return {question.prices.input, question.prices.input};
  const bool longer = question.long_ttl && question.rules.long_ttl_s > 0;
  return {longer ? question.prices.cache_write_long : question.prices.cache_write, question.prices.cache_read};
}

bool is_cold(const RewriteQuestion& question) {
  if (!has_cache(question) || question.idle_s < 0) return true;
  const bool longer = question.long_ttl && question.rules.long_ttl_s > 0;
  return question.idle_s > (longer ? question.rules.long_ttl_s : question.rules.ttl_s);
}

}  // namespace

RewriteChoice should_rewrite(const RewriteQuestion& question) {
  const Rates rates = rates_of(question);
  const auto turns = static_cast<double>(question.expected_turns);
  const double before = static_cast<double>(question.broken_tokens) / kMillion;
  const double saved = static_cast<double>(std::min(question.saved_tokens, question.broken_tokens)) / kMillion;
  RewriteChoice choice;
  choice.cold = is_cold(question);
  choice.unused = is_unused(question);
  choice.expected_turns = question.expected_turns;
  choice.keep_now = before * (choice.cold ? rates.fresh : rates.cached);
  choice.keep_later = turns * before * rates.cached;
  choice.rewrite_now = (before - saved) * rates.fresh;
  choice.rewrite_later = turns * (before - saved) * rates.cached;
  const double extra = choice.rewrite_now - choice.keep_now;
  const double per_turn = saved * rates.cached;
  choice.break_even_turns = extra > 0 && per_turn > 0 ? extra / per_turn : 0;
  choice.pays = saved > 0 && choice.gain() > 0;
  return choice;
}

std::string_view RewriteChoice::cache() const {
  if (unused) return "unused";
  return cold ? "cold" : "warm";
}

std::string RewriteChoice::line() const {
  return fmt::format(
      "rewriting {}: ${:.4f} (now {:.4f}, later {:.4f}) against ${:.4f} (now {:.4f}, later {:.4f}) as it is; cache {}, "
      "{} more turns expected, pays from {:.1f}",
      pays ? "pays" : "does not pay", rewrite(), rewrite_now, rewrite_later, keep(), keep_now, keep_later, cache(),
      expected_turns, break_even_turns);
}

std::uint64_t expected_remaining_turns(std::uint64_t turns) {
  return std::clamp<std::uint64_t>(turns, 1, kMostExpectedTurns);
}

}  // namespace headroom::money
