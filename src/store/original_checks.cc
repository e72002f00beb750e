#include "store/original_checks.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace headroom::store {

using base::ErrorCode;
using base::Result;

Result<void> check_id(std::string_view id) {
  if (id.size() == base::kContentIdLength && base::is_content_id_prefix(id)) return {};
  return base::fail(ErrorCode::kInvalidArgument,
                    fmt::format("the id of an original is {} lower-case hex digits", base::kContentIdLength));
}

Result<void> check_id_prefix(std::string_view prefix) {
  if (base::is_content_id_prefix(prefix)) return {};
  return base::fail(
      ErrorCode::kInvalidArgument,
      fmt::format("an original is looked up by its id of {} lower-case hex digits, or by at least the first {}",
                  base::kContentIdLength, base::kMinIdPrefix));
}

Result<void> check_originals(std::span<const Original> originals) {
  for (const Original& original : originals) {
    if (auto valid = check_id(original.id); !valid) return valid;
    if (original.content.size() > kMaxOriginalBytes) {
      return base::fail(ErrorCode::kTooLarge, fmt::format("original {} has {} bytes, and the store takes up to {}",
                                                          original.id, original.content.size(), kMaxOriginalBytes));
    }
  }
  return {};
}

base::Error not_found(std::string_view prefix) {
  return {ErrorCode::kNotFound,
          fmt::format("no original {}: it was never stored here, has expired, or was evicted or deleted", prefix)};
}

base::Error ambiguous(std::string_view prefix) {
  return {ErrorCode::kAmbiguous, fmt::format("several originals begin with {}: give more digits", prefix)};
}

base::Error collision(std::string_view id) {
  return {ErrorCode::kInvalidArgument, fmt::format("original {} is stored already with other content", id)};
}

}  // namespace headroom::store
