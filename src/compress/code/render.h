#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compress/code/language.h"
#include "compress/code/listing.h"
#include "compress/code/outline.h"
#include "compress/code/syntax.h"

namespace headroom::compress::code {

struct Rendered {
  std::string text;                       ///< what is sent, without a handle
  std::string code;                       ///< the same without gutter and what stands around the code: must parse
  std::vector<Replacement> replacements;  ///< how `code` differs from the listing's
  std::size_t lines_gone = 0;
};

/// The kept rows as they came, and a gap in a comment for each run of others. A gap may take over the "}" or the quotes
/// that close what it stands in. Runs that a gap would not make shorter stay.
Rendered render(const Language& language, const Listing& listing, const Outline& outline, std::vector<bool> keep);

}  // namespace headroom::compress::code
