#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "compress/diff/document.h"
#include "compress/diff/selection.h"

namespace headroom::compress::diff {

/// Stretches of at least `shortest` removed lines of a run that come back among its added lines, in order, with nothing
/// but white space changed. Lines, the last excluded.
std::vector<std::pair<std::uint32_t, std::uint32_t>> respaced_lines(const Document& document, const Run& run,
                                                                    std::uint32_t shortest);

/// Stretches of added or of removed lines that stand, added or removed, above: what was moved, and what several files
/// get alike. None overlap, and none is what another one is a copy of.
std::vector<Copy> find_copies(const Document& document);

}  // namespace headroom::compress::diff
