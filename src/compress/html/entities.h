#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headroom::compress::html {

/// Appends what the character reference at the start of `text` ("&amp;", "&#8217;") stands for and returns its length;
/// 0, with nothing appended, when none is there.
std::size_t decode_entity(std::string_view text, std::string& out);

/// The text with its character references replaced; white space stays.
std::string decoded(std::string_view text);

}  // namespace headroom::compress::html
