#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "compress/table/grid.h"
#include "compress/xml/document.h"

namespace headroom::compress::xml {

/// The elements as rows of a table: a column for each attribute, for what each element in them says, and for the names
/// of what stands around them. Views point into `text` and `document`. Of `frames` around records what is built in them
/// is left out: it has rows of its own.
table::Grid records_of(const Document& document, std::string_view text, std::span<const std::uint32_t> elements,
                       bool frames = false);

/// The record tells of a failure: an element in it, or one of its attributes, says so.
bool tells_of_failure(const Document& document, std::uint32_t element);

}  // namespace headroom::compress::xml
