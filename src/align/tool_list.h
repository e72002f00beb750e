#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "align/volatile_text.h"
#include "base/splice.h"

namespace headroom::align {

/// A value in a description, at any depth of a tool.
struct ToolValue {
  Kind kind = Kind::kId;
  std::string text;
  std::string label, id_name;
  bool silent = false;
  base::Span literal;  ///< the string that holds it, in the list's bytes
};

struct ToolShape {
  std::string name;
  std::string digest;  ///< equal for tools that differ in the order of keys, white space, cache marks and values only
  std::string mark;    ///< its cache mark's JSON; "" without one
  std::vector<ToolValue> values;  ///< in an order that the order of keys has no part in
};

/// Reads the elements of a list of tools (without the brackets). Empty when they are not JSON.
std::vector<ToolShape> tool_shapes(std::string_view elements);

}  // namespace headroom::align
