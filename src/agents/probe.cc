#include "agents/probe.h"

#include <algorithm>

#include <fmt/format.h>

namespace headroom::agents {

std::vector<Address> wrap_addresses(const Description& agent, const Situation& given, std::string_view root) {
  const Situation situation = with_variables_of(agent, given);
  std::vector<Address> found;
  for (const EnvSetting& setting : agent.env) {
    const bool address = setting.value.starts_with("{root}") || setting.value.starts_with("{v1}");
    if (!address || setting.upstream.empty() || !applies(setting, situation)) continue;
    found.push_back({setting.name, with_address(setting.value, root), setting.upstream});
  }
  return found;
}

std::string request_path(const Description& agent, std::string_view upstream, std::string_view base) {
  while (base.ends_with('/')) base.remove_suffix(1);
  const bool versioned = base.ends_with("/v1") || base.ends_with("/v1beta");
  const std::string before = std::string(base) + (versioned ? "" : "/v1");
  if (upstream == "anthropic") return before + "/messages";
  if (upstream == "openai") return before + (agent.probe.empty() ? "/chat/completions" : agent.probe);
  if (upstream == "all") return std::string(base) + "/chat/completions";
  if (upstream == "gemini") return std::string(base) + (versioned ? "" : "/v1beta") + "/models/m:generateContent";
  if (upstream == "cloudcode") return std::string(base) + "/v1internal:generateContent";
  if (upstream == "bedrock") return std::string(base) + "/model/m/invoke";
  if (upstream == "vertex") {
    return before + "/projects/p/locations/l/publishers/" +
           (versioned ? "anthropic/models/m:rawPredict" : "google/models/m:generateContent");
  }
  return {};
}

}  // namespace headroom::agents
