#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "store/decision_store.h"
#include "store/sealing.h"
#include "store/sqlite.h"

namespace headroom::store {
namespace {

using base::Result;

enum Sql : std::size_t {
  kLastUse,
  kUse,
  kCacheIsUsed,
  kFind,
  kPut,
  kRevisions,
  kAddRevision,
  kFindRevision,
  kOld,
  kDropDecisions,
  kDropRevisions,
  kDropConversation
};
constexpr std::array<const char*, 12> kStatements = {
    "SELECT used_ms, requests, unused_cache FROM conversations WHERE key = ?1",
    "INSERT INTO conversations(key, used_ms, requests, unused_cache, project) VALUES(?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT(key) DO UPDATE SET used_ms = max(used_ms, ?2), requests = requests + ?3,"
    " unused_cache = CASE WHEN unused_cache < 0 OR ?4 < 0 THEN -1 ELSE max(unused_cache, ?4) END",
    "UPDATE conversations SET unused_cache = -1 WHERE key = ?1",
    "SELECT value FROM decisions WHERE conversation = ?1 AND place = ?2",
    "INSERT OR IGNORE INTO decisions(conversation, place, value) VALUES(?1, ?2, ?3)",
    "SELECT place, value FROM revisions WHERE conversation = ?1 ORDER BY seq",
    "INSERT OR IGNORE INTO revisions(conversation, place, value) VALUES(?1, ?2, ?3)",
    "SELECT value FROM revisions WHERE conversation = ?1 AND place = ?2",
    "SELECT key FROM conversations WHERE used_ms < ?1 OR seq IN"
    " (SELECT seq FROM conversations ORDER BY used_ms DESC LIMIT -1 OFFSET ?2) LIMIT 64",
    "DELETE FROM decisions WHERE conversation = ?1",
    "DELETE FROM revisions WHERE conversation = ?1",
    "DELETE FROM conversations WHERE key = ?1",
};

class SqliteDecisions final : public DecisionStore {
 public:
  SqliteDecisions(Connection connection, std::vector<Statement> statements, DecisionRetention retention,
                  const base::Clock& clock, Sealing sealing)
      : retention_(retention),
        clock_(clock),
        sealing_(std::move(sealing)),
        connection_(std::move(connection)),
        statements_(std::move(statements)) {}

  Result<ConversationUse> use(std::string_view conversation, std::string_view project) override {
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock_.now_ms();
    if (const auto seen = seen_.find(conversation); seen != seen_.end()) {
      Seen& known = seen->second;
      const std::int64_t idle = now - known.used_ms;
      if (idle >= 0 && now - known.noted_ms < ConversationUse::kLateNoteMs) {
        known.used_ms = now;
        ++known.unnoted;
        return ConversationUse{idle, ++known.requests, known.unused_cache};
      }
    }
    return note_use(conversation, project, now);
  }

  Result<ConversationUse> last_use(std::string_view conversation) override {
    const std::lock_guard lock(mutex_);
    const auto seen = seen_.find(conversation);
    return noted_use(conversation, clock_.now_ms(), seen != seen_.end() ? seen->second : Seen{});
  }

  Result<void> note_cache(std::string_view conversation, bool used) override {
    const std::lock_guard lock(mutex_);
    const auto seen = seen_.find(conversation);
    if (seen == seen_.end()) return used ? note_used(conversation) : Result<void>{};
    std::int64_t& unused = seen->second.unused_cache;
    const bool doubted = unused > 0;
    if (used) unused = -1;
    if (unused >= 0) ++unused;
    // Others may rely on what was noted until now.
    return used && doubted ? note_used(conversation) : Result<void>{};
  }

  Result<std::vector<std::string>> find(std::string_view conversation, std::span<const std::string> places) override {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> values(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      Query query(statements_[kFind]);
      query.bind_blob(conversation).bind_blob(places[i]);
      auto row = query.step();
      if (!row) return std::unexpected(std::move(row.error()));
      if (!*row) continue;
      auto value = open_value(sealing_, query.blob_at(0), about(conversation, places[i]));
      if (!value) return std::unexpected(std::move(value.error()));
      values[i] = *std::move(value);
    }
    return values;
  }

  Result<std::vector<std::string>> put(std::string_view conversation, std::span<const DecisionRow> rows) override {
    if (rows.empty()) return std::vector<std::string>{};
    const std::lock_guard lock(mutex_);
    auto transaction = Transaction::begin(connection_);
    if (!transaction) return std::unexpected(std::move(transaction.error()));
    std::vector<std::string> there(rows.size());
    bool lost = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto sealed = seal_value(sealing_, rows[i].value, about(conversation, rows[i].place));
      if (!sealed) return std::unexpected(sealed.error());
      Query add(statements_[kPut]);
      add.bind_blob(conversation).bind_blob(rows[i].place).bind_blob(*sealed);
      if (auto done = add.run(); !done) return std::unexpected(std::move(done.error()));
      if (connection_.changes() > 0) continue;
      Query find(statements_[kFind]);
      auto row = find.bind_blob(conversation).bind_blob(rows[i].place).step();
      if (!row) return std::unexpected(std::move(row.error()));
      if (*row) {
        auto value = open_value(sealing_, find.blob_at(0), about(conversation, rows[i].place));
        if (!value) return std::unexpected(std::move(value.error()));
        there[i] = *std::move(value);
      }
      lost = lost || there[i] != rows[i].value;
    }
    if (lost) return there;  // what was added is rolled back
    if (auto done = transaction->commit(); !done) return std::unexpected(std::move(done.error()));
    return std::vector<std::string>{};
  }

  Result<std::vector<DecisionRow>> revisions(std::string_view conversation) override {
    const std::lock_guard lock(mutex_);
    std::vector<DecisionRow> rows;
    Query query(statements_[kRevisions]);
    query.bind_blob(conversation);
    auto row = query.step();
    for (; row && *row; row = query.step()) {
      auto value = open_value(sealing_, query.blob_at(1), about(conversation, query.blob_at(0)));
      if (!value) return std::unexpected(std::move(value.error()));
      rows.push_back({std::string(query.blob_at(0)), *std::move(value)});
    }
    if (!row) return std::unexpected(std::move(row.error()));
    return rows;
  }

  Result<std::string> add_revision(std::string_view conversation, const DecisionRow& row) override {
    const std::lock_guard lock(mutex_);
    const auto sealed = seal_value(sealing_, row.value, about(conversation, row.place));
    if (!sealed) return std::unexpected(sealed.error());
    Query add(statements_[kAddRevision]);
    if (auto done = add.bind_blob(conversation).bind_blob(row.place).bind_blob(*sealed).run(); !done) {
      return std::unexpected(std::move(done.error()));
    }
    Query query(statements_[kFindRevision]);
    query.bind_blob(conversation).bind_blob(row.place);
    auto found = query.step();
    if (!found) return std::unexpected(std::move(found.error()));
    if (!*found) return row.value;
    return open_value(sealing_, query.blob_at(0), about(conversation, row.place));
  }

  Result<std::int64_t> sweep() override {
    std::int64_t dropped = 0;
    for (;;) {  // in slices, so that no request waits for long
      auto some = sweep_some();
      if (!some) return some;
      dropped += *some;
      if (*some == 0) return dropped;
    }
  }

 private:
  /// What this process knows of a conversation that it has seen lately.
  struct Seen {
    std::int64_t used_ms = 0;
    std::int64_t noted_ms = 0;  ///< when its row was written
    std::int64_t requests = 0;
    std::int64_t unnoted = 0;  ///< of them, those since then
    std::int64_t unused_cache = 0;
  };

  /// What a value is sealed for: it is of no use in another place.
  std::string about(std::string_view conversation, std::string_view place) const {
    if (sealing_.cipher == nullptr) return {};
    return std::string(conversation).append(place);
  }

  Result<void> note_used(std::string_view conversation) {
    return Query(statements_[kCacheIsUsed]).bind_blob(conversation).run();
  }

  /// Reads what all processes have noted, and writes what this one has to add.
  Result<ConversationUse> note_use(std::string_view conversation, std::string_view project, std::int64_t now) {
    static constexpr std::size_t kMostSeen = 4096;
    if (seen_.size() >= kMostSeen) seen_.clear();  // the rows know almost as much
    Seen& seen = seen_[std::string(conversation)];
    auto use = noted_use(conversation, now, seen);
    if (!use) return use;
    Query note(statements_[kUse]);
    note.bind_blob(conversation).bind(now).bind(seen.unnoted + 1).bind(use->unused_cache).bind(project);
    if (auto done = note.run(); !done) return std::unexpected(std::move(done.error()));
    seen = {now, now, use->requests, 0, use->unused_cache};
    return use;
  }

  /// What the file and this process know. mutex_ is held.
  Result<ConversationUse> noted_use(std::string_view conversation, std::int64_t now, const Seen& seen) {
    ConversationUse use;
    Query last(statements_[kLastUse]);
    last.bind_blob(conversation);
    auto row = last.step();
    if (!row) return std::unexpected(std::move(row.error()));
    if (*row) {
      use.idle_ms = std::max<std::int64_t>(0, now - last.int64_at(0) - ConversationUse::kLateNoteMs);
      if (seen.used_ms > 0) use.idle_ms = std::clamp<std::int64_t>(now - seen.used_ms, 0, use.idle_ms);
      use.requests = last.int64_at(1) + seen.unnoted + 1;
      use.unused_cache = last.int64_at(2);
    }
    const bool used = seen.unused_cache < 0 || use.unused_cache < 0;
    use.unused_cache = used ? -1 : std::max(seen.unused_cache, use.unused_cache);
    return use;
  }

  Result<std::int64_t> sweep_some() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> keys;
    {
      Query old(statements_[kOld]);
      old.bind(clock_.now_ms() - retention_.idle_ttl_ms).bind(retention_.max_conversations);
      auto row = old.step();
      for (; row && *row; row = old.step()) keys.emplace_back(old.blob_at(0));
      if (!row) return std::unexpected(std::move(row.error()));
    }
    if (keys.empty()) return 0;
    auto transaction = Transaction::begin(connection_);
    if (!transaction) return std::unexpected(std::move(transaction.error()));
    for (const std::string& key : keys) {
      for (const Sql statement : {kDropDecisions, kDropRevisions, kDropConversation}) {
        if (auto done = Query(statements_[statement]).bind_blob(key).run(); !done) {
          return std::unexpected(std::move(done.error()));
        }
      }
    }
    if (auto done = transaction->commit(); !done) return std::unexpected(std::move(done.error()));
    return static_cast<std::int64_t>(keys.size());
  }

  const DecisionRetention retention_;
  const base::Clock& clock_;
  const Sealing sealing_;
  std::mutex mutex_;
  Connection connection_;  // guarded by mutex_, as what is prepared on it
  std::vector<Statement> statements_;
  std::map<std::string, Seen, std::less<>> seen_;  // guarded by mutex_
};

}  // namespace

Result<std::unique_ptr<DecisionStore>> open_sqlite_decisions(const std::string& path, DecisionRetention retention,
                                                             const base::Clock& clock, Sealing sealing) {
  auto connection = Connection::open(path);
  if (!connection) return std::unexpected(std::move(connection.error()));
  if (auto fits = check_sealing(*connection, sealing); !fits) return std::unexpected(std::move(fits.error()));
  auto statements = connection->prepare_all(kStatements);
  if (!statements) return std::unexpected(std::move(statements.error()));
  return std::make_unique<SqliteDecisions>(std::move(*connection), std::move(*statements), retention, clock,
                                           std::move(sealing));
}

}  // namespace headroom::store
