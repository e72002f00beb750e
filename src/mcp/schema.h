#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::mcp {

enum class FieldType { kString, kInteger, kNumber, kBoolean, kStrings, kObject, kObjects, kPassages };

/// A member of what a tool takes or gives. Schemas are made of these, and arguments are checked against them.
struct Field {
  std::string_view name;
  FieldType type = FieldType::kString;
  std::string_view description;
  bool required = false;
  std::vector<std::string_view> choices = {};  ///< of a string; empty: any
  bool unlisted = false;  ///< for programs; models are not told, as their window pays for each word
};

/// A JSON Schema (2020-12) of an object with these members.
std::string object_schema(std::span<const Field> fields);

}  // namespace headroom::mcp
