#pragma once

#include <string_view>

#include "detect/content_type.h"

namespace headroom::detect {

/// What the name of a file says about what is in it: "src/a.py" is code. kOther when the name tells nothing.
ContentType content_type_of_path(std::string_view path);

/// What the info string of a fence says ("python", "json title=x"); kOther: nothing, as for "text" and "".
ContentType content_type_of_language(std::string_view language);

/// One word that could be the path of a file: "src/a.py", "Makefile.am", "/etc/hosts".
bool looks_like_path(std::string_view word);

}  // namespace headroom::detect
