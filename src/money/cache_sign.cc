#include "money/cache_sign.h"

namespace headroom::money {

CacheSign cache_sign(const CacheRules& rules, const CacheAnswer& answer) {
  if (answer.cached > 0 || answer.written > 0) return CacheSign::kUsed;
  if (answer.cached < 0 || rules.kind == CacheKind::kNone) return CacheSign::kNone;
  // Where writing is billed, an answer that is silent about it may have written.
  if (rules.kind == CacheKind::kMarks && answer.written < 0) return CacheSign::kNone;
  // Who counts far fewer tokens than were sent does not bill them, and its other figures say as little.
  if (answer.input < 0 || static_cast<std::uint64_t>(answer.input) * 2 < answer.repeated_tokens)
    return CacheSign::kNone;
  if (answer.repeated_tokens < rules.minimum_tokens + rules.step_tokens) return CacheSign::kNone;
  if (answer.idle_ms < 0 || answer.idle_ms > rules.ttl_s * 1000) return CacheSign::kNone;
  return CacheSign::kUnused;
}

}  // namespace headroom::money
