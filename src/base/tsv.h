#pragma once

#include <charconv>
#include <string_view>
#include <vector>

namespace headroom::base {

/// The rows of a table whose cells stand between tabs, without empty lines and those that start with '#'. Each row has
/// `columns` cells, the missing ones empty. The views point into `table`.
std::vector<std::vector<std::string_view>> tsv_rows(std::string_view table, std::size_t columns);

/// The number that the text begins with, else 0.
template <typename Number>
Number number_in(std::string_view text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace headroom::base
