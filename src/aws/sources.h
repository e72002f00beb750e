#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace headroom::aws {

/// A request to a service that gives credentials. May hold secrets.
struct HttpCall {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;  ///< without Host and Content-Length
  std::string body;
  std::chrono::milliseconds timeout{10'000};  ///< for all of it
  bool direct = false;                        ///< never by way of a proxy of the network
};
struct HttpAnswer {
  int status = 0;
  std::string body;
};

/// Where things are looked up: the value of a variable, the bytes of a file; nullopt when there is none. Asking and
/// running block; empty functions: no network, no programs. All may be called from any thread.
struct Sources {
  std::function<std::optional<std::string>(std::string_view name)> variable;
  std::function<std::optional<std::string>(const std::string& path)> file;
  std::function<base::Result<HttpAnswer>(const HttpCall& call, const std::stop_token& stop)> http = {};
  /// What a command line of the shell prints; see run_command().
  std::function<base::Result<std::string>(const std::string& command, const std::stop_token& stop)> run = {};
};

/// Those of this process, without a network. A file of more than 1 MiB counts as none.
Sources process_sources();

}  // namespace headroom::aws
