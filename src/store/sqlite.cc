#include "store/sqlite.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "store/private_file.h"
#include "store/schema.h"

namespace headroom::store {

using base::ErrorCode;
using base::Result;

namespace {

constexpr int kRetryMs = 5;

// Pages in the WAL from which a commit moves them itself, though a Checkpointer is there: 64 MiB.
constexpr int kMostInWal = 16384;

std::string_view advice_for(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process keeps it locked; try again";
    case SQLITE_FULL:
      return "the disk is full; free some space or lower the store's size limit";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "the file is damaged or is no Headroom database; move it away (with its -wal and -shm files) and start "
             "again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return "the file or its folder cannot be written; check owner and rights";
    case SQLITE_CANTOPEN:
      return "check that the folder exists and that owner and rights allow writing";
    case SQLITE_IOERR:
      return "the disk refused; check its space and health";
    case SQLITE_TOOBIG:
      return "it is larger than the store can hold";
    default:
      return "this is a mistake in Headroom; please report it";
  }
}

ErrorCode error_code_for(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::kUnavailable;
    case SQLITE_FULL:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return ErrorCode::kIo;
    case SQLITE_TOOBIG:
      return ErrorCode::kTooLarge;
    default:
      return ErrorCode::kInternal;
  }
}

}  // namespace

base::Error sqlite_error(sqlite3* database, int code, std::string_view doing) {
  std::string reason = sqlite3_errstr(code);
  const char* path = nullptr;
  if (database != nullptr) {
    path = sqlite3_db_filename(database, "main");
    if (sqlite3_errcode(database) != SQLITE_OK) reason = sqlite3_errmsg(database);
    const int system = sqlite3_system_errno(database);
    const int primary = code & 0xff;
    if (system != 0 && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL)) {
      reason += fmt::format(", {}", std::strerror(system));
    }
  }
  return {error_code_for(code),
          fmt::format("{}{}{} failed ({}): {}", doing, path ? " in " : "", path ? path : "", reason, advice_for(code))};
}

// --- Statement, Query

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Query::Query(Statement& statement) : statement_(statement.statement_.get()) {}

Query::~Query() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Query::note(int code) {
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
}

Query& Query::bind(std::int64_t value) {
  note(sqlite3_bind_int64(statement_, ++bound_, value));
  return *this;
}

// An empty view may hold a null pointer, which SQLite would take for NULL.
Query& Query::bind(std::string_view text) {
  note(sqlite3_bind_text64(statement_, ++bound_, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                           SQLITE_UTF8));
  return *this;
}

Query& Query::bind_blob(std::string_view bytes) {
  note(sqlite3_bind_blob64(statement_, ++bound_, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC));
  return *this;
}

Result<bool> Query::step() {
  const int code = bind_error_ != SQLITE_OK ? bind_error_ : sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const std::string_view sql = sqlite3_sql(statement_);
  return std::unexpected(sqlite_error(sqlite3_db_handle(statement_), code, sql.substr(0, sql.find(' '))));
}

Result<void> Query::run() {
  auto row = step();
  if (!row) return std::unexpected(std::move(row.error()));
  return {};
}

std::int64_t Query::int64_at(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Query::text_at(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Query::blob_at(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

// --- Connection

void Connection::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

struct Connection::Patience {
  using Clock = std::chrono::steady_clock;
  Clock::time_point begun;                   // of the wait that goes on
  std::optional<Clock::time_point> in_vain;  // the end of the last one that was

  /// Called by SQLite for as long as somebody else has the lock; `tries`: calls before in this wait. Not 0: try again.
  static int wait(void* of, int tries) {
    Patience& self = *static_cast<Patience*>(of);
    const Clock::time_point now = Clock::now();
    if (tries == 0) self.begun = now;
    const bool given_up = self.in_vain && now - *self.in_vain < std::chrono::milliseconds(kGivenUpMs);
    if (given_up) return 0;
    if (now - self.begun >= std::chrono::milliseconds(kBusyMs)) {
      self.in_vain = now;
      return 0;
    }
    // Most locks are held by another connection of this process, for a fraction of a millisecond.
    constexpr int kFirstUs = 100, kMostDoublings = 8;
    std::this_thread::sleep_for(std::chrono::microseconds(kFirstUs << std::min(tries, kMostDoublings)));
    return 1;
  }
};

void Connection::ForgetPatience::operator()(Patience* patience) const {
  delete patience;
}

/// Commits made here, and the number of all that the file has had. That number is the field iChange of the index of the
/// WAL, which each commit of any process raises by one (https://www.sqlite.org/walformat.html, section 2.1) and which
/// all of them have in shared memory.
struct Connection::Commits {
  static constexpr int kRegion = 32 * 1024;  // bytes of the index that are mapped at once
  static constexpr std::size_t kChangeField = 2;

  static constexpr std::uint32_t kCountedAnew = 1U << 31;  // so that no number comes again

  std::uint32_t own = 0;
  std::uint32_t all_before = 0;
  const std::uint32_t* all = nullptr;  // in the mapping, which lasts as long as the database is open; null: not there

  static int count(void* of, sqlite3* database, const char* name, int pages_in_wal) {
    ++static_cast<Commits*>(of)->own;
    if (pages_in_wal >= kMostInWal) {
      sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }
    return SQLITE_OK;
  }

  static const std::uint32_t* find_all(sqlite3* database) {
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK) return nullptr;
    if (file == nullptr || file->pMethods == nullptr || file->pMethods->iVersion < 2) return nullptr;
    volatile void* index = nullptr;
    if (file->pMethods->xShmMap(file, 0, kRegion, 0, &index) != SQLITE_OK || index == nullptr) return nullptr;
    return static_cast<const std::uint32_t*>(const_cast<void*>(index)) + kChangeField;
  }
};

void Connection::ForgetCommits::operator()(Commits* commits) const {
  delete commits;
}

Connection::Connection(sqlite3* database) : patience_(new Patience), commits_(new Commits), database_(database) {}

void Connection::wait_when_busy() {
  sqlite3_busy_handler(database_.get(), &Patience::wait, patience_.get());
}

Result<Connection> Connection::open(const std::string& path) {
  auto file = prepare_private_file(path);
  if (!file) return std::unexpected(std::move(file.error()));
  sqlite3* raw = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file->c_str(), &raw, flags, nullptr);
  Connection connection(raw);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(raw, code, fmt::format("opening {}", *file)));
  if (sqlite3_db_readonly(raw, "main") == 1) {
    return base::fail(ErrorCode::kIo, fmt::format("{} can be read but not written: check owner and rights", *file));
  }
  connection.wait_when_busy();
  // First, so that nothing of a file that is not ours is changed.
  if (auto ours = check_schema(connection); !ours) return std::unexpected(std::move(ours.error()));
  if (auto ready = connection.configure(); !ready) return std::unexpected(std::move(ready.error()));
  for (const auto& [sql, statement] : {std::pair{"BEGIN IMMEDIATE", &connection.begin_},
                                       {"BEGIN", &connection.begin_to_read_},
                                       {"COMMIT", &connection.commit_},
                                       {"ROLLBACK", &connection.rollback_}}) {
    auto prepared = connection.prepare(sql);
    if (!prepared) return std::unexpected(std::move(prepared.error()));
    *statement = *std::move(prepared);
  }
  if (auto ready = update_schema(connection); !ready) return std::unexpected(std::move(ready.error()));
  return connection;
}

Result<void> Connection::configure() {
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // It has to come before anything is written, and is a commit of its own.
  constexpr std::int64_t kIncremental = 2;
  const auto vacuum = number("PRAGMA auto_vacuum");
  if (!vacuum) return std::unexpected(vacuum.error());
  if (*vacuum != kIncremental) {
    if (auto set = execute("PRAGMA auto_vacuum=INCREMENTAL"); !set) return set;
  }
  // temp_store keeps originals out of temporary files.
  if (auto set = execute("PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON"); !set) return set;
  if (auto set = enter_wal_mode(); !set) return set;
  return execute("PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=OFF;");
}

// Two processes that open a new file at once collide here, and SQLite does not call its busy handler for that change.
Result<void> Connection::enter_wal_mode() {
  auto pragma = prepare("PRAGMA journal_mode=WAL");
  if (!pragma) return std::unexpected(std::move(pragma.error()));
  for (int waited = 0;; waited += kRetryMs) {
    Query query(*pragma);
    auto row = query.step();
    if (row && *row && query.text_at(0) == "wal") return {};
    if (row) {
      return base::fail(ErrorCode::kIo,
                        fmt::format("{} is on a file system without shared memory, which the store needs: "
                                    "choose a path on a local disk",
                                    path()));
    }
    if (row.error().code != ErrorCode::kUnavailable || waited >= kBusyMs)
      return std::unexpected(std::move(row.error()));
    std::this_thread::sleep_for(std::chrono::milliseconds(kRetryMs));
  }
}

Result<void> Connection::execute(const char* sql) {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  const std::string_view text = sql;
  return std::unexpected(sqlite_error(database_.get(), code, text.substr(0, text.find_first_of(" ;"))));
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(database_.get(), code, "preparing a statement"));
  return Statement(raw);
}

Result<std::vector<Statement>> Connection::prepare_all(std::span<const char* const> statements) {
  std::vector<Statement> prepared;
  for (const char* sql : statements) {
    auto statement = prepare(sql);
    if (!statement) return std::unexpected(std::move(statement.error()));
    prepared.push_back(std::move(*statement));
  }
  return prepared;
}

Result<std::int64_t> Connection::number(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return std::unexpected(std::move(statement.error()));
  Query query(*statement);
  auto row = query.step();
  if (!row) return std::unexpected(std::move(row.error()));
  return *row ? query.int64_at(0) : 0;
}

void Connection::leave_checkpoints() {
  sqlite3_wal_hook(database_.get(), &Commits::count, commits_.get());
  commits_->all = Commits::find_all(database_.get());
}

std::optional<std::uint32_t> Connection::commits_of_others() const {
  if (commits_->all == nullptr) return std::nullopt;
  const std::uint32_t all = __atomic_load_n(commits_->all, __ATOMIC_ACQUIRE);
  // After a crash in the middle of a commit SQLite makes the index anew, and counts from 0.
  if (all < commits_->all_before) commits_->own += Commits::kCountedAnew;
  commits_->all_before = all;
  return all - commits_->own;
}

void Connection::checkpoint() {
  sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

// While another connection checkpoints (the Checkpointer's, say), SQLite is busy at once and does not call its busy
// handler.
Result<bool> Connection::truncate_wal(int wait_ms) {
  using std::chrono::milliseconds, std::chrono::steady_clock;
  const auto end = steady_clock::now() + milliseconds(wait_ms);
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
    sqlite3_busy_timeout(database_.get(), static_cast<int>(std::max<std::int64_t>(left, 0)));
    const int code = sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    wait_when_busy();
    if (code == SQLITE_OK) return true;
    if ((code & 0xff) != SQLITE_BUSY) return std::unexpected(sqlite_error(database_.get(), code, "checkpoint"));
    if (left <= 0) return false;
    std::this_thread::sleep_for(milliseconds(kRetryMs));
  }
}

std::string Connection::path() const {
  return sqlite3_db_filename(database_.get(), "main");
}
std::int64_t Connection::changes() const {
  return sqlite3_changes64(database_.get());
}
std::int64_t Connection::last_insert_rowid() const {
  return sqlite3_last_insert_rowid(database_.get());
}

// --- Transaction, Reading

Result<Transaction> Transaction::begin(Connection& connection) {
  if (auto begun = Query(connection.begin_).run(); !begun) return std::unexpected(std::move(begun.error()));
  return Transaction(&connection);
}

Result<void> Transaction::commit() {
  auto committed = Query(connection_->commit_).run();
  if (committed) connection_ = nullptr;
  return committed;
}

Transaction::~Transaction() {
  // After some failures (a full disk) SQLite has rolled back by itself, and there is nothing to undo.
  if (connection_ != nullptr && sqlite3_get_autocommit(connection_->database_.get()) == 0) {
    (void)Query(connection_->rollback_).run();
  }
}

Result<Reading> Reading::begin(Connection& connection) {
  if (auto begun = Query(connection.begin_to_read_).run(); !begun) return std::unexpected(std::move(begun.error()));
  return Reading(&connection);
}

Reading::~Reading() {
  if (connection_ != nullptr) (void)Query(connection_->rollback_).run();
}

}  // namespace headroom::store
