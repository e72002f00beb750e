#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace headroom::store {

// A thin layer over SQLite's C interface: ownership, and failures as values. Nothing here locks: a Connection and what
// was prepared on it belong to one thread at a time. A Connection must not be carried over a fork().

/// What a result code of SQLite means for people and for the caller: kUnavailable (locked by others: try again),
/// kTooLarge, kIo (disk, rights, damage) or kInternal.
base::Error sqlite_error(sqlite3* database, int code, std::string_view doing);

/// A prepared statement; run through Query.
class Statement {
 public:
  Statement() = default;

 private:
  friend class Connection;
  friend class Query;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One run of a statement. Parameters are bound in order; what they view must live as long as the Query, which leaves
/// the statement ready for its next run.
class Query {
 public:
  explicit Query(Statement& statement);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& bind(std::int64_t value);
  Query& bind(const char*) = delete;  // would become a number
  Query& bind(std::string_view text);
  Query& bind_blob(std::string_view bytes);

  /// True if there is a row to look at, false at the end.
  base::Result<bool> step();
  /// For statements without rows.
  base::Result<void> run();

  /// Columns of the present row, counted from 0. Views last until the next step.
  std::int64_t int64_at(int column) const;
  std::string_view text_at(int column) const;
  std::string_view blob_at(int column) const;

 private:
  void note(int code);
  sqlite3_stmt* statement_;
  int bound_ = 0;
  int bind_error_ = 0;
};

/// An open database, in WAL mode, with the project's settings and schema.
class Connection {
 public:
  /// How long a statement waits for another process's lock. A put is on the path of a request, so not for long; and
  /// once one has waited in vain, the next ones give up at once for kGivenUpMs, so that a request does not wait again
  /// for each of its statements, nor the requests behind it.
  static constexpr int kBusyMs = 2000;
  static constexpr int kGivenUpMs = 1000;

  /// Makes file and folders private (see prepare_private_file), opens, and brings the schema up to date.
  static base::Result<Connection> open(const std::string& path);

  /// A Checkpointer moves the WAL; a commit here does only should it grow past 64 MiB all the same.
  void leave_checkpoints();

  /// How many commits to the file were not made here, counted from some number on: as long as it stays the same, what
  /// was read or written here is what the file has. Costs no call into the kernel and takes no lock. Nothing where that
  /// cannot be told; always so before leave_checkpoints().
  std::optional<std::uint32_t> commits_of_others() const;

  /// Runs statements whose rows do not matter.
  base::Result<void> execute(const char* sql);
  base::Result<Statement> prepare(std::string_view sql);
  base::Result<std::vector<Statement>> prepare_all(std::span<const char* const> statements);
  /// The single number that a pragma or query gives.
  base::Result<std::int64_t> number(const char* sql);

  /// Moves as much of the WAL into the database as can be moved without keeping anyone waiting. What fails stays in the
  /// WAL, where it is safe, and is moved another time.
  void checkpoint();

  /// Moves the whole WAL into the database and cuts it to length 0, so that no deleted byte stays in it. False if
  /// others were still reading after `wait_ms`.
  base::Result<bool> truncate_wal(int wait_ms);

  /// Resolved path of the file, for messages.
  std::string path() const;
  std::int64_t changes() const;
  std::int64_t last_insert_rowid() const;

 private:
  friend class Transaction;
  friend class Reading;
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Connection(sqlite3* database);
  void wait_when_busy();
  base::Result<void> configure();
  base::Result<void> enter_wal_mode();
  struct Patience;
  struct ForgetPatience {
    void operator()(Patience* patience) const;
  };
  struct Commits;
  struct ForgetCommits {
    void operator()(Commits* commits) const;
  };
  std::unique_ptr<Patience, ForgetPatience> patience_;  // outlives the database
  std::unique_ptr<Commits, ForgetCommits> commits_;     // likewise
  std::unique_ptr<sqlite3, Close> database_;
  Statement begin_, begin_to_read_, commit_, rollback_;
};

/// A write transaction: takes the write lock at once, rolls back unless committed.
class Transaction {
 public:
  static base::Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  base::Result<void> commit();

 private:
  explicit Transaction(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

/// What is read while it lasts belongs together, and SQLite takes its locks once. For reading only.
class Reading {
 public:
  static base::Result<Reading> begin(Connection& connection);
  Reading(Reading&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Reading& operator=(Reading&&) = delete;
  ~Reading();

 private:
  explicit Reading(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

}  // namespace headroom::store
