#include "cli/listener.h"

#include <variant>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/json_document.h"
#include "cli/program.h"
#include "config/option_table.h"
#include "store/workspace_key.h"

namespace headroom::cli {
namespace {

using Kind = Listener::Kind;

constexpr std::string_view kUrlEnding = "-api-url";

}  // namespace

const std::vector<UpstreamOption>& upstream_options() {
  static const std::vector<UpstreamOption> all = [] {
    std::vector<UpstreamOption> found;
    for (const config::OptionSpec& spec : config::option_table()) {
      const auto* member = std::get_if<std::string config::Options::*>(&spec.member);
      if (!spec.name.ends_with(kUrlEnding) || member == nullptr) continue;
      found.push_back({std::string(spec.name.substr(0, spec.name.size() - kUrlEnding.size())), *member});
    }
    return found;
  }();
  return all;
}

std::string without_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

Listener look_at(const config::Options& options, int port, CallBounds bounds) {
  Listener found;
  const auto challenge = store::WorkspaceKey::new_challenge();
  const auto answer = http_call(port, "GET", "/health", "", bounds,
                                challenge ? fmt::format("X-Headroom-Challenge: {}\r\n", *challenge) : std::string());
  if (!answer) {
    found.kind = answer.error().code == base::ErrorCode::kUnavailable ? Kind::kNothing : Kind::kOther;
    return found;
  }
  found.kind = Kind::kOther;
  const auto doc = base::JsonDocument::parse(answer->body);
  if (!doc || doc->root().kind != base::JsonKind::kObject) return found;
  if (doc->string_member(doc->root(), "service") != "headroom-proxy") return found;
  found.version = doc->string_member(doc->root(), "version");
  // It may have made the key just now.
  const auto expected = challenge ? store::WorkspaceKey(options.workspace_dir).answer(*challenge, port) : std::nullopt;
  found.kind = expected && base::equal_secrets(*expected, doc->string_member(doc->root(), "proof")) ? Kind::kHeadroom
                                                                                                    : Kind::kForeign;
  if (found.kind == Kind::kForeign) return found;
  const base::JsonNode* config = doc->find(doc->root(), "config");
  for (const UpstreamOption& url : upstream_options()) {
    if (config == nullptr) break;
    found.upstreams[url.name] =
        without_slash(std::string(doc->string_member(*config, fmt::format("{}_api_url", url.name))));
  }
  return found;
}

std::string described(const Listener& listener, const config::Options& options) {
  switch (listener.kind) {
    case Kind::kNothing:
      return {};
    case Kind::kOther:
      return "another program";
    case Kind::kForeign:
      return fmt::format("a Headroom proxy that cannot prove to be of this workspace ({})", options.workspace_dir);
    case Kind::kHeadroom:
      return fmt::format("Headroom {}", listener.version);
  }
  return {};
}

}  // namespace headroom::cli
