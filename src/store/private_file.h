#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::store {

/// Makes sure that `path` is a regular file that only its owner can read (0600, whatever the umask), creating it empty
/// and its missing folders (0700) if need be. Also takes group and world rights away from SQLite's companions ("-wal",
/// "-shm"). Returns the path with its folder resolved, so that the file itself is the only part that could be a link.
/// Refuses a symbolic link or anything else that is not a regular file. kIo says which path and why.
///
/// Never opens a file that exists: closing a descriptor would drop the locks that an open SQLite connection of this
/// process has on it (POSIX locks belong to the process, not to the descriptor).
base::Result<std::string> prepare_private_file(const std::string& path);

/// Writes a new file that only its owner can read; durable once this returns. kIo says which path and why, also that
/// there is one already; then nothing was changed.
base::Result<void> write_new_private_file(const std::string& path, std::string_view text);

/// Makes a folder, and what it is in, for the owner alone (0700, whatever the umask); those that are there keep their
/// rights. kIo says which path and why.
base::Result<void> make_private_folder(const std::string& path);

}  // namespace headroom::store
