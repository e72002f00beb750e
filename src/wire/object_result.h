#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/reader.h"

namespace headroom::wire {

/// What a tool's result that is a JSON object says of the call that it answers.
struct ObjectResult {
  std::uint32_t message = 0;
  std::string_view id;
  std::string_view name;  ///< empty: the call has it
  bool is_error = false;
};

/// Adds the texts of an object that a tool gave. Where no member is worth looking at by itself, all of them together
/// are one text, and what stands in its place is an object again. An object or a list in it that is no wrapping of
/// texts is a text as a whole: JSON, which may be replaced by a string that says the same.
void read_object_result(Reader& reader, const base::JsonNode& object, const ObjectResult& result);

}  // namespace headroom::wire
