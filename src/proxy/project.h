#pragma once

#include <expected>
#include <string>

#include "proxy/http_head.h"

namespace headroom::proxy {

/// The project that a request names: as "/p/NAME" before its path, which is then taken away, else in
/// "x-headroom-project" (or "-project-id"); empty when it names none. What is kept for one project is not found by
/// another, so a name that cannot be one is refused rather than ignored.
std::expected<std::string, HttpError> take_project(RequestHead& head);

}  // namespace headroom::proxy
