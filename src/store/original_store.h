#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/cipher.h"
#include "store/scope.h"

namespace headroom::store {

/// A block's exact bytes before compression, and what is known of it.
struct Original {
  std::string id;  ///< base::content_id(content)
  std::string content;
  std::string content_type;  ///< detect::content_type_name()
  std::string tool_name;
  std::int64_t tokens = 0;  ///< of the content, by the request's tokenizer
  std::int64_t created_ms = 0;
  std::int64_t used_ms = 0;  ///< last put, get or touch
  std::int64_t retrievals = 0;
  std::string project = {};  ///< the first that put it; the same bytes put by several are one entry, seen by each
};

struct StoreStats {
  std::int64_t entries = 0;
  std::int64_t bytes = 0;  ///< of content
  std::int64_t tokens = 0;
  std::int64_t retrievals = 0;
  std::string backend;  ///< "memory", "sqlite"
};

/// How long originals live and how much room they get.
struct Retention {
  std::int64_t idle_ttl_ms = 7LL * 24 * 3600 * 1000;       ///< since the last use; 0: for ever
  std::int64_t absolute_ttl_ms = 90LL * 24 * 3600 * 1000;  ///< since creation, used or not; 0: for ever
  std::int64_t max_bytes = 2LL << 30;                      ///< over it the least recently used go first
  std::int64_t live_ms = 3600 * 1000;  ///< used within this: a live conversation, never evicted for room
};

/// Where originals are kept. Thread-safe. Originals are content-addressed, so putting one twice is one entry and a
/// refreshed use time.
class OriginalStore {
 public:
  virtual ~OriginalStore() = default;
  /// All are readable by any process that shares the store, and survive a kill of this one, when this returns; or none
  /// is. The store sets the times and the count itself. kInvalidArgument for an id that is not 24 hex digits or names
  /// other content already; kTooLarge; kUnavailable while another process holds the store; kIo.
  virtual base::Result<void> put(std::span<const Original> originals) = 0;
  /// They are to be put soon, unless they are there: the store may do so along with the decisions that name them. It
  /// promises nothing: touch() says which are missing still.
  virtual void announce(std::span<const Original> originals) { static_cast<void>(originals); }
  /// By id or by a prefix of at least 12. kInvalidArgument (not hex, too short), kNotFound, kAmbiguous. Counts a
  /// retrieval.
  /// What is not in the scope is not found.
  virtual base::Result<Original> get(std::string_view id_prefix, Scope scope) = 0;
  base::Result<Original> get(std::string_view id_prefix) { return get(id_prefix, kEveryProject); }
  /// Marks originals as used now, because a conversation that is alive refers to them. Gives the ids that are not there
  /// (unknown, deleted, expired, or put by other projects only): their originals must be put again.
  virtual base::Result<std::vector<std::string>> touch(std::span<const std::string> ids, std::string_view project) = 0;
  base::Result<std::vector<std::string>> touch(std::span<const std::string> ids) { return touch(ids, {}); }
  /// Really deletes (the bytes are gone from the file), with what the same file says of decisions that name it, as
  /// they hold parts of it; false if there was nothing. kUnavailable: gone from the store, but
  /// another process's reading keeps the bytes in the file until the next sweep.
  virtual base::Result<bool> erase(std::string_view id) = 0;
  /// Deletes what Retention says has expired or does not fit; gives the number deleted. Called by the owner from time
  /// to time.
  virtual base::Result<std::int64_t> sweep() = 0;
  virtual base::Result<StoreStats> stats(Scope scope) = 0;
  base::Result<StoreStats> stats() { return stats(kEveryProject); }
};

/// For tests and for --stateless. `clock` must outlive the store.
std::unique_ptr<OriginalStore> make_memory_store(Retention retention, const base::Clock& clock);

/// SQLite in WAL mode at `path`: file 0600, a missing folder is made 0700, other processes may share it, under the same
/// key. kIo and kInvalidArgument say why not.
base::Result<std::unique_ptr<OriginalStore>> open_sqlite_store(const std::string& path, Retention retention,
                                                               const base::Clock& clock, Sealing sealing = {});

}  // namespace headroom::store
