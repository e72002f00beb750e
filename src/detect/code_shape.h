#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "detect/content_type.h"

namespace headroom::detect {

/// Source by its statements, whatever its language and without a file's name. Comments and documentation in it count
/// for nothing, so that little code below much of either is code all the same. Diagnostics that quote source, logs,
/// settings and markup are none. `quotes`: something among the lines speaks
/// for a report that quotes source, so that more of them must be statements.
std::optional<Detection> code_shape(std::span<const std::string_view> lines, bool quotes);

/// "#!/bin/sh", "#!/usr/bin/env python3": an interpreter's name opens the text.
bool opens_as_script(std::string_view text);

}  // namespace headroom::detect
