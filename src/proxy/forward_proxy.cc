#include "proxy/forward_proxy.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/base64.h"
#include "proxy/guard.h"
#include "proxy/query_string.h"

namespace headroom::proxy {
namespace {

base::Result<ForwardProxy> parse(std::string_view text, std::string_view origin) {
  const auto bad = [&](std::string_view why) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("{}: {}; write it as http://host:port", origin, why));
  };
  ForwardProxy proxy;
  const std::size_t scheme = text.find("://");
  // As curl has it, a proxy without a scheme is an http:// one.
  if (scheme != std::string_view::npos && !text.starts_with("http://")) {
    return bad("only http:// proxies are spoken to (TLS to the provider goes through them)");
  }
  std::string_view rest = scheme == std::string_view::npos ? text : text.substr(scheme + 3);
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    std::string user(rest.substr(0, at));
    for (std::size_t plus = 0; (plus = user.find('+', plus)) != std::string::npos;) user.replace(plus, 1, "%2B");
    proxy.authorization = "Basic " + base::base64_encode(percent_decode(user));
    rest.remove_prefix(at + 1);
  }
  // The message of a failure must not repeat what may be a password.
  auto url = parse_upstream_url(fmt::format("http://{}", rest));
  if (!url) return bad("this is no address of a proxy");
  proxy.url = std::move(*url);
  return proxy;
}

base::Result<std::optional<ForwardProxy>> from_environment(const config::Environment& environment,
                                                           std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto value = environment(name);
    if (!value || value->empty()) continue;
    auto proxy = parse(*value, fmt::format("environment {}", name));
    if (!proxy) return std::unexpected(proxy.error());
    return std::optional<ForwardProxy>(std::move(*proxy));
  }
  return std::optional<ForwardProxy>();
}

bool ends_with_domain(std::string_view host, std::string_view domain) {
  if (domain.starts_with('.')) domain.remove_prefix(1);
  if (equals_ci(host, domain)) return true;
  return host.size() > domain.size() && host[host.size() - domain.size() - 1] == '.' &&
         equals_ci(host.substr(host.size() - domain.size()), domain);
}

bool fits(std::string_view rule, const UpstreamUrl& upstream) {
  if (rule == "*") return true;
  if (rule.starts_with("*.")) rule.remove_prefix(1);
  const std::size_t colon = rule.rfind(':');
  const bool has_port = colon != std::string_view::npos && rule.find(':') == colon;
  if (has_port && rule.substr(colon + 1) != upstream.port) return false;
  if (has_port) rule = rule.substr(0, colon);
  if (rule.starts_with('[') && rule.ends_with(']')) rule = rule.substr(1, rule.size() - 2);
  return !rule.empty() && ends_with_domain(upstream.host, rule);
}

}  // namespace

std::string ForwardProxy::connect_head(const UpstreamUrl& upstream) const {
  const bool v6 = upstream.host.find(':') != std::string::npos;
  const std::string target =
      v6 ? fmt::format("[{}]:{}", upstream.host, upstream.port) : fmt::format("{}:{}", upstream.host, upstream.port);
  std::string head = fmt::format("CONNECT {} HTTP/1.1\r\nHost: {}\r\n", target, target);
  if (!authorization.empty()) head += fmt::format("Proxy-Authorization: {}\r\n", authorization);
  return head + "\r\n";
}

base::Result<ForwardProxies> ForwardProxies::make(const config::Options& options,
                                                  const config::Environment& environment) {
  ForwardProxies proxies;
  proxies.direct_ = options.no_proxy;
  if (!options.http_proxy.empty()) {
    auto proxy = parse(options.http_proxy, "http-proxy");
    if (!proxy) return std::unexpected(proxy.error());
    proxies.for_tls_ = proxies.for_plain_ = std::move(*proxy);
    return proxies;
  }
  auto tls = from_environment(environment, {"HTTPS_PROXY", "https_proxy"});
  if (!tls) return std::unexpected(tls.error());
  auto plain = from_environment(environment, {"HTTP_PROXY", "http_proxy"});
  if (!plain) return std::unexpected(plain.error());
  proxies.for_tls_ = std::move(*tls);
  proxies.for_plain_ = std::move(*plain);
  return proxies;
}

const ForwardProxy* ForwardProxies::to(const UpstreamUrl& upstream) const {
  const std::optional<ForwardProxy>& proxy = upstream.tls ? for_tls_ : for_plain_;
  if (!proxy || is_loopback_authority(upstream.authority)) return nullptr;
  const bool direct = std::ranges::any_of(direct_, [&](const std::string& rule) { return fits(rule, upstream); });
  return direct ? nullptr : &*proxy;
}

}  // namespace headroom::proxy
