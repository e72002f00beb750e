#include "fit/window.h"

#include <charconv>

#include "base/json_document.h"
#include "tokens/models.h"

namespace headroom::fit {

std::size_t window_for(std::string_view model, std::size_t output) {
  const tokens::ModelInfo* info = tokens::find_model(model);
  if (info == nullptr || info->context_window == 0) return 0;
  const auto window = static_cast<std::size_t>(info->context_window);
  // A request that asks for more than there is will be refused by the provider; fitting cannot help it.
  return output < window ? window - output : window;
}

std::size_t requested_output(std::string_view body) {
  const auto document = base::JsonDocument::parse(body);
  if (!document || document->root().kind != base::JsonKind::kObject) return 0;
  for (std::string_view key : {"max_completion_tokens", "max_tokens", "max_output_tokens"}) {
    const base::JsonNode* value = document->find_last(document->root(), key);
    if (value == nullptr || value->kind != base::JsonKind::kNumber) continue;
    std::size_t tokens = 0;
    const auto [end, error] = std::from_chars(value->raw.data(), value->raw.data() + value->raw.size(), tokens);
    if (error == std::errc{} && end == value->raw.data() + value->raw.size()) return tokens;
  }
  return 0;
}

}  // namespace headroom::fit
