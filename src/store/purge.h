#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "store/scope.h"

namespace headroom::store {

/// What was deleted.
struct Purged {
  std::int64_t originals = 0;
  std::int64_t bytes = 0;  ///< of the originals
  std::int64_t conversations = 0;
  std::int64_t ledger_rows = 0;
};

/// Deletes originals and conversations that were not used for `older_than_ms`, and rows of the ledger of that age; 0:
/// everything. With a scope only what is that project's; an original that others have put, too, is theirs from then on.
/// The bytes are overwritten in the files, which keep their schema, so that processes that share them go on. Files that
/// do not exist are not made. kUnavailable while another process keeps one locked; kIo.
base::Result<Purged> purge(const std::string& originals_path, const std::string& ledger_path,
                           std::int64_t older_than_ms, Scope scope, const base::Clock& clock);

}  // namespace headroom::store
