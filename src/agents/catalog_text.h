#pragma once

#include <span>
#include <string_view>

namespace headroom::agents {

/// A file of the catalog, in the program.
struct CatalogEntry {
  std::string_view name, text;
};

/// In the order of the names.
std::span<const CatalogEntry> catalog();

}  // namespace headroom::agents
