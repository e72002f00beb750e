#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace headroom::aws {

/// What requests are signed with. Secret but for the id.
struct Credentials {
  std::string key_id;
  std::string secret;
  std::string session_token;  ///< empty for those that last
};

/// Credentials as a source gave them. Times are milliseconds since the Unix epoch.
struct Found {
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  Credentials credentials;
  std::int64_t expires_ms = kNever;
  bool may_change = false;  ///< from a file that other tools write: worth reading again now and then
};

}  // namespace headroom::aws
