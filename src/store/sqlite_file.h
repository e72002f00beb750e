#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/checkpointer.h"
#include "store/decision_store.h"
#include "store/offer_record.h"
#include "store/original_store.h"
#include "store/packing.h"
#include "store/retention.h"
#include "store/sqlite.h"

namespace headroom::store {

/// What one store adds to the transactions of the others, so that there is one instead of two. The mutex of the file is
/// held in each call.
class WrittenAlong {
 public:
  virtual ~WrittenAlong() = default;
  /// In a transaction that is about to be committed; gives the bytes, about.
  virtual base::Result<std::int64_t> write_along() = 0;
  /// The transaction has been committed, or it could not be.
  virtual void wrote_along(bool committed) = 0;
};

/// The file of a workspace as the stores of one process share it: through one connection, so that what one of them has
/// written is in memory for the others. (SQLite forgets the pages that a connection has read when another one commits.)
///
/// One connection behind a mutex, not one per thread: SQLite has one writer at a time anyway, a put takes well under a
/// millisecond, and a mutex wakes the next thread at once where SQLite's own lock is polled with sleeps.
class SqliteFile {
 public:
  /// Rewritten for each row that is used; for guessing what goes to the WAL.
  static constexpr std::int64_t kPageBytes = 4096;

  static base::Result<std::shared_ptr<SqliteFile>> open(const std::string& path);
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  /// Guards the connection and what is prepared on it.
  std::mutex& mutex() { return mutex_; }
  Connection& connection() { return connection_; }

  /// Something of what was decided has been deleted here. The mutex is held in both.
  void note_erasure() { ++erasures_; }
  /// Stays the same as long as nothing was deleted here.
  std::uint32_t erasures() const { return erasures_; }

  /// For what is put into the file. The mutex need not be held.
  Packer& packer() { return packer_; }

  /// From now on; nullptr: nothing. The mutex is held.
  void write_along(WrittenAlong* along) { along_ = along; }

  /// Commits, with what is to be written along; about `bytes` were written by the transaction.
  base::Result<void> commit(Transaction& transaction, std::int64_t bytes);

 private:
  SqliteFile(Connection connection, const std::string& path)
      : connection_(std::move(connection)), checkpointer_(path) {}

  std::mutex mutex_;
  Connection connection_;
  std::uint32_t erasures_ = 0;
  WrittenAlong* along_ = nullptr;
  Checkpointer checkpointer_;
  Packer packer_;
};

/// What a store has prepared on the file.
class FileStatements {
 public:
  /// The mutex of the file is free, here and in the destructor.
  static base::Result<FileStatements> prepare(std::shared_ptr<SqliteFile> file, std::span<const char* const> sql);
  ~FileStatements();
  FileStatements(FileStatements&& other) noexcept = default;
  FileStatements& operator=(FileStatements&&) = delete;

  Statement& operator[](std::size_t index) { return statements_[index]; }

 private:
  FileStatements(std::shared_ptr<SqliteFile> file, std::vector<Statement> statements)
      : file_(std::move(file)), statements_(std::move(statements)) {}

  std::shared_ptr<SqliteFile> file_;
  std::vector<Statement> statements_;
};

/// As those that take a path, on a shared file. `clock` must outlive them.
base::Result<std::unique_ptr<OriginalStore>> open_sqlite_store(std::shared_ptr<SqliteFile> file, Retention retention,
                                                               const base::Clock& clock, Sealing sealing = {});
/// At most one for each SqliteFile: it knows what it has written, and what others have.
base::Result<std::unique_ptr<DecisionStore>> open_sqlite_decisions(std::shared_ptr<SqliteFile> file,
                                                                   DecisionRetention retention,
                                                                   const base::Clock& clock, Sealing sealing = {});
base::Result<std::unique_ptr<OfferRecord>> open_sqlite_offers(std::shared_ptr<SqliteFile> file, OfferBounds bounds,
                                                              const base::Clock& clock);

}  // namespace headroom::store
