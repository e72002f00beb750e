#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "compress/html/content.h"
#include "compress/html/document.h"

namespace headroom::compress::html {

/// The JSON that an element carries in a data attribute, references replaced, or that a data script holds; else empty.
std::string data_of(const Document& document, std::uint32_t node);

/// Pages that a script fills carry their content as data. Adds such elements to `content` when the page itself has
/// little text. Returns false when the content may be in a script's own code, so that the page must stay whole.
bool add_data(const Document& document, Content& content);

}  // namespace headroom::compress::html
