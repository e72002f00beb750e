#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compress/compressor.h"
#include "compress/xml/document.h"
#include "compress/xml/levels.h"

namespace headroom::compress::xml {

struct Selection {
  std::vector<bool> gone;  ///< by element: it goes as a whole, and what stands around it stays
  std::size_t records = 0, kept = 0;
  std::string what;                ///< of the records, for the handle
  std::vector<std::string> notes;  ///< for --explain
};

/// Of each list the records that stay: failures, what the question asks for, what differs, first and last. Whole
/// elements only; what stays is shown with all that is in it.
Selection select_records(const Document& document, const std::vector<Chain>& chains, const Input& input);

}  // namespace headroom::compress::xml
