#pragma once

#include <string>
#include <vector>

#include "wire/conversation.h"

namespace headroom::cli {

/// One agent session as a request body, with the facts that its last question asks for.
struct DemoSession {
  std::string name;
  wire::Api api = wire::Api::kAnthropicMessages;
  std::string body;
  std::vector<std::string> needles;  ///< must reach the provider, readable, in what the tools returned
};

/// The sessions of `headroom demo`. Made from a fixed seed: the same bytes on every machine.
std::vector<DemoSession> demo_sessions();

}  // namespace headroom::cli
