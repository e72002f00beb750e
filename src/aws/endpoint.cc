#include "aws/endpoint.h"

#include <algorithm>

#include <fmt/format.h>

#include "aws/config_files.h"

namespace headroom::aws {

std::optional<Endpoint> read_endpoint(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  Endpoint to;
  to.url = url;
  if (url.starts_with("http://")) {
    to.tls = false;
  } else if (!url.starts_with("https://")) {
    return std::nullopt;
  }
  url.remove_prefix(url.find("//") + 2);
  const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
  to.path = url.substr(end, url.find_first_of("?#") - end);
  const std::string_view authority = url.substr(0, end);
  if (authority.empty() || authority.contains('@') || authority.contains('\\')) return std::nullopt;
  std::string_view host = authority;
  if (host.starts_with('[')) {
    const std::size_t close = host.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    host = host.substr(1, close - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  to.host = host;
  to.authority = authority;
  const std::string_view usual = to.tls ? ":443" : ":80";
  if (to.authority.ends_with(usual)) to.authority.resize(to.authority.size() - usual.size());
  return host.empty() ? std::nullopt : std::optional(std::move(to));
}

base::Result<Endpoint> service_endpoint(const Sources& sources, std::string_view variable_name, std::string_view name,
                                        std::string_view region) {
  const std::string elsewhere = fmt::format("AWS_ENDPOINT_URL_{}", variable_name);
  std::string url = variable(sources, elsewhere);
  if (url.empty()) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (region.empty() || !std::ranges::all_of(region, fits)) {
      return base::fail(base::ErrorCode::kInvalidArgument, fmt::format("'{}' is no region of AWS", region));
    }
    url = fmt::format("https://{}.{}.amazonaws.com{}", name, region, region.starts_with("cn-") ? ".cn" : "");
  }
  auto to = read_endpoint(url);
  if (to && sources.http) return *std::move(to);
  if (to) return base::fail(base::ErrorCode::kUnavailable, "the network is not asked here");
  return base::fail(base::ErrorCode::kInvalidArgument, fmt::format("{} is no URL", elsewhere));
}

}  // namespace headroom::aws
