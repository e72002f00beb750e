#include "store/schema.h"

#include <array>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "store/sqlite.h"

namespace headroom::store {
namespace {

using base::ErrorCode;
using base::Result;

// Entry N brings a file from version N to N + 1. What is released is never edited, only added to.
constexpr std::array<const char*, kSchemaVersion> kMigrations = {
    // What changes at every use is apart from the content, so that a use does not rewrite the content.
    R"sql(
CREATE TABLE originals(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  content_type TEXT NOT NULL,
  tool_name TEXT NOT NULL,
  tokens INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  used_ms INTEGER NOT NULL,
  retrievals INTEGER NOT NULL
) STRICT;
CREATE TABLE contents(
  seq INTEGER PRIMARY KEY,
  checksum INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE TABLE ledger(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  time_ms INTEGER NOT NULL,
  source TEXT NOT NULL,
  api TEXT NOT NULL,
  model TEXT NOT NULL,
  status INTEGER NOT NULL,
  stream INTEGER NOT NULL,
  estimate INTEGER NOT NULL,
  tokens_before INTEGER NOT NULL,
  tokens_after INTEGER NOT NULL,
  billed_input INTEGER NOT NULL,
  billed_cached INTEGER NOT NULL,
  billed_output INTEGER NOT NULL,
  compress_us INTEGER NOT NULL,
  total_us INTEGER NOT NULL,
  ttfb_us INTEGER NOT NULL,
  transforms TEXT NOT NULL,
  skip_reason TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_by_time ON ledger(time_ms);
)sql",
    // What was decided for a conversation goes when the conversation goes, so all of it hangs on one row.
    R"sql(
CREATE TABLE conversations(
  seq INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  used_ms INTEGER NOT NULL,
  requests INTEGER NOT NULL
) STRICT;
CREATE INDEX conversations_by_use ON conversations(used_ms);
CREATE TABLE decisions(
  conversation BLOB NOT NULL,
  place BLOB NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY(conversation, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE revisions(
  seq INTEGER PRIMARY KEY,
  conversation BLOB NOT NULL,
  place BLOB NOT NULL,
  value BLOB NOT NULL,
  UNIQUE(conversation, place)
) STRICT;
)sql",
    R"sql(
ALTER TABLE ledger ADD COLUMN drifts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN drifts_accepted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN revised INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ledger ADD COLUMN rewritten INTEGER NOT NULL DEFAULT 0;
)sql",
    "ALTER TABLE conversations ADD COLUMN unused_cache INTEGER NOT NULL DEFAULT 0;",
    // Few originals are put by more than one project, so the first is in the row.
    R"sql(
ALTER TABLE originals ADD COLUMN project TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN project TEXT NOT NULL DEFAULT '';
ALTER TABLE ledger ADD COLUMN project TEXT NOT NULL DEFAULT '';
CREATE TABLE also_of(
  seq INTEGER NOT NULL,
  project TEXT NOT NULL,
  PRIMARY KEY(seq, project)
) STRICT, WITHOUT ROWID;
)sql",
    // One row, or none: something known, sealed with the key that all of the file is sealed with.
    "CREATE TABLE sealing(id INTEGER PRIMARY KEY, proof BLOB NOT NULL) STRICT;",
    // The first index holds an original once for each way in which it was shortened, and counts a group; the last finds
    // in no time that nothing was ever asked for.
    R"sql(
CREATE TABLE offered(
  seq INTEGER PRIMARY KEY,
  project TEXT NOT NULL,
  tool TEXT NOT NULL,
  compressor TEXT NOT NULL,
  step INTEGER NOT NULL,
  id TEXT NOT NULL,
  offered_ms INTEGER NOT NULL,
  retrieved_ms INTEGER NOT NULL DEFAULT 0,
  UNIQUE(project, tool, compressor, step, id)
) STRICT;
CREATE INDEX offered_by_id ON offered(id);
CREATE INDEX offered_retrieved ON offered(project, tool, compressor) WHERE retrieved_ms > 0;
)sql",
    // Who has added up the rows of a ledger sees here that some of them have gone.
    R"sql(
CREATE TABLE ledger_deletions(id INTEGER PRIMARY KEY, rows INTEGER NOT NULL) STRICT;
INSERT INTO ledger_deletions VALUES(1, 0);
CREATE TRIGGER ledger_row_deleted AFTER DELETE ON ledger BEGIN
  UPDATE ledger_deletions SET rows = rows + 1;
END;
)sql",
    // From here on contents and values may be packed (packing.h), which older programs would take for damage.
    "",
};

// "Hdrm": tells our files from other programs' databases.
constexpr std::int64_t kApplicationId = 0x4864726d;

struct FileFormat {
  std::int64_t application_id = 0, version = 0, tables = 0;
};

Result<FileFormat> read_format(Connection& connection) {
  auto application_id = connection.number("PRAGMA application_id");
  if (!application_id) return std::unexpected(std::move(application_id.error()));
  auto version = connection.number("PRAGMA user_version");
  if (!version) return std::unexpected(std::move(version.error()));
  auto tables = connection.number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return std::unexpected(std::move(tables.error()));
  FileFormat format{*application_id, *version, *tables};
  const bool empty = format.application_id == 0 && format.version == 0 && format.tables == 0;
  if (format.application_id != kApplicationId && !empty) {
    return base::fail(ErrorCode::kIo, fmt::format("{} is a database of another program: give Headroom another path",
                                                  connection.path()));
  }
  if (format.version < 0 || format.version > kSchemaVersion) {
    return base::fail(ErrorCode::kIo, fmt::format("{} has format {}, and this program knows formats up to {}: update "
                                                  "Headroom, or give it another path",
                                                  connection.path(), format.version, kSchemaVersion));
  }
  return format;
}

// The three figures belong together: between two reads another process may have made the schema.
Result<FileFormat> read_format_at_once(Connection& connection) {
  if (auto begun = connection.execute("BEGIN"); !begun) return std::unexpected(std::move(begun.error()));
  auto format = read_format(connection);
  if (auto ended = connection.execute("ROLLBACK"); format && !ended) return std::unexpected(std::move(ended.error()));
  return format;
}

Result<void> migrate(Connection& connection) {
  auto transaction = Transaction::begin(connection);
  if (!transaction) return std::unexpected(std::move(transaction.error()));
  auto format = read_format(connection);  // again, because another process may have been faster
  if (!format) return std::unexpected(std::move(format.error()));
  for (auto step = static_cast<std::size_t>(format->version); step < kMigrations.size(); ++step) {
    if (auto done = connection.execute(kMigrations[step]); !done) return done;
  }
  const auto stamp = fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, kSchemaVersion);
  if (auto done = connection.execute(stamp.c_str()); !done) return done;
  return transaction->commit();
}

}  // namespace

Result<void> check_schema(Connection& connection) {
  auto format = read_format_at_once(connection);
  if (!format) return std::unexpected(std::move(format.error()));
  return {};
}

Result<void> update_schema(Connection& connection) {
  auto format = read_format_at_once(connection);
  if (!format) return std::unexpected(std::move(format.error()));
  if (format->version == kSchemaVersion) return {};
  return migrate(connection);
}

}  // namespace headroom::store
