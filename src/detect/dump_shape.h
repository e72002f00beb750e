#pragma once

#include <string_view>

namespace headroom::detect {

/// A database as statements that make it anew, as the tools that dump it write it: a comment at the top says so. It is
/// SQL, but a record of what is there, one block a table, and not source that somebody wrote.
bool is_database_dump(std::string_view text);

}  // namespace headroom::detect
