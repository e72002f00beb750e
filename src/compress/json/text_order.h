#pragma once

#include <compare>
#include <string_view>

namespace headroom::compress::json {

/// True for "1.2", "v1.10.0-rc1", "go1.22.3", "release-2.0", "lib@4.17.21": a few letters, then numbers with dots.
bool is_version(std::string_view text);

/// Order of versions: number by number, and a pre-release ("-rc1") before its release.
std::weak_ordering compare_versions(std::string_view a, std::string_view b);

/// Order of a dictionary: case does not matter, nor does a leading mark ("@scope/name").
std::weak_ordering compare_names(std::string_view a, std::string_view b);

/// Number of characters of UTF-8 text.
std::size_t text_length(std::string_view text);

}  // namespace headroom::compress::json
