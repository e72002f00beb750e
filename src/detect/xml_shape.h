#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "detect/content_type.h"

namespace headroom::detect {

/// XML that is no web page: it begins with a declaration.
std::optional<Detection> declared_xml(std::string_view text);

/// The same without one: what begins it closes at its end, and elements stand in it. Web pages are told apart before.
std::optional<Detection> xml_shape(std::string_view text);

/// Bytes up to the end of the document that begins here with a declaration; 0: it does not end.
std::size_t declared_xml_size(std::string_view text);

}  // namespace headroom::detect
