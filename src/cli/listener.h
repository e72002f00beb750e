#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "agents/plan.h"
#include "cli/loopback_http.h"
#include "config/options.h"

namespace headroom::cli {

/// What listens on a port of this machine.
struct Listener {
  enum class Kind {
    kNothing,
    kOther,    ///< a program of another kind, or one that does not answer
    kForeign,  ///< it says that it is a proxy of ours and cannot prove that it is of this workspace: who gets an
               ///< agent's requests gets its keys, so it gets none; what else it says is not to be believed
    kHeadroom
  };
  Kind kind = Kind::kNothing;
  std::string version;
  agents::Upstreams upstreams;  ///< by the name of the option without "-api-url"
};

/// Asks the port what it is, and to prove it; takes at most as long and as much as `bounds` say.
Listener look_at(const config::Options& options, int port, CallBounds bounds = {.time_ms = 2000, .bytes = 1 << 20});

/// "another program", ...: for people, of what is not a proxy of this version; "" where nothing listens.
std::string described(const Listener& listener, const config::Options& options);

/// The option of each upstream.
struct UpstreamOption {
  std::string name;  ///< without "-api-url"
  std::string config::Options::* member;
};
const std::vector<UpstreamOption>& upstream_options();

/// An address without the slashes at its end.
std::string without_slash(std::string text);

}  // namespace headroom::cli
