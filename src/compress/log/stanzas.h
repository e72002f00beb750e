#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/log/line.h"

namespace headroom::compress::log {

/// One of many like records of fields, "Key: value" a line, each begun by the same key, or by a name of its own below
/// which the fields stand indented; blank lines may part them or not.
struct Stanza {
  std::uint32_t first = 0;
  std::uint32_t last = 0;  ///< last line that is not blank
  bool named = false;
};

/// The key of a line "Key: value", one to three words; empty where there is none.
std::string_view field_key(std::string_view line);

/// The records of a text that consists of them for the most part; empty for any other text. Ascending, disjoint.
std::vector<Stanza> find_stanzas(const Document& document);

}  // namespace headroom::compress::log
