#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/text.h"

namespace headroom::detect {

/// What the arguments of tools are called, whatever the tool: case does not matter.
using ArgumentNames = std::span<const std::string_view>;

inline constexpr std::array<std::string_view, 6> kCommandNames = {"command",       "cmd",         "script",
                                                                  "shell_command", "commandline", "code"};
inline constexpr std::array<std::string_view, 11> kPathNames = {
    "file_path",     "path",          "filepath",      "filename", "file",    "target_file",
    "absolute_path", "relative_path", "notebook_path", "uri",      "dir_path"};
inline constexpr std::array<std::string_view, 7> kPatternNames = {"pattern", "query",       "regex", "regexp",
                                                                  "search",  "search_term", "q"};
inline constexpr std::array<std::string_view, 3> kUrlNames = {"url", "href", "link"};

inline bool is_one_of(ArgumentNames names, std::string_view name) {
  return std::ranges::any_of(names, [&](std::string_view known) { return base::equals_ci(name, known); });
}

}  // namespace headroom::detect
