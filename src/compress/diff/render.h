#pragma once

#include <string>
#include <string_view>

#include "compress/diff/document.h"
#include "compress/diff/selection.h"
#include "compress/diff/templates.h"

namespace headroom::compress::diff {

/// Puts lines back into the selection where a gap would cost as much as they do.
void settle(const Document& document, const Templates& templates, Selection& selection);

/// The kept lines with a gap for every run of others and the handle at the end.
std::string render(const Document& document, const Templates& templates, const Selection& selection,
                   std::string_view id);

}  // namespace headroom::compress::diff
