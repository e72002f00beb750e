#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/original_list.h"
#include "store/original_store.h"

namespace headroom::mcp {

struct Resource {
  std::string uri, name, description, mime_type;
  std::int64_t size = 0;  ///< bytes
};

struct ResourceTemplate {
  std::string uri_template, name, description, mime_type;
};

struct ResourceContent {
  std::string mime_type;
  std::string bytes;  ///< text in UTF-8, or any bytes
};

/// What a server lets its clients read. Thread-safe.
class Resources {
 public:
  virtual ~Resources() = default;
  virtual base::Result<std::vector<Resource>> list() = 0;
  virtual std::vector<ResourceTemplate> templates() = 0;
  /// kNotFound for a URI that names nothing, of whatever form it is.
  virtual base::Result<ResourceContent> read(std::string_view uri) = 0;
};

/// Originals as "headroom://original/HASH". `list_path`: the store's file, of which the newest are listed; empty: none
/// is listed, and all can be read. `store` must outlive it.
std::unique_ptr<Resources> original_resources(store::OriginalStore& store, std::string list_path);

}  // namespace headroom::mcp
