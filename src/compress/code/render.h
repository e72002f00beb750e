#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compress/code/cuts.h"
#include "compress/code/language.h"
#include "compress/code/listing.h"
#include "compress/code/outline.h"
#include "compress/code/plain_members.h"

namespace headroom::compress::code {

struct Rendered {
  std::string text;  ///< what is sent, without a handle
  std::size_t lines_gone = 0;
};

/// The kept rows as they came, and a gap in a comment for each run of others. A gap may take over the "}" or the quotes
/// that close what it stands in. Runs that a gap would not make shorter, or that cannot go by themselves, stay. `cuts`
/// is nullptr for code without a tree. `runs`, by rows, go as a whole, and their gaps say what is in
/// them.
Rendered render(const Language& language, const Listing& listing, const Outline& outline, Cuts* cuts,
                std::vector<bool> keep, const std::vector<FoldedRun>& runs);

}  // namespace headroom::compress::code
