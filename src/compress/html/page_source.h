#pragma once

#include <string_view>

#include "compress/compressor.h"

namespace headroom::compress::html {

/// The call shows a file that somebody writes, a template or a page of an application, rather than a page that somebody
/// reads: what counts in it is the markup.
bool is_page_source(const Query& query, std::string_view page);

}  // namespace headroom::compress::html
