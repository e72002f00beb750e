#pragma once

#include <optional>
#include <string_view>

namespace headroom::store {

/// Whose rows a caller sees: those of one project ("": of requests that name none), or, without a value, all that the
/// store holds, for who owns the file anyway.
using Scope = std::optional<std::string_view>;
inline constexpr Scope kEveryProject = std::nullopt;

}  // namespace headroom::store
