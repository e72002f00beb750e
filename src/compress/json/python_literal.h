#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::compress::json {

/// What a Python program prints of lists, tuples and dicts ("[{'id': 1, 'left': None}]", "[(1, 'a'), (2, 'b')]") as
/// JSON: tuples become arrays, and what JSON has no form for, such as "Decimal('1.50')" or "datetime.date(2026, 1, 2)",
/// becomes a string of its source. nullopt: the text is no such value, or says nothing that JSON does not. Not
/// invertible, so whoever uses the result keeps the original. Linear.
std::optional<std::string> json_of_python(std::string_view text);

}  // namespace headroom::compress::json
