#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/hash.h"
#include "base/lru_cache.h"
#include "store/decision_store.h"
#include "store/late_writer.h"
#include "store/sealing.h"
#include "store/sqlite.h"
#include "store/sqlite_file.h"
#include "store/sqlite_uses.h"

namespace headroom::store {
namespace {

using base::Result;

enum Sql : std::size_t {
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
constexpr std::array<const char*, 9> kStatements = {
    "SELECT value FROM decisions WHERE conversation = ?1 AND place = ?2",
    kPutDecision,
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
  SqliteDecisions(std::shared_ptr<SqliteFile> file, FileStatements statements, SqliteUses uses,
                  DecisionRetention retention, const base::Clock& clock, Sealing sealing)
      : retention_(retention),
        clock_(clock),
        sealing_(std::move(sealing)),
        file_(std::move(file)),
        mutex_(file_->mutex()),
        connection_(file_->connection()),
        statements_(std::move(statements)),
        uses_(std::move(uses)),
        writer_(mutex_, [this] { return uses_.waiting(); }, [this] { return uses_.write_some().has_value(); }) {}

  ~SqliteDecisions() override {
    const std::lock_guard lock(mutex_);
    uses_.queue_all();  // for the writer, which ends now
  }
  SqliteDecisions(const SqliteDecisions&) = delete;
  SqliteDecisions& operator=(const SqliteDecisions&) = delete;

  Result<ConversationUse> use(std::string_view conversation, std::string_view project) override {
    const std::lock_guard lock(mutex_);
    const std::size_t waited = uses_.waiting();
    auto use = uses_.use(conversation, project, clock_.now_ms());
    if (uses_.waiting() > waited) writer_.more_waits(waited);
    return use;
  }

  Result<ConversationUse> last_use(std::string_view conversation) override {
    const std::lock_guard lock(mutex_);
    return uses_.last_use(conversation, clock_.now_ms());
  }

  Result<void> note_cache(std::string_view conversation, bool used) override {
    const std::lock_guard lock(mutex_);
    return uses_.note_cache(conversation, used);
  }

  Result<void> flush() override {
    const std::lock_guard lock(mutex_);
    uses_.queue_all();
    while (uses_.waiting() > 0) {
      if (auto done = uses_.write_some(); !done) return done;
    }
    return {};
  }

  Result<std::vector<std::string>> find(std::string_view conversation, std::span<const std::string> places) override {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> values(places.size());
    std::optional<Reading> reading;
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (const auto late = uses_.find_late(conversation, places[i])) {
        if (late->empty()) continue;
        auto value = open_value(sealing_, *late, about(conversation, places[i]));
        if (!value) return std::unexpected(std::move(value.error()));
        values[i] = *std::move(value);
        continue;
      }
      const auto key = key_of(conversation, places[i]);
      if (auto known = key ? read_.find(*key) : std::nullopt) {
        values[i] = std::move(known->front().value);
        continue;
      }
      if (!reading && places.size() > 1) {
        auto begun = Reading::begin(connection_);
        if (!begun) return std::unexpected(std::move(begun.error()));
        reading.emplace(*std::move(begun));
      }
      Query query(statements_[kFind]);
      query.bind_blob(conversation).bind_blob(places[i]);
      auto row = query.step();
      if (!row) return std::unexpected(std::move(row.error()));
      if (!*row) continue;
      auto value = open_value(sealing_, query.blob_at(0), about(conversation, places[i]));
      if (!value) return std::unexpected(std::move(value.error()));
      values[i] = *std::move(value);
      if (key && values[i].size() <= kLargestKept) keep_read(*key, {{places[i], values[i]}});
    }
    return values;
  }

  Result<std::vector<std::string>> put(std::string_view conversation, std::span<const DecisionRow> rows) override {
    if (rows.empty()) return std::vector<std::string>{};
    std::vector<std::string> sealed;
    for (const DecisionRow& row : rows) {  // before others are kept out
      auto value = seal_value(file_->packer(), sealing_, row.value, about(conversation, row.place));
      if (!value) return std::unexpected(std::move(value.error()));
      sealed.push_back(*std::move(value));
    }
    const std::lock_guard lock(mutex_);
    auto transaction = Transaction::begin(connection_);
    if (!transaction) return std::unexpected(std::move(transaction.error()));
    if (auto done = uses_.write_row(conversation, clock_.now_ms()); !done)
      return std::unexpected(std::move(done.error()));
    std::vector<std::string> there(rows.size());
    bool lost = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Query add(statements_[kPut]);
      add.bind_blob(conversation).bind_blob(rows[i].place).bind_blob(sealed[i]);
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
    if (auto done = commit(*transaction, sealed); !done) return std::unexpected(std::move(done.error()));
    uses_.wrote_row(conversation);
    for (const DecisionRow& row : rows) uses_.wrote_decision(conversation, row.place);
    return std::vector<std::string>{};
  }

  Result<void> put_late(std::string_view conversation, const DecisionRow& row) override {
    {
      const auto sealed = seal_value(file_->packer(), sealing_, row.value, about(conversation, row.place));
      if (!sealed) return std::unexpected(sealed.error());
      const std::lock_guard lock(mutex_);
      if (uses_.put_late(conversation, row.place, *sealed)) return {};
    }
    return DecisionStore::put_late(conversation, row);
  }

  Result<std::vector<DecisionRow>> revisions(std::string_view conversation) override {
    const std::lock_guard lock(mutex_);
    std::vector<DecisionRow> rows;
    if (uses_.has_no_revision(conversation)) return rows;
    const auto key = key_of(conversation, kAllRevisions);
    if (auto known = key ? read_.find(*key) : std::nullopt) return *std::move(known);
    Query query(statements_[kRevisions]);
    query.bind_blob(conversation);
    auto row = query.step();
    for (; row && *row; row = query.step()) {
      auto value = open_value(sealing_, query.blob_at(1), about(conversation, query.blob_at(0)));
      if (!value) return std::unexpected(std::move(value.error()));
      rows.push_back({std::string(query.blob_at(0)), *std::move(value)});
    }
    if (!row) return std::unexpected(std::move(row.error()));
    if (key) keep_read(*key, rows);
    return rows;
  }

  Result<std::string> add_revision(std::string_view conversation, const DecisionRow& row) override {
    const auto sealed = seal_value(file_->packer(), sealing_, row.value, about(conversation, row.place));
    if (!sealed) return std::unexpected(sealed.error());
    const std::lock_guard lock(mutex_);
    if (auto done = add_row(conversation, row, *sealed); !done) return std::unexpected(std::move(done.error()));
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
  static constexpr std::size_t kMostRead = 1 << 20, kLargestKept = 16 << 10, kOverhead = 256;  // bytes
  static constexpr std::string_view kAllRevisions = "revisions";

  /// In read_: another one after anything that may have made it untrue. Nothing: others' commits cannot be told.
  std::optional<std::uint64_t> key_of(std::string_view conversation, std::string_view place) const {
    const auto others = connection_.commits_of_others();
    if (!others) return std::nullopt;
    const std::uint64_t as_of = std::uint64_t{*others} << 32 | file_->erasures();
    return base::hash64(place, base::hash64(conversation, as_of));
  }

  /// What a value is sealed for: it is of no use in another place.
  std::string about(std::string_view conversation, std::string_view place) const {
    if (sealing_.cipher == nullptr) return {};
    return std::string(conversation).append(place);
  }

  Result<void> add_row(std::string_view conversation, const DecisionRow& row, std::string_view sealed) {
    const auto key = key_of(conversation, kAllRevisions);
    auto transaction = Transaction::begin(connection_);
    if (!transaction) return std::unexpected(std::move(transaction.error()));
    if (auto done = uses_.write_row(conversation, clock_.now_ms()); !done) return done;
    Query add(statements_[kAddRevision]);
    if (auto done = add.bind_blob(conversation).bind_blob(row.place).bind_blob(sealed).run(); !done) return done;
    const bool added = connection_.changes() > 0;
    if (auto done = commit(*transaction, std::array{std::string(sealed)}); !done) return done;
    uses_.wrote_row(conversation);
    uses_.wrote_revision(conversation);
    auto known = key && added ? read_.take(*key) : std::nullopt;
    if (!known) return {};
    known->push_back(row);
    keep_read(*key, *std::move(known));
    return {};
  }

  void keep_read(std::uint64_t key, std::vector<DecisionRow> rows) {
    std::size_t bytes = kOverhead;
    for (const DecisionRow& row : rows) bytes += kOverhead + row.value.size();
    read_.put(key, std::move(rows), bytes);
  }

  Result<void> commit(Transaction& transaction, std::span<const std::string> values) {
    std::int64_t bytes = SqliteFile::kPageBytes;  // of the conversation
    for (const std::string& value : values) bytes += static_cast<std::int64_t>(value.size()) + SqliteFile::kPageBytes;
    return file_->commit(transaction, bytes);
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
    file_->note_erasure();
    for (const std::string& key : keys) uses_.dropped_row(key);
    return static_cast<std::int64_t>(keys.size());
  }

  const DecisionRetention retention_;
  const base::Clock& clock_;
  const Sealing sealing_;
  const std::shared_ptr<SqliteFile> file_;
  std::mutex& mutex_;  // of the file; guards all below
  Connection& connection_;
  FileStatements statements_;
  base::LruCache<std::vector<DecisionRow>> read_{kMostRead};  // by key_of()
  SqliteUses uses_;
  LateWriter writer_;  // last: it uses all above
};

}  // namespace

Result<std::unique_ptr<DecisionStore>> open_sqlite_decisions(std::shared_ptr<SqliteFile> file,
                                                             DecisionRetention retention, const base::Clock& clock,
                                                             Sealing sealing) {
  {
    const std::lock_guard lock(file->mutex());
    auto fits = check_sealing(file->connection(), sealing);
    if (!fits) return std::unexpected(std::move(fits.error()));
  }
  auto statements = FileStatements::prepare(file, kStatements);
  if (!statements) return std::unexpected(std::move(statements.error()));
  auto uses = SqliteUses::prepare(file);
  if (!uses) return std::unexpected(std::move(uses.error()));
  return std::make_unique<SqliteDecisions>(std::move(file), *std::move(statements), *std::move(uses), retention, clock,
                                           std::move(sealing));
}

Result<std::unique_ptr<DecisionStore>> open_sqlite_decisions(const std::string& path, DecisionRetention retention,
                                                             const base::Clock& clock, Sealing sealing) {
  auto file = SqliteFile::open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  return open_sqlite_decisions(*std::move(file), retention, clock, std::move(sealing));
}

}  // namespace headroom::store
