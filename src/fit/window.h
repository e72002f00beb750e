#pragma once

#include <cstddef>
#include <string_view>

namespace headroom::fit {

/// Tokens of input that the model's window holds beside an answer of `output` tokens; 0 when the model is not known.
std::size_t window_for(std::string_view model, std::size_t output = 0);

}  // namespace headroom::fit
