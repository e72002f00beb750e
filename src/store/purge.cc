#include "store/purge.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>
#include <thread>

#include "store/decision_store.h"
#include "store/offer_record.h"
#include "store/original_store.h"
#include "store/sealing.h"
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
  auto store = open_sqlite_store(path, retention, clock, {.blind = true});
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
      path, {.idle_ttl_ms = ttl_ms, .max_conversations = std::numeric_limits<std::int64_t>::max()}, clock,
      {.blind = true});
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

// What of the originals goes, and what stays as others have put it, too.
constexpr const char* kDropContents =
    "DELETE FROM contents WHERE seq IN (SELECT seq FROM originals WHERE project = ?1 AND used_ms < ?2"
    " AND NOT EXISTS(SELECT 1 FROM also_of WHERE also_of.seq = originals.seq))";
constexpr const char* kDropOriginals =
    "DELETE FROM originals WHERE project = ?1 AND used_ms < ?2"
    " AND NOT EXISTS(SELECT 1 FROM also_of WHERE also_of.seq = originals.seq)";
constexpr const char* kDropOthers =
    "DELETE FROM also_of WHERE project = ?1 AND seq IN (SELECT seq FROM originals WHERE used_ms < ?2)";
constexpr const char* kHandOver =
    "UPDATE originals SET project = (SELECT project FROM also_of WHERE also_of.seq = originals.seq LIMIT 1)"
    " WHERE project = ?1 AND used_ms < ?2";
constexpr const char* kTidy =
    "DELETE FROM also_of WHERE project = (SELECT project FROM originals WHERE originals.seq = also_of.seq)";
constexpr const char* kDropDecisions =
    "DELETE FROM decisions WHERE conversation IN (SELECT key FROM conversations WHERE project = ?1 AND used_ms < ?2)";
constexpr const char* kDropRevisions =
    "DELETE FROM revisions WHERE conversation IN (SELECT key FROM conversations WHERE project = ?1 AND used_ms < ?2)";
constexpr const char* kDropOffers = "DELETE FROM offered WHERE project = ?1 AND offered_ms < ?2";
constexpr const char* kDropConversations = "DELETE FROM conversations WHERE project = ?1 AND used_ms < ?2";

struct ProjectPurge {
  Connection& connection;
  std::string_view project;
  std::int64_t before_ms;

  // Gives the number of rows deleted.
  base::Result<std::int64_t> run(const char* sql) const {
    auto statement = connection.prepare(sql);
    if (!statement) return std::unexpected(statement.error());
    if (auto done = Query(*statement).bind(project).bind(before_ms).run(); !done) return std::unexpected(done.error());
    return connection.changes();
  }
  base::Result<std::int64_t> bytes() const {
    auto statement = connection.prepare(
        "SELECT coalesce(sum(max(bytes, 0)), 0) FROM originals WHERE project = ?1 AND used_ms < ?2"
        " AND NOT EXISTS(SELECT 1 FROM also_of WHERE also_of.seq = originals.seq)");
    if (!statement) return std::unexpected(statement.error());
    Query query(*statement);
    auto row = query.bind(project).bind(before_ms).step();
    if (!row) return std::unexpected(row.error());
    return query.int64_at(0);
  }
};

base::Result<void> purge_project(Connection& connection, std::string_view project, std::int64_t before_ms,
                                 Purged& purged) {
  const ProjectPurge purge{connection, project, before_ms};
  auto transaction = Transaction::begin(connection);
  if (!transaction) return std::unexpected(transaction.error());
  const auto bytes = purge.bytes();
  if (!bytes) return std::unexpected(bytes.error());
  purged.bytes = *bytes;
  const auto step = [&](const char* sql, std::int64_t* count = nullptr) -> base::Result<void> {
    const auto rows = purge.run(sql);
    if (!rows) return std::unexpected(rows.error());
    if (count != nullptr) *count = *rows;
    return {};
  };
  for (const char* sql : {kDropDecisions, kDropRevisions, kDropOffers}) {
    if (auto done = step(sql); !done) return done;
  }
  if (auto done = step(kDropConversations, &purged.conversations); !done) return done;
  if (auto done = step(kDropContents); !done) return done;
  if (auto done = step(kDropOriginals, &purged.originals); !done) return done;
  for (const char* sql : {kDropOthers, kHandOver}) {
    if (auto done = step(sql); !done) return done;
  }
  if (auto done = connection.execute(kTidy); !done) return done;
  return transaction->commit();
}

base::Result<void> purge_ledger(const std::string& path, std::int64_t before_ms, Scope scope, Purged& purged) {
  auto connection = Connection::open(path);
  if (!connection) return std::unexpected(connection.error());
  auto statement = connection->prepare("DELETE FROM ledger WHERE time_ms < ?1 AND (?2 OR project = ?3)");
  if (!statement) return std::unexpected(statement.error());
  if (auto done = Query(*statement).bind(before_ms).bind(!scope).bind(scope.value_or("")).run(); !done) return done;
  purged.ledger_rows = connection->changes();
  return give_back_room(*connection);
}

}  // namespace

base::Result<Purged> purge(const std::string& originals_path, const std::string& ledger_path,
                           std::int64_t older_than_ms, Scope scope, const base::Clock& clock) {
  // A use in this very millisecond is one to be purged, too, when everything is.
  if (older_than_ms == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const std::int64_t ttl_ms = std::max<std::int64_t>(older_than_ms, 1);
  Purged purged;
  if (exists(originals_path)) {
    if (!scope) {
      auto done = purge_originals(originals_path, ttl_ms, clock, purged);
      if (!done) return std::unexpected(done.error());
    }
    auto connection = Connection::open(originals_path);
    if (!connection) return std::unexpected(connection.error());
    if (scope) {
      auto done = purge_project(*connection, *scope, clock.now_ms() - ttl_ms + 1, purged);
      if (!done) return std::unexpected(done.error());
    }
    if (!scope) {
      auto offers = open_sqlite_offers(originals_path, {.keep_ms = ttl_ms}, clock);
      if (!offers) return std::unexpected(offers.error());
      if (auto done = (*offers)->sweep(); !done) return std::unexpected(done.error());
    }
    if (!scope && older_than_ms == 0) {
      // Also what hangs on no conversation.
      auto done = connection->execute("DELETE FROM decisions; DELETE FROM revisions");
      if (!done) return std::unexpected(done.error());
    }
    if (auto done = forget_sealing(*connection); !done) return std::unexpected(done.error());
    if (auto done = give_back_room(*connection); !done) return std::unexpected(done.error());
  }
  if (exists(ledger_path)) {
    const std::int64_t before_ms = clock.now_ms() - older_than_ms + (older_than_ms == 0 ? 1 : 0);
    if (auto done = purge_ledger(ledger_path, before_ms, scope, purged); !done) return std::unexpected(done.error());
  }
  return purged;
}

}  // namespace headroom::store
