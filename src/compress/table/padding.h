#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "compress/table/grid.h"

namespace headroom::compress::table {

// The spaces that align cells are left out where they can be put back exactly:
//
//   [padding left out; columns at 1 -16 -22 27]
//   USER PID %CPU COMMAND
//   root 1 0.4 /sbin/init
//   ~a line that stands as it was
//
// A number is the place where the cells of a column begin; with a minus sign, where they end. In a table drawn with
// bars it is the width of the column, minus for cells at its right: "[padding left out; widths 5 -10 8]".

/// The grid's text without padding, or nullopt when little would be gained. put_padding_back() is the inverse. `tight`:
/// no spaces beside bars either, and no bars at the ends.
std::optional<std::string> leave_padding_out(const Grid& grid, bool ends_with_newline, bool tight);

/// The text that `squeezed` stands for. kParse when it does not begin as leave_padding_out() begins.
base::Result<std::string> put_padding_back(std::string_view squeezed);

}  // namespace headroom::compress::table
