#include "store/sqlite_file.h"

#include <utility>

namespace headroom::store {

using base::Result;

Result<std::shared_ptr<SqliteFile>> SqliteFile::open(const std::string& path) {
  auto connection = Connection::open(path);
  if (!connection) return std::unexpected(std::move(connection.error()));
  connection->leave_checkpoints();
  return std::shared_ptr<SqliteFile>(new SqliteFile(*std::move(connection), path));
}

Result<void> SqliteFile::commit(Transaction& transaction, std::int64_t bytes) {
  const auto along = along_ == nullptr ? Result<std::int64_t>(0) : along_->write_along();
  auto committed = along ? transaction.commit() : std::unexpected(along.error());
  if (along_ != nullptr) along_->wrote_along(committed.has_value());
  if (committed) checkpointer_.wrote(bytes + *along);
  return committed;
}

Result<FileStatements> FileStatements::prepare(std::shared_ptr<SqliteFile> file, std::span<const char* const> sql) {
  const std::lock_guard lock(file->mutex());
  auto statements = file->connection().prepare_all(sql);
  if (!statements) return std::unexpected(std::move(statements.error()));
  return FileStatements(std::move(file), *std::move(statements));
}

FileStatements::~FileStatements() {
  if (file_ == nullptr) return;
  const std::lock_guard lock(file_->mutex());
  statements_.clear();
}

}  // namespace headroom::store
