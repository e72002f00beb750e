#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace headroom::store {

/// What is known of an original without its bytes.
struct OriginalFacts {
  std::string id, content_type, tool_name;
  std::int64_t tokens = 0;
  std::int64_t bytes = 0;
  std::int64_t created_ms = 0;
};

/// The originals in the file, of every project, newest first. None when there is no file. What has expired and is not
/// swept yet is among them.
base::Result<std::vector<OriginalFacts>> list_originals(const std::string& path, std::size_t limit);

}  // namespace headroom::store
