#include "money/cache_simulator.h"

#include <algorithm>

namespace headroom::money {
namespace {

/// Order matters, and so does every bit of both.
std::uint64_t mix(std::uint64_t prefix, std::uint64_t hash) {
  std::uint64_t x = prefix * 0x9E3779B97F4A7C15ULL + hash;
  x ^= x >> 32U;
  x *= 0xD6E8FEB86659FD93ULL;
  return x ^ (x >> 32U);
}

}  // namespace

std::string_view break_cause_name(BreakCause cause) {
  switch (cause) {
    case BreakCause::kNone:
      return "none";
    case BreakCause::kFirst:
      return "first request";
    case BreakCause::kChanged:
      return "changed";
    case BreakCause::kExpired:
      return "expired";
    case BreakCause::kLookBack:
      return "look-back";
    case BreakCause::kTooShort:
      return "too short";
  }
  return "unknown";
}

CacheSimulator::Prefixes CacheSimulator::prefixes_of(std::span<const Unit> units) {
  Prefixes prefixes;
  prefixes.hash.reserve(units.size() + 1);
  prefixes.tokens.reserve(units.size() + 1);
  prefixes.hash.push_back(1);
  prefixes.tokens.push_back(0);
  for (const Unit& unit : units) {
    prefixes.hash.push_back(mix(prefixes.hash.back(), unit.hash));
    prefixes.tokens.push_back(prefixes.tokens.back() + unit.tokens);
  }
  return prefixes;
}

bool CacheSimulator::alive(std::uint64_t hash, std::int64_t time_s) const {
  const auto found = entries_.find(hash);
  return found != entries_.end() && time_s - found->second.used_s <= found->second.ttl_s;
}

std::size_t CacheSimulator::find(std::span<const Unit> units, const Prefixes& prefixes, std::int64_t time_s) const {
  if (rules_.kind == CacheKind::kAutomatic) {
    for (std::size_t i = units.size(); i > 0; --i) {
      if (alive(prefixes.hash[i], time_s)) return i;
    }
    return 0;
  }
  std::size_t hit = 0;
  for (std::size_t i = 1; i <= units.size(); ++i) {
    if (units[i - 1].mark == Mark::kNone) continue;
    // The mark's own block is the first that is looked at.
    const std::size_t stop = i > rules_.look_back ? i - rules_.look_back : 0;
    for (std::size_t at = i; at > stop && at > hit; --at) {
      if (!alive(prefixes.hash[at], time_s)) continue;
      hit = at;
      break;
    }
  }
  return hit;
}

std::uint64_t CacheSimulator::rounded(std::uint64_t tokens) const {
  if (tokens < rules_.minimum_tokens) return 0;
  return tokens - (tokens - rules_.minimum_tokens) % rules_.step_tokens;
}

std::int64_t CacheSimulator::ttl_of(Mark mark) const {
  return mark == Mark::kLong && rules_.long_ttl_s > 0 ? rules_.long_ttl_s : rules_.ttl_s;
}

std::size_t CacheSimulator::fill_marked(std::span<const Unit> units, const Prefixes& prefixes, std::size_t hit,
                                        std::int64_t time_s, Usage& usage) {
  usage.cached = prefixes.tokens[hit];
  std::size_t written_to = hit;
  for (std::size_t i = 1; i <= units.size(); ++i) {
    const Mark mark = units[i - 1].mark;
    if (mark == Mark::kNone || prefixes.tokens[i] < rules_.minimum_tokens) continue;
    if (i > written_to) {
      const std::uint64_t more = prefixes.tokens[i] - prefixes.tokens[written_to];
      (mark == Mark::kLong && rules_.long_ttl_s > 0 ? usage.written_long : usage.written) += more;
      written_to = i;
    }
    Entry& entry = entries_[prefixes.hash[i]];
    entry = {time_s, std::max(entry.ttl_s, ttl_of(mark))};
    held_until_s_ = time_s + entry.ttl_s;
  }
  usage.uncached = prefixes.tokens.back() - prefixes.tokens[written_to];
  held_tokens_ = prefixes.tokens[written_to];
  return written_to;
}

std::size_t CacheSimulator::fill_automatic(const Prefixes& prefixes, std::size_t hit, std::int64_t time_s,
                                           Usage& usage) {
  const std::uint64_t total = prefixes.tokens.back();
  usage.cached = rounded(prefixes.tokens[hit]);
  const std::uint64_t held = rounded(total);
  usage.written = std::max(held, usage.cached) - usage.cached;
  usage.uncached = total - usage.cached - usage.written;
  if (held == 0) return 0;
  for (std::size_t i = 1; i < prefixes.hash.size(); ++i) entries_[prefixes.hash[i]] = {time_s, rules_.ttl_s};
  held_until_s_ = time_s + rules_.ttl_s;
  held_tokens_ = held;
  return prefixes.hash.size() - 1;
}

void CacheSimulator::prime(std::span<const Unit> units, std::int64_t time_s) {
  if (units.empty()) return;
  step(units, time_s);
  first_ = true;
  too_short_ = false;
  before_.clear();
  held_units_ = held_tokens_ = 0;
}

CacheStep CacheSimulator::step(std::span<const Unit> units, std::int64_t time_s) {
  Prefixes prefixes = prefixes_of(units);
  CacheStep step;
  while (step.common_units + 1 < std::min(prefixes.hash.size(), before_.size()) &&
         prefixes.hash[step.common_units + 1] == before_[step.common_units + 1]) {
    ++step.common_units;
  }
  step.cached_units = held_units_;
  if (rules_.kind == CacheKind::kNone) {
    step.usage.uncached = prefixes.tokens.back();
  } else {
    const std::uint64_t held_tokens = held_tokens_;
    const bool late = time_s > held_until_s_;
    const std::size_t hit = find(units, prefixes, time_s);
    // What is read lives on: the entry itself and those on the way to it.
    for (std::size_t i = 1; i <= hit; ++i) {
      if (alive(prefixes.hash[i], time_s)) entries_[prefixes.hash[i]].used_s = time_s;
    }
    held_tokens_ = 0;
    held_units_ = rules_.kind == CacheKind::kMarks ? fill_marked(units, prefixes, hit, time_s, step.usage)
                                                   : fill_automatic(prefixes, hit, time_s, step.usage);
    if (!first_ && step.usage.cached < held_tokens) {
      step.lost_tokens = held_tokens - step.usage.cached;
      step.cause = late                                    ? BreakCause::kExpired
                   : step.common_units < step.cached_units ? BreakCause::kChanged
                                                           : BreakCause::kLookBack;
    } else if (too_short_) {
      step.cause = BreakCause::kTooShort;
    }
    const bool asked = rules_.kind == CacheKind::kAutomatic ||
                       std::ranges::any_of(units, [](const Unit& unit) { return unit.mark != Mark::kNone; });
    too_short_ = asked && held_tokens_ == 0;
  }
  if (first_) step.cause = BreakCause::kFirst;
  first_ = false;
  before_ = std::move(prefixes.hash);
  return step;
}

}  // namespace headroom::money
