#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_document.h"
#include "compress/json/table.h"

namespace headroom::compress::json {

/// How the values of a column come from those of another in the same row: `prefix`, the other's text, `suffix`. Where
/// the other has no text (it is missing, or no string and no number), the column is missing.
struct Derivation {
  std::uint32_t source = kMissing;  ///< column; kMissing: the column stands by itself
  std::string_view prefix, suffix;
};

/// Of columns that say what another says already, how: equal ones, and the addresses of an API that only hold what
/// another column is ("https://api.example.com/users/{login}/followers"), where a record has several of them. Addresses
/// for people stay as they are. `own[i]`: column i has a cell in every row, and only such are looked at. Exceptions are
/// few, but there may be some: see `derived_holds`.
std::vector<Derivation> derive_columns(const base::JsonDocument& doc, const Table& table, const std::vector<bool>& own);

/// The row's value of the column is what the derivation says.
bool derived_holds(const base::JsonDocument& doc, const Table& table, std::uint32_t column, const Derivation& how,
                   std::size_t row);

/// The derivation as a header shows it, "prefix{name}suffix", taken apart at the first `{name}` of a name that is in
/// `names`; false when there is none.
struct DerivationText {
  std::string_view prefix, source, suffix;
};
bool split_derivation(std::string_view text, const std::vector<std::string_view>& names, DerivationText& out);

/// The JSON string that the derivation makes of the source's JSON; empty when the source has no text.
std::string derive_json(std::string_view prefix, std::string_view source_json, std::string_view suffix);

}  // namespace headroom::compress::json
