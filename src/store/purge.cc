#include "store/purge.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>
#include <thread>

#include "store/decision_store.h"
#include "store/original_store.h"
#include "store/sqlite.h"

namespace headroom::store {
namespace {

constexpr int kTruncateWaitMs = 2000;

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

base::Result<void> purge_originals(const std::string& path, std::int64_t ttl_ms, const base::Clock& clock,
                                   Purged& purged) {
  Retention retention;
  retention.idle_ttl_ms = ttl_ms;
  retention.absolute_ttl_ms = 0;
  retention.max_bytes = std::numeric_limits<std::int64_t>::max();
  auto store = open_sqlite_store(path, retention, clock);
  if (!store) return std::unexpected(store.error());
  const auto before = (*store)->stats();
  if (!before) return std::unexpected(before.error());
  auto swept = (*store)->sweep();
  if (!swept) return std::unexpected(swept.error());
  const auto after = (*store)->stats();
  if (!after) return std::unexpected(after.error());
  purged.originals = *swept;
  purged.bytes = std::max<std::int64_t>(before->bytes - after->bytes, 0);
  auto decisions = open_sqlite_decisions(
      path, {.idle_ttl_ms = ttl_ms, .max_conversations = std::numeric_limits<std::int64_t>::max()}, clock);
  if (!decisions) return std::unexpected(decisions.error());
  auto conversations = (*decisions)->sweep();
  if (!conversations) return std::unexpected(conversations.error());
  purged.conversations = *conversations;
  return {};
}

// Free pages go back to the file system, and no deleted byte stays in the WAL unless somebody reads it just now.
base::Result<void> give_back_room(Connection& connection) {
  if (auto done = connection.execute("PRAGMA incremental_vacuum"); !done) return done;
  auto truncated = connection.truncate_wal(kTruncateWaitMs);
  if (!truncated) return std::unexpected(truncated.error());
  return {};
}

base::Result<void> purge_ledger(const std::string& path, std::int64_t before_ms, Purged& purged) {
  auto connection = Connection::open(path);
  if (!connection) return std::unexpected(connection.error());
  auto statement = connection->prepare("DELETE FROM ledger WHERE time_ms < ?1");
  if (!statement) return std::unexpected(statement.error());
  if (auto done = Query(*statement).bind(before_ms).run(); !done) return done;
  purged.ledger_rows = connection->changes();
  return give_back_room(*connection);
}

}  // namespace

base::Result<Purged> purge(const std::string& originals_path, const std::string& ledger_path,
                           std::int64_t older_than_ms, const base::Clock& clock) {
  // A use in this very millisecond is one to be purged, too, when everything is.
  if (older_than_ms == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const std::int64_t ttl_ms = std::max<std::int64_t>(older_than_ms, 1);
  Purged purged;
  if (exists(originals_path)) {
    if (auto done = purge_originals(originals_path, ttl_ms, clock, purged); !done) return std::unexpected(done.error());
    auto connection = Connection::open(originals_path);
    if (!connection) return std::unexpected(connection.error());
    if (auto done = give_back_room(*connection); !done) return std::unexpected(done.error());
  }
  if (exists(ledger_path)) {
    const std::int64_t before_ms = clock.now_ms() - older_than_ms + (older_than_ms == 0 ? 1 : 0);
    if (auto done = purge_ledger(ledger_path, before_ms, purged); !done) return std::unexpected(done.error());
  }
  return purged;
}

}  // namespace headroom::store
