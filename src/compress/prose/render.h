#pragma once

#include <string>
#include <string_view>

#include "compress/prose/selection.h"

namespace headroom::compress::prose {

/// The lines that stay, with a gap where others stood and the handle at the end. A gap says what went by its headings
/// or by words that nothing kept has.
std::string render(const Analysis& analysis, const Selection& selection, std::string_view id);

}  // namespace headroom::compress::prose
