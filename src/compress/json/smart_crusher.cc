#include "compress/json/smart_crusher.h"

namespace headroom::compress {

std::optional<Output> SmartCrusher::compress(const Input&) const { return std::nullopt; }

}  // namespace headroom::compress
