#include "proxy/provider.h"

#include <algorithm>

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
    {"bedrock", &config::Options::bedrock_api_url},
}};

}  // namespace

base::Result<Upstreams> read_upstreams(const config::Options& options) {
  Upstreams upstreams;
  for (std::size_t i = 0; i < kAddresses.size(); ++i) {
    if ((options.*kAddresses[i].member).empty()) continue;
    auto url = parse_upstream_url(options.*kAddresses[i].member);
    if (!url) {
      return base::fail(url.error().code, fmt::format("{}-api-url: {}", kAddresses[i].name, url.error().message));
    }
    upstreams[i] = *std::move(url);
  }
  return upstreams;
}

bool is_region(std::string_view text) {
  static constexpr std::size_t kLongest = 32;
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= kLongest && std::ranges::all_of(text, fits) && text.front() != '-' &&
         text.back() != '-';
}

UpstreamUrl regional_upstream(Provider provider, std::string_view region) {
  UpstreamUrl url;
  url.port = "443";
  if (provider == Provider::kBedrock) {
    url.host = fmt::format("bedrock-runtime.{}.amazonaws.com{}", region, region.starts_with("cn-") ? ".cn" : "");
  } else if (region.empty() || region == "global") {
    url.host = "aiplatform.googleapis.com";
  } else if (region == "us" || region == "eu") {  // several regions together
    url.host = fmt::format("aiplatform.{}.rep.googleapis.com", region);
  } else {
    url.host = fmt::format("{}-aiplatform.googleapis.com", region);
  }
  url.authority = url.host;
  return url;
}

std::string upstreams_line(const config::Options& options) {
  std::string line;
  for (const Address& address : kAddresses) {
    const std::string& url = options.*address.member;
    line += fmt::format("{}{} {}", line.empty() ? "" : " ", address.name, url.empty() ? "by region" : url);
  }
  return line;
}

}  // namespace headroom::proxy
