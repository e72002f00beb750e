#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compress/diff/document.h"

namespace headroom::compress::diff {

/// The same replacement, made in many places.
struct Template {
  std::string text;                 ///< "get_user -> fetch_user", shortened, for a gap
  std::vector<std::uint32_t> runs;  ///< indexes into Document::runs, ascending
};

constexpr std::uint32_t kNoTemplate = 0xFFFFFFFF;

struct Templates {
  std::vector<Template> all;
  std::vector<std::uint32_t> of_run;  ///< per run; kNoTemplate: it is like no other
};

/// Groups the runs by what they replace with what, token by token: first those with exactly the same edit, then those
/// whose edit differs in numbers that the new side takes over from the old one. Groups of fewer than `smallest` runs
/// are none.
Templates find_templates(const Document& document, std::size_t smallest);

/// A run that is of a template but deviates from the rest of its group, so that it should be seen: its lines speak of
/// what guards something (checks, limits, credentials, raised errors) where those of most others do not, or it has a
/// number that most others do not have.
std::vector<std::uint8_t> deviating_runs(const Document& document, const Templates& templates);

}  // namespace headroom::compress::diff
