#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace headroom::config {

/// One setting of a config file, as text for set_option().
struct FileSetting {
  std::string key;  ///< dotted: "server.port"
  std::string text;
  int line = 0;
};

/// Reads TOML. kNotFound when there is no such file, kParse with line and column, kInvalidArgument for a value of a
/// kind that no option has (a date, a nested array).
base::Result<std::vector<FileSetting>> read_config_file(const std::string& path);

}  // namespace headroom::config
