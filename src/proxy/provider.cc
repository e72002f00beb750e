#include "proxy/provider.h"

#include <fmt/format.h>

namespace headroom::proxy {
namespace {

struct Address {
  std::string_view name;  ///< of the provider; its option is "NAME-api-url"
  std::string config::Options::* member;
};

/// By Provider.
constexpr std::array<Address, kProviders> kAddresses = {{
    {"anthropic", &config::Options::anthropic_api_url},
    {"openai", &config::Options::openai_api_url},
    {"gemini", &config::Options::gemini_api_url},
    {"cloudcode", &config::Options::cloudcode_api_url},
    {"vertex", &config::Options::vertex_api_url},
    {"chatgpt", &config::Options::chatgpt_api_url},
}};

}  // namespace

base::Result<Upstreams> read_upstreams(const config::Options& options) {
  Upstreams upstreams;
  for (std::size_t i = 0; i < kAddresses.size(); ++i) {
    auto url = parse_upstream_url(options.*kAddresses[i].member);
    if (!url) {
      return base::fail(url.error().code, fmt::format("{}-api-url: {}", kAddresses[i].name, url.error().message));
    }
    upstreams[i] = *std::move(url);
  }
  return upstreams;
}

std::string upstreams_line(const config::Options& options) {
  std::string line;
  for (const Address& address : kAddresses) {
    line += fmt::format("{}{} {}", line.empty() ? "" : " ", address.name, options.*address.member);
  }
  return line;
}

}  // namespace headroom::proxy
