#include "compress/json/smart_crusher.h"

#include "compress/json/layout.h"

namespace headroom::compress {

std::optional<Output> SmartCrusher::compress(const Input& input) const {
  const base::Result<json::Layout> layout = json::Layout::parse(input.text, input.type == detect::ContentType::kNdjson);
  if (!layout) return std::nullopt;
  Output output;
  output.text = layout->write({});
  output.strategy = layout->tables().empty() ? "json:minify" : "json:table";
  if (output.text.size() >= input.text.size()) return std::nullopt;
  return output;
}

}  // namespace headroom::compress
