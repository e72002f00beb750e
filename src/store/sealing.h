#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "store/cipher.h"
#include "store/packing.h"
#include "store/sqlite.h"

namespace headroom::store {

/// Whether the file is sealed with this key. An empty file is, from now on. kInvalidArgument says what to do: another
/// key, a key where none is needed, none where one is.
base::Result<void> check_sealing(Connection& connection, const Sealing& sealing);

/// Nothing sealed is left: the next who opens the file may have another key, or none.
base::Result<void> forget_sealing(Connection& connection);

/// A value, packed and sealed, whose original IDs stay readable, so that it can be found by them and deleted.
base::Result<std::string> seal_value(Packer& packer, const Sealing& sealing, std::string_view value,
                                     std::string_view about);
base::Result<std::string> open_value(const Sealing& sealing, std::string_view sealed, std::string_view about);

}  // namespace headroom::store
