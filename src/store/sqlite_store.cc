#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/hash.h"
#include "store/known_originals.h"
#include "store/original_checks.h"
#include "store/original_store.h"
#include "store/packing.h"
#include "store/retention.h"
#include "store/sealing.h"
#include "store/sqlite.h"
#include "store/sqlite_file.h"

namespace headroom::store {
namespace {

using base::ErrorCode;
using base::Result;

enum Sql : std::size_t {
  kInsert,
  kInsertContent,
  kReplaceContent,
  kMarkDamaged,
  kMarkWhole,
  kFind,
  kRefresh,
  kJoin,
  kGet,
  kCountRetrieval,
  kUses,
  kTouch,
  kErase,
  kAges,
  kDelete,
  kDeleteContent,
  kDeleteProjects,
  kForgetDecisions,
  kForgetRevisions,
  kForgetOffers,
  kStats
};

// `bytes` of one whose content is damaged is -1. Deleting from `originals` is always paired with deleting the content
// in the same transaction.
constexpr std::array<const char*, 21> kStatements = {
    "INSERT INTO originals(id, content_type, tool_name, tokens, bytes, created_ms, used_ms, retrievals, project)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6, 0, ?7) ON CONFLICT(id) DO NOTHING",
    "INSERT INTO contents(seq, checksum, content) VALUES(?1, ?2, ?3)",
    "UPDATE contents SET checksum = ?2, content = ?3 WHERE seq = ?1",
    "UPDATE originals SET bytes = -1 WHERE seq = ?1",
    "UPDATE originals SET bytes = ?2 WHERE seq = ?1",
    "SELECT seq, content, used_ms, created_ms, project, checksum, bytes FROM originals JOIN contents USING(seq) WHERE "
    "id = ?1",
    // Alive: used again. Expired but not swept yet: begins anew.
    "UPDATE originals SET used_ms = max(used_ms, ?2), retrievals = iif(?3, retrievals, 0),"
    " created_ms = iif(?3, created_ms, ?2), project = iif(?3, project, ?4) WHERE seq = ?1",
    "INSERT OR IGNORE INTO also_of(seq, project) VALUES(?1, ?2)",
    // Every hex digit sorts before 'g', so this range is what begins with the prefix.
    "SELECT seq, id, content_type, tool_name, tokens, created_ms, used_ms, retrievals, checksum, content, project"
    " FROM originals JOIN contents USING(seq)"
    " WHERE id >= ?1 AND id < ?1 || 'g' AND used_ms > ?2 AND created_ms > ?3 AND (?4 OR project = ?5 OR"
    " EXISTS(SELECT 1 FROM also_of WHERE also_of.seq = originals.seq AND also_of.project = ?5)) LIMIT 2",
    "UPDATE originals SET used_ms = max(used_ms, ?2), retrievals = retrievals + 1 WHERE seq = ?1",
    "SELECT created_ms, used_ms FROM originals WHERE id = ?1 AND used_ms > ?2 AND created_ms > ?3 AND bytes >= 0 AND"
    " (project = ?4 OR"
    " EXISTS(SELECT 1 FROM also_of WHERE also_of.seq = originals.seq AND also_of.project = ?4))",
    "UPDATE originals SET used_ms = max(used_ms, ?2) WHERE id = ?1 AND used_ms > ?3 AND created_ms > ?4 AND (project = "
    "?5 OR"
    " EXISTS(SELECT 1 FROM also_of WHERE also_of.seq = originals.seq AND also_of.project = ?5))",
    "DELETE FROM originals WHERE id = ?1 RETURNING seq",
    "SELECT seq, max(bytes, 0), created_ms, used_ms FROM originals",
    "DELETE FROM originals WHERE seq = ?1 AND used_ms = ?2",
    "DELETE FROM contents WHERE seq = ?1",
    "DELETE FROM also_of WHERE seq = ?1",
    // What was decided holds parts of the originals whose IDs it names (docs/FORMATS.md).
    "DELETE FROM decisions WHERE instr(value, ?1) > 0",
    "DELETE FROM revisions WHERE instr(value, ?1) > 0",
    "DELETE FROM offered WHERE id = ?1",
    "SELECT count(*), coalesce(sum(max(bytes, 0)), 0), coalesce(sum(tokens), 0), coalesce(sum(retrievals), 0) FROM "
    "originals"
    " WHERE ?1 OR project = ?2 OR EXISTS(SELECT 1 FROM also_of WHERE also_of.seq = originals.seq AND also_of.project = "
    "?2)",
};

// How exact the time of the last use is kept by touch().
constexpr std::int64_t kFreshMs = 60'000;

// A sweep gives the connection free between slices, so that a put never waits for a long one.
constexpr std::size_t kSweepSlice = 32;
constexpr int kVacuumPages = 256;
// Emptying the WAL keeps other writers out while it waits for readers, so these are far below Connection::kBusyMs.
constexpr int kEraseWaitMs = 500;
constexpr int kSweepWaitMs = 50;

std::int64_t checksum(std::string_view content) {
  return static_cast<std::int64_t>(XXH3_64bits(content.data(), content.size()));
}

class SqliteStore final : public OriginalStore, private WrittenAlong {
 public:
  static Result<std::unique_ptr<OriginalStore>> open(std::shared_ptr<SqliteFile> file, Retention retention,
                                                     const base::Clock& clock, Sealing sealing) {
    auto statements = FileStatements::prepare(file, kStatements);
    if (!statements) return std::unexpected(std::move(statements.error()));
    return std::unique_ptr<OriginalStore>(
        new SqliteStore(std::move(file), *std::move(statements), retention, clock, std::move(sealing)));
  }

  Result<void> put(std::span<const Original> originals) override {
    if (auto valid = check_originals(originals); !valid) return valid;
    if (originals.empty()) return {};
    std::vector<std::string> contents;
    std::int64_t bytes = 0;
    for (const Original& original : originals) {  // before others are kept out
      auto stored = stored_form(original);
      if (!stored) return std::unexpected(std::move(stored.error()));
      bytes += static_cast<std::int64_t>(stored->size()) + SqliteFile::kPageBytes;
      contents.push_back(*std::move(stored));
    }
    const std::lock_guard lock(mutex_);
    known_.as_of(connection_.commits_of_others());
    auto transaction = Transaction::begin(connection_);
    if (!transaction) return std::unexpected(std::move(transaction.error()));
    const std::int64_t now = clock_.now_ms();
    std::vector<const Original*> added;
    for (std::size_t i = 0; i < originals.size(); ++i) {
      const auto is_new = put_one(originals[i], contents[i], now);
      if (!is_new) return std::unexpected(is_new.error());
      if (*is_new) added.push_back(&originals[i]);
    }
    if (auto done = file_->commit(*transaction, bytes); !done) return done;
    for (const Original* const original : added) known_.add(original->id, original->project, now, now);
    return {};
  }

  void announce(std::span<const Original> originals) override {
    if (!check_originals(originals)) return;
    std::vector<Announced> announced;
    for (const Original* const original : not_known(originals)) {
      auto stored = stored_form(*original);
      if (!stored) continue;
      announced.push_back({.row = without_content(*original),
                           .bytes = static_cast<std::int64_t>(original->content.size()),
                           .checksum = checksum(original->content),
                           .stored = *std::move(stored)});
    }
    const std::lock_guard lock(mutex_);
    for (Announced& one : announced) {
      if (announced_bytes_ + one.stored.size() > kMostAnnounced) return;
      announced_bytes_ += one.stored.size();
      announced_.push_back(std::move(one));
    }
  }

  Result<Original> get(std::string_view id_prefix, Scope scope) override {
    if (auto valid = check_id_prefix(id_prefix); !valid) return std::unexpected(std::move(valid.error()));
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock_.now_ms();
    std::int64_t seq = 0;
    auto found = find_one(id_prefix, scope, now, seq);
    if (!found && found.error().code == ErrorCode::kIo && seq != 0) mark_damaged(seq);
    if (!found) return found;
    found->used_ms = std::max(found->used_ms, now);
    ++found->retrievals;
    // The bytes are there: that the use cannot be noted (a full disk) is no reason to keep them back.
    (void)Query(statements_[kCountRetrieval]).bind(seq).bind(now).run();
    return found;
  }

  Result<std::vector<std::string>> touch(std::span<const std::string> ids, std::string_view project) override {
    std::vector<std::string> missing;
    if (ids.empty()) return missing;
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock_.now_ms();
    const ExpiryFloor floor = expiry_floor(retention_, now);
    // A conversation names all its originals in each request: only those used longer ago cost a write.
    const std::int64_t fresh = std::max(floor.idle, now - std::min(kFreshMs, retention_.live_ms / 4));
    const auto stale = used_before(ids, fresh, floor, project, missing);
    if (!stale) return std::unexpected(stale.error());
    if (stale->empty()) return missing;
    auto transaction = Transaction::begin(connection_);
    if (!transaction) return std::unexpected(std::move(transaction.error()));
    for (const std::string& id : *stale) {
      Query query(statements_[kTouch]);
      query.bind(std::string_view(id)).bind(now).bind(floor.idle).bind(floor.absolute).bind(project);
      if (auto done = query.run(); !done) return std::unexpected(std::move(done.error()));
      if (connection_.changes() == 0) missing.push_back(id);
    }
    auto committed = file_->commit(*transaction, static_cast<std::int64_t>(stale->size()) * SqliteFile::kPageBytes);
    if (!committed) return std::unexpected(std::move(committed.error()));
    return missing;
  }

  Result<bool> erase(std::string_view id) override {
    if (auto valid = check_id(id); !valid) return std::unexpected(std::move(valid.error()));
    const std::lock_guard lock(mutex_);
    known_.forget();
    // What is left of their size only bounds how many are announced, until they are written.
    std::erase_if(announced_, [id](const Announced& one) { return one.row.id == id; });
    file_->note_erasure();
    auto erased = erase_rows(id);
    if (!erased || !*erased) return erased;
    auto vacuumed = connection_.execute("PRAGMA incremental_vacuum");
    if (!vacuumed) return std::unexpected(std::move(vacuumed.error()));
    auto truncated = connection_.truncate_wal(kEraseWaitMs);
    if (!truncated) return std::unexpected(std::move(truncated.error()));
    if (*truncated) return true;
    return base::fail(ErrorCode::kUnavailable,
                      fmt::format("original {} is deleted, but another process is reading {}, so its bytes stay in the "
                                  "-wal file until the next sweep",
                                  id, connection_.path()));
  }

  Result<std::int64_t> sweep() override {
    auto doomed = plan();
    if (!doomed) return std::unexpected(std::move(doomed.error()));
    std::int64_t deleted = 0;
    for (std::size_t begin = 0; begin < doomed->size(); begin += kSweepSlice) {
      const auto slice = std::span(*doomed).subspan(begin, std::min(kSweepSlice, doomed->size() - begin));
      auto done = delete_slice(slice);
      if (!done) return done;
      deleted += *done;
    }
    if (auto freed = give_back_room(); !freed) return std::unexpected(std::move(freed.error()));
    return deleted;
  }

  Result<StoreStats> stats(Scope scope) override {
    const std::lock_guard lock(mutex_);
    Query query(statements_[kStats]);
    query.bind(!scope).bind(scope.value_or(std::string_view()));
    auto row = query.step();
    if (!row) return std::unexpected(std::move(row.error()));
    return StoreStats{query.int64_at(0), query.int64_at(1), query.int64_at(2), query.int64_at(3), "sqlite"};
  }

  ~SqliteStore() override {
    const std::lock_guard lock(mutex_);
    file_->write_along(nullptr);
  }
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

 private:
  /// Those that are there but were last used before `fresh`; `missing` takes those that are not there.
  Result<std::vector<std::string>> used_before(std::span<const std::string> ids, std::int64_t fresh,
                                               const ExpiryFloor& floor, std::string_view project,
                                               std::vector<std::string>& missing) {
    std::vector<std::string> stale;
    std::optional<Reading> reading;
    known_.as_of(connection_.commits_of_others());
    for (const std::string& id : ids) {
      if (known_.has(id, project, floor.absolute, fresh)) continue;
      if (!reading) {
        auto begun = Reading::begin(connection_);
        if (!begun) return std::unexpected(std::move(begun.error()));
        reading.emplace(*std::move(begun));
      }
      Query query(statements_[kUses]);
      auto row = query.bind(std::string_view(id)).bind(floor.idle).bind(floor.absolute).bind(project).step();
      if (!row) return std::unexpected(std::move(row.error()));
      if (!*row) {
        missing.push_back(id);
      } else if (query.int64_at(1) <= fresh) {
        stale.push_back(id);
      } else {
        known_.add(id, project, query.int64_at(0), query.int64_at(1));
      }
    }
    return stale;
  }

  struct Doomed {
    std::int64_t seq;
    std::int64_t used_ms;
  };

  SqliteStore(std::shared_ptr<SqliteFile> file, FileStatements statements, Retention retention,
              const base::Clock& clock, Sealing sealing)
      : retention_(retention),
        clock_(clock),
        sealing_(std::move(sealing)),
        file_(std::move(file)),
        mutex_(file_->mutex()),
        connection_(file_->connection()),
        statements_(std::move(statements)) {
    const std::lock_guard lock(mutex_);
    file_->write_along(this);
  }

  /// What is to be put with the next transaction of any store on the file.
  struct Announced {
    Original row;  ///< without its content
    std::int64_t bytes = 0, checksum = 0;
    std::string stored;
    bool is_new = false;  ///< it was added by the transaction
  };
  static constexpr std::size_t kMostAnnounced = 4 << 20, kLargestAnnounced = 1 << 20;  // bytes

  static Original without_content(const Original& original) {
    Original row;
    row.id = original.id;
    row.content_type = original.content_type;
    row.tool_name = original.tool_name;
    row.tokens = original.tokens;
    row.project = original.project;
    return row;
  }

  std::vector<const Original*> not_known(std::span<const Original> originals) {
    std::vector<const Original*> unknown;
    const std::lock_guard lock(mutex_);
    const ExpiryFloor floor = expiry_floor(retention_, clock_.now_ms());
    known_.as_of(connection_.commits_of_others());
    for (const Original& original : originals) {
      if (original.content.size() > kLargestAnnounced) continue;
      if (!known_.has(original.id, original.project, floor.absolute, floor.idle)) unknown.push_back(&original);
    }
    return unknown;
  }

  // One that is there stays as it is: what that means is for put().
  Result<std::int64_t> write_along() override {
    std::int64_t bytes = 0;
    const std::int64_t now = clock_.now_ms();
    if (!announced_.empty()) known_.as_of(connection_.commits_of_others());
    for (Announced& one : announced_) {
      auto is_new = insert(one.row, one.bytes, one.checksum, one.stored, now);
      if (!is_new) return std::unexpected(std::move(is_new.error()));
      one.is_new = *is_new;
      bytes += static_cast<std::int64_t>(one.stored.size()) + SqliteFile::kPageBytes;
    }
    return bytes;
  }

  void wrote_along(bool committed) override {
    const std::int64_t now = clock_.now_ms();
    for (const Announced& one : announced_) {
      if (committed && one.is_new) known_.add(one.row.id, one.row.project, now, now);
    }
    announced_.clear();
    announced_bytes_ = 0;
  }

  /// The content as it stands in the file.
  Result<std::string> stored_form(const Original& original) const {
    std::string packed = file_->packer().pack(original.content);
    if (sealing_.cipher == nullptr) return packed;
    return sealing_.cipher->seal(packed, original.id);
  }

  /// True: it was not there.
  Result<bool> put_one(const Original& original, std::string_view stored, std::int64_t now) {
    const auto bytes = static_cast<std::int64_t>(original.content.size());
    auto is_new = insert(original, bytes, checksum(original.content), stored, now);
    if (!is_new || *is_new) return is_new;
    if (auto done = put_again(original, stored, now); !done) return std::unexpected(std::move(done.error()));
    return false;
  }

  /// Of the original all but the content. False: one with its id is there.
  Result<bool> insert(const Original& original, std::int64_t bytes, std::int64_t checksum, std::string_view stored,
                      std::int64_t now) {
    Query insert(statements_[kInsert]);
    insert.bind(std::string_view(original.id)).bind(std::string_view(original.content_type));
    insert.bind(std::string_view(original.tool_name)).bind(original.tokens);
    insert.bind(bytes).bind(now);
    insert.bind(std::string_view(original.project));
    if (auto done = insert.run(); !done) return std::unexpected(std::move(done.error()));
    if (connection_.changes() == 0) return false;
    const std::int64_t seq = connection_.last_insert_rowid();
    Query content(statements_[kInsertContent]);
    content.bind(seq).bind(checksum).bind_blob(stored);
    if (auto done = content.run(); !done) return std::unexpected(std::move(done.error()));
    return true;
  }

  Result<void> put_again(const Original& original, std::string_view stored, std::int64_t now) {
    Query known(statements_[kFind]);
    auto row = known.bind(std::string_view(original.id)).step();
    if (!row) return std::unexpected(std::move(row.error()));
    if (!*row) return std::unexpected(collision(original.id));
    const auto content = opened(original.id, known.blob_at(1));
    const bool same = content && *content == original.content;
    if (!same) {
      const bool whole = content && checksum(*content) == known.int64_at(5);
      if (whole || base::content_id(original.content) != original.id) return std::unexpected(collision(original.id));
      Query replace(statements_[kReplaceContent]);
      replace.bind(known.int64_at(0)).bind(checksum(original.content)).bind_blob(stored);
      if (auto done = replace.run(); !done) return done;
    }
    if (!same || known.int64_at(6) < 0) {
      Query mark(statements_[kMarkWhole]);
      mark.bind(known.int64_at(0)).bind(static_cast<std::int64_t>(original.content.size()));
      if (auto done = mark.run(); !done) return done;
    }
    const ExpiryFloor floor = expiry_floor(retention_, now);
    const std::int64_t seq = known.int64_at(0);
    const bool alive = floor.alive(known.int64_at(3), known.int64_at(2));
    const bool others = known.text_at(4) != original.project;
    Query refresh(statements_[kRefresh]);
    refresh.bind(seq).bind(now).bind(alive).bind(std::string_view(original.project));
    if (auto done = refresh.run(); !done) return done;
    if (!alive) return Query(statements_[kDeleteProjects]).bind(seq).run();
    if (!others) return {};
    return Query(statements_[kJoin]).bind(seq).bind(std::string_view(original.project)).run();
  }

  Result<std::string> opened(std::string_view id, std::string_view stored) const {
    auto packed = sealing_.cipher == nullptr ? Result<std::string>(stored) : sealing_.cipher->open(stored, id);
    auto text = packed ? unpack(*packed) : std::move(packed);
    if (text) return text;
    return base::fail(text.error().code, fmt::format("original {} in {} cannot be read: {}", id, connection_.path(),
                                                     text.error().message));
  }

  Result<Original> find_one(std::string_view prefix, Scope scope, std::int64_t now, std::int64_t& seq) {
    const ExpiryFloor floor = expiry_floor(retention_, now);
    Query query(statements_[kGet]);
    auto row = query.bind(prefix).bind(floor.idle).bind(floor.absolute).bind(!scope).bind(scope.value_or("")).step();
    if (!row) return std::unexpected(std::move(row.error()));
    if (!*row) return std::unexpected(not_found(prefix));
    seq = query.int64_at(0);
    Original found;
    found.id = query.text_at(1);
    found.content_type = query.text_at(2);
    found.tool_name = query.text_at(3);
    found.tokens = query.int64_at(4);
    found.created_ms = query.int64_at(5);
    found.used_ms = query.int64_at(6);
    found.retrievals = query.int64_at(7);
    const std::int64_t sum = query.int64_at(8);
    auto content = opened(found.id, query.blob_at(9));
    if (!content) return std::unexpected(std::move(content.error()));
    found.content = *std::move(content);
    found.project = query.text_at(10);
    auto another = query.step();
    if (!another) return std::unexpected(std::move(another.error()));
    if (*another) return std::unexpected(ambiguous(prefix));
    if (checksum(found.content) == sum) return found;
    return base::fail(ErrorCode::kIo,
                      fmt::format("original {} in {} is damaged on the disk: its bytes do not match their "
                                  "checksum; check the disk's health",
                                  found.id, connection_.path()));
  }

  /// From now on it counts as missing for all processes, so that who has its bytes still puts them again. If that
  /// cannot be noted, whoever reads it next tries again.
  void mark_damaged(std::int64_t seq) {
    known_.forget();
    (void)Query(statements_[kMarkDamaged]).bind(seq).run();
  }

  /// What other tables hold of an original that is no more.
  Result<void> drop_rows(std::int64_t seq) {
    if (auto done = Query(statements_[kDeleteContent]).bind(seq).run(); !done) return done;
    return Query(statements_[kDeleteProjects]).bind(seq).run();
  }

  Result<bool> erase_rows(std::string_view id) {
    auto transaction = Transaction::begin(connection_);
    if (!transaction) return std::unexpected(std::move(transaction.error()));
    bool erased = false;
    for (const Sql forget : {kForgetDecisions, kForgetRevisions}) {
      auto done = Query(statements_[forget]).bind_blob(id).run();
      if (!done) return std::unexpected(std::move(done.error()));
      erased = erased || connection_.changes() > 0;
    }
    if (auto done = Query(statements_[kForgetOffers]).bind(id).run(); !done) {
      return std::unexpected(std::move(done.error()));
    }
    std::int64_t seq = 0;
    {
      Query query(statements_[kErase]);
      auto row = query.bind(id).step();
      if (!row) return row;
      if (*row) seq = query.int64_at(0);
    }
    if (seq != 0) {
      if (auto done = drop_rows(seq); !done) return std::unexpected(std::move(done.error()));
      erased = true;
    }
    if (auto done = transaction->commit(); !done) return std::unexpected(std::move(done.error()));
    return erased;
  }

  Result<std::vector<Doomed>> plan() {
    std::vector<Doomed> entries;
    std::vector<EntryAge> ages;
    {
      const std::lock_guard lock(mutex_);
      Query query(statements_[kAges]);
      auto row = query.step();
      for (; row && *row; row = query.step()) {
        entries.push_back({query.int64_at(0), query.int64_at(3)});
        ages.push_back({query.int64_at(1), query.int64_at(2), query.int64_at(3)});
      }
      if (!row) return std::unexpected(std::move(row.error()));
    }
    std::vector<Doomed> doomed;
    for (std::size_t index : plan_sweep(ages, retention_, clock_.now_ms())) doomed.push_back(entries[index]);
    return doomed;
  }

  // What was used since it was planned stays.
  Result<std::int64_t> delete_slice(std::span<const Doomed> slice) {
    const std::lock_guard lock(mutex_);
    known_.forget();
    auto transaction = Transaction::begin(connection_);
    if (!transaction) return std::unexpected(std::move(transaction.error()));
    std::int64_t deleted = 0;
    for (const Doomed& entry : slice) {
      auto done = Query(statements_[kDelete]).bind(entry.seq).bind(entry.used_ms).run();
      if (!done) return std::unexpected(std::move(done.error()));
      if (connection_.changes() == 0) continue;
      if (auto dropped = drop_rows(entry.seq); !dropped) return std::unexpected(std::move(dropped.error()));
      ++deleted;
    }
    if (auto done = transaction->commit(); !done) return std::unexpected(std::move(done.error()));
    return deleted;
  }

  // Free pages go back to the file system, and the WAL, which still holds what was deleted, is emptied. If others are
  // reading just now, the next sweep does it.
  Result<void> give_back_room() {
    const auto vacuum = fmt::format("PRAGMA incremental_vacuum({})", kVacuumPages);
    for (std::int64_t before = std::numeric_limits<std::int64_t>::max();;) {
      const std::lock_guard lock(mutex_);
      auto free_pages = connection_.number("PRAGMA freelist_count");
      if (!free_pages) return std::unexpected(std::move(free_pages.error()));
      if (*free_pages == 0 || *free_pages >= before) break;
      before = *free_pages;
      if (auto done = connection_.execute(vacuum.c_str()); !done) return done;
    }
    const std::lock_guard lock(mutex_);
    auto truncated = connection_.truncate_wal(kSweepWaitMs);
    if (!truncated) return std::unexpected(std::move(truncated.error()));
    return {};
  }

  const Retention retention_;
  const base::Clock& clock_;
  const Sealing sealing_;
  const std::shared_ptr<SqliteFile> file_;
  std::mutex& mutex_;  // of the file; guards all below
  Connection& connection_;
  FileStatements statements_;  // indexed by Sql
  KnownOriginals known_;
  std::vector<Announced> announced_;
  std::size_t announced_bytes_ = 0;  // of what is stored of them
};

}  // namespace

Result<std::unique_ptr<OriginalStore>> open_sqlite_store(std::shared_ptr<SqliteFile> file, Retention retention,
                                                         const base::Clock& clock, Sealing sealing) {
  {
    const std::lock_guard lock(file->mutex());
    auto fits = check_sealing(file->connection(), sealing);
    if (!fits) return std::unexpected(std::move(fits.error()));
  }
  return SqliteStore::open(std::move(file), retention, clock, std::move(sealing));
}

Result<std::unique_ptr<OriginalStore>> open_sqlite_store(const std::string& path, Retention retention,
                                                         const base::Clock& clock, Sealing sealing) {
  auto file = SqliteFile::open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  return open_sqlite_store(*std::move(file), retention, clock, std::move(sealing));
}

}  // namespace headroom::store
