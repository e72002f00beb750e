#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::agents {

/// What a file of variables ("NAME=value", as programs read a file named .env) sets one to; nullopt when it does not.
/// The last line of a name counts. What is no such line says nothing.
std::optional<std::string> dotenv_value(std::string_view text, std::string_view name);

}  // namespace headroom::agents
