#pragma once

#include <span>
#include <string>
#include <string_view>

namespace headroom::cli {

/// What keeps the proxy running for a user: a unit of systemd's user manager, or an agent of launchd.
struct Service {
  std::string file;  ///< where its manager looks for it
  std::string content;
  bool launchd = false;
};

/// For this system; `home` and `config_home` are the user's, `program` is ours, and `words` are those of `headroom
/// proxy` beside its port.
Service service_for(std::string_view program, std::string_view home, std::string_view config_home, int port,
                    std::span<const std::string> words, bool launchd);

/// The words that tell the manager to start, stop or restart it; "enable" and "disable" for good. One that runs
/// already is started anew by "enable", with what its file says now.
std::string service_command_line(std::string_view action, bool launchd, std::string_view file);

}  // namespace headroom::cli
