#include "store/retention.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace headroom::store {

ExpiryFloor expiry_floor(const Retention& retention, std::int64_t now_ms) {
  constexpr auto kNever = std::numeric_limits<std::int64_t>::min();
  return {retention.idle_ttl_ms > 0 ? now_ms - retention.idle_ttl_ms : kNever,
          retention.absolute_ttl_ms > 0 ? now_ms - retention.absolute_ttl_ms : kNever};
}

std::vector<std::size_t> plan_sweep(std::span<const EntryAge> entries, const Retention& retention,
                                    std::int64_t now_ms) {
  const ExpiryFloor floor = expiry_floor(retention, now_ms);
  std::vector<std::size_t> doomed;
  std::vector<std::size_t> evictable;
  std::int64_t kept_bytes = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!floor.alive(entries[i].created_ms, entries[i].used_ms)) {
      doomed.push_back(i);
      continue;
    }
    kept_bytes += entries[i].bytes;
    if (entries[i].used_ms <= now_ms - retention.live_ms) evictable.push_back(i);
  }
  if (kept_bytes <= retention.max_bytes) return doomed;
  std::ranges::sort(evictable, {}, [&](std::size_t i) { return std::pair(entries[i].used_ms, i); });
  for (std::size_t i : evictable) {
    if (kept_bytes <= retention.max_bytes) break;
    kept_bytes -= entries[i].bytes;
    doomed.push_back(i);
  }
  return doomed;
}

}  // namespace headroom::store
