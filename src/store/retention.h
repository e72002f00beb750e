#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "store/original_store.h"

namespace headroom::store {

/// Entries are readable while used_ms > idle and created_ms > absolute. With both floors, the rule is the same in C++
/// and SQL.
struct ExpiryFloor {
  std::int64_t idle;
  std::int64_t absolute;
  bool alive(std::int64_t created_ms, std::int64_t used_ms) const { return used_ms > idle && created_ms > absolute; }
};

ExpiryFloor expiry_floor(const Retention& retention, std::int64_t now_ms);

/// What a sweep needs to know of an entry.
struct EntryAge {
  std::int64_t bytes;
  std::int64_t created_ms;
  std::int64_t used_ms;
};

/// Indexes of the entries to delete at `now_ms`: all that have expired, then the least recently used of the others
/// until the rest fits max_bytes, but none that was used within live_ms.
std::vector<std::size_t> plan_sweep(std::span<const EntryAge> entries, const Retention& retention, std::int64_t now_ms);

}  // namespace headroom::store
