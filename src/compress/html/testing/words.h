#pragma once

#include <string>
#include <string_view>

namespace headroom::compress::html::testing {

/// The first word of a compressed page that is not the next one still to come of the page's own text: something that
/// was invented, changed or moved. Empty when there is none. For tests and fuzzing.
std::string first_foreign_word(std::string_view page, std::string_view output);

}  // namespace headroom::compress::html::testing
