#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/result.h"
#include "store/original_store.h"

namespace headroom::store {

// What every backend says about bad input, in the same words.

/// Originals larger than this are refused; a request that holds one goes on uncompressed.
inline constexpr std::size_t kMaxOriginalBytes = 256u << 20;

/// kInvalidArgument for an id that is not a whole content id, kTooLarge past kMaxOriginalBytes.
base::Result<void> check_originals(std::span<const Original> originals);
base::Result<void> check_id(std::string_view id);
base::Result<void> check_id_prefix(std::string_view prefix);

base::Error not_found(std::string_view prefix);
base::Error ambiguous(std::string_view prefix);
/// The same id with other content: the caller's id is wrong, or the digest collides. Nothing is overwritten.
base::Error collision(std::string_view id);

}  // namespace headroom::store
