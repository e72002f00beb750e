#pragma once

#include <string>

namespace headroom::config {

/// docs/OPTIONS.md, whole.
std::string options_markdown();

}  // namespace headroom::config
