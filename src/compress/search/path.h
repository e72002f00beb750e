#pragma once

#include <string_view>

namespace headroom::compress::search {

/// The folder with its final separator ('/' or '\\'); empty without one.
std::string_view folder_of(std::string_view path);

/// Longest folder that both paths are in.
std::string_view common_folder(std::string_view a, std::string_view b);

}  // namespace headroom::compress::search
