#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agents/plan.h"

namespace headroom::agents {

/// An address that an agent sends requests to, and whose they are (EnvSetting::upstream).
struct Address {
  std::string where;  ///< the variable
  std::string url;
  std::string upstream;
};

/// What `headroom wrap` tells the agent by variables.
std::vector<Address> wrap_addresses(const Description& agent, const Situation& situation, std::string_view root);

/// The path of a request for an answer that the agent sends to an address with this path ("/v1", "/p/mine", ""); empty
/// when it is not known.
std::string request_path(const Description& agent, std::string_view upstream, std::string_view base);

}  // namespace headroom::agents
