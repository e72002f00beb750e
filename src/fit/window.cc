#include "fit/window.h"

#include "tokens/models.h"

namespace headroom::fit {

std::size_t window_for(std::string_view model, std::size_t output) {
  const tokens::ModelInfo* info = tokens::find_model(model);
  if (info == nullptr || info->context_window == 0) return 0;
  const auto window = static_cast<std::size_t>(info->context_window);
  // A request that asks for more than there is will be refused by the provider; fitting cannot help it.
  return output < window ? window - output : window;
}

}  // namespace headroom::fit
