#pragma once

#include "base/result.h"

namespace headroom::store {

class Connection;

/// The schema this program reads and writes; kept in the file's user_version. docs/FORMATS.md describes it.
inline constexpr int kSchemaVersion = 9;

/// Changes nothing. kIo if the file is of a newer version or belongs to another program.
base::Result<void> check_schema(Connection& connection);

/// check_schema(), then creates the tables in an empty file or migrates older ones, in one transaction, so processes
/// that start together do it once.
base::Result<void> update_schema(Connection& connection);

}  // namespace headroom::store
