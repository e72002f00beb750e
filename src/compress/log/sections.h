#pragma once

#include <cstdint>
#include <vector>

#include "compress/log/line.h"
#include "compress/log/templates.h"

namespace headroom::compress::log {

/// One of many like blocks of lines, each begun by a line that identifies it: a commit, a package's description.
struct Section {
  std::uint32_t first = 0;
  std::uint32_t identity_last = 0;  ///< of the unbroken lines at the begin that say who, when, where
  std::uint32_t title = 0;          ///< first line below the identity; `first` when there is none
  std::uint32_t summary = 0;        ///< last line, when it holds a number ("3 files changed"); else `first`
  std::uint32_t last = 0;           ///< last line that is not blank
};

/// The sections of a text that consists of them for the most part; empty for any other text. Ascending, disjoint.
std::vector<Section> find_sections(const Document& document, const std::vector<Template>& templates);

}  // namespace headroom::compress::log
