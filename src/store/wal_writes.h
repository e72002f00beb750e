#pragma once

namespace headroom::store {

/// The name of SQLite's own way to the disk, but that what a transaction adds to the WAL goes there by one write for
/// each 64 KiB, not by two for each page. Nothing else differs: when a commit is told, all of it is with the operating
/// system, and what cannot be written fails the commit. Thread-safe.
const char* vfs_with_few_wal_writes();

}  // namespace headroom::store
