#include "proxy/upstream_url.h"

#include <algorithm>

#include <fmt/format.h>

namespace headroom::proxy {
namespace {

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_host(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '_' || c == ':';
  });
}

}  // namespace

base::Result<UpstreamUrl> parse_upstream_url(std::string_view url) {
  const auto bad = [](std::string_view why) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("bad upstream URL: {}; write it as https://host[:port][/path]", why));
  };
  UpstreamUrl result;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    result.tls = false;
    rest.remove_prefix(7);
  } else {
    return bad("it starts neither with https:// nor with http://");
  }
  const std::size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  if (authority.find('@') != std::string_view::npos) return bad("it holds credentials");
  for (const char c : path) {
    if (c == '?' || c == '#') return bad("it has a query");
    if (static_cast<unsigned char>(c) <= 0x20) return bad("its path has white space");
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  result.base_path = path;

  std::string_view host = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return bad("an IPv6 address without its ]");
    host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
    if (!port.empty() && !port.starts_with(':')) return bad("rubbish after the ]");
    if (!port.empty()) port.remove_prefix(1);
  } else if (const std::size_t colon = authority.rfind(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon + 1);
    if (host.find(':') != std::string_view::npos) return bad("an IPv6 address needs [ ]");
  }
  if (!is_host(host)) return bad("it has no host");
  const std::string_view standard = result.tls ? "443" : "80";
  if (port.empty() && authority.ends_with(':')) return bad("the port is missing");
  if (port.empty()) port = standard;
  if (!is_port(port)) return bad("the port is no number");
  result.host = host;
  result.port = port;
  const std::string shown = host.find(':') == std::string_view::npos ? std::string(host) : fmt::format("[{}]", host);
  result.authority = port == standard ? shown : fmt::format("{}:{}", shown, port);
  return result;
}

}  // namespace headroom::proxy
