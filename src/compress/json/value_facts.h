#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json_document.h"

namespace headroom::compress::json {

/// The number that a value stands for when it is ordered: a JSON number, a quantity with a unit ("512Mi", "1.2 GB",
/// "35%", "$12.50"), the length of an array. Units are only comparable inside one column.
std::optional<double> quantity_of(const base::JsonNode& node);

/// An ISO 8601 date or time as one ordered number (digits of the fields in sequence); zones are not converted.
std::optional<double> time_of(std::string_view text);

/// Hash of the value's pattern: runs of letters, of digits and of hex are masked, punctuation stands. Values made by
/// the same template have the same shape.
std::uint64_t shape_of(const base::JsonNode& node);

/// True for null, "", [], {}, false, 0 and a few spellings of "nothing".
bool is_empty_value(const base::JsonNode& node);

}  // namespace headroom::compress::json
