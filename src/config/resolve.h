#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/option_table.h"

namespace headroom::config {

/// Value of an environment variable, nullopt when it is not set.
using Environment = std::function<std::optional<std::string>(std::string_view)>;

/// The process's own environment.
Environment process_environment();

enum class Origin : std::uint8_t { kDefault, kFile, kEnvironment, kFlag };

/// A flag as the command line gave it: the option's name, and "true" or "false" for a bool.
struct FlagValue {
  std::string name;
  std::string text;
};

/// Where one option's value came from.
struct OptionOrigin {
  Origin origin = Origin::kDefault;
  std::string detail;  ///< "--port", "HEADROOM_PORT", "/home/me/.headroom/config/config.toml", or empty
};

struct Resolved {
  Options options;
  std::vector<FlagValue> flags;       ///< what was given, to resolve once more with
  std::vector<OptionOrigin> origins;  ///< one for each line of option_table(), in its order
  std::string file;                   ///< the config file that was looked for
  bool file_found = false;
};

/// Flags over environment over config file over defaults; the folders are worked out. kInvalidArgument names the value,
/// where it came from and what is allowed; kParse and kIo for the file itself. Environment variables that are set but
/// empty count as not set.
base::Result<Resolved> resolve(std::span<const FlagValue> flags, const Environment& environment);

/// "flag --port", "environment HEADROOM_PORT", "default" ...
std::string describe(const OptionOrigin& origin);

}  // namespace headroom::config
