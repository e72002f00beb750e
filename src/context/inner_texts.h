#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/splice.h"

namespace headroom::context {

/// A long text that stands as a string in JSON: the page of a search result, the body of an issue, a patch.
struct InnerText {
  base::Span literal;  ///< of the JSON: the string with its quotes
  std::string text;    ///< decoded
};

/// The long strings of a JSON value, in order, where they make up much of it and are not too many to look at; else
/// none, as for what is no JSON. What JSON in a string says is left to who reads the whole.
std::vector<InnerText> find_inner_texts(std::string_view json);

/// The JSON with other texts in the place of these; one text for each.
std::string with_inner_texts(std::string_view json, const std::vector<InnerText>& inner,
                             const std::vector<std::string>& texts);

}  // namespace headroom::context
