#pragma once

#include <string_view>

#include "detect/content_type.h"

namespace headroom::detect {

/// An HTML page or a piece of one: after what may stand in front (a byte order mark, the head of an HTTP answer,
/// comments, a doctype) comes markup whose elements are HTML's. Other XML, templates of programs and components that
/// are mostly code are none. kOther when it is not HTML.
Detection html_shape(std::string_view text);

}  // namespace headroom::detect
