#include "proxy/guard.h"

#include <algorithm>
#include <array>

#include "base/hash.h"

namespace headroom::proxy {
namespace {

constexpr std::string_view kForeignPage = "a web page of another origin may not use this proxy";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_name(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_' ||
         c == ':';
}

// The host of "host", "host:port", "[v6]" or "[v6]:port"; "" for anything else.
std::string_view host_of(std::string_view authority) {
  std::string_view port;
  std::string_view host = authority;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return {};
    host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
  } else if (const std::size_t colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  const bool fits = port.empty() || (port.front() == ':' && std::ranges::all_of(port.substr(1), is_digit));
  return fits && std::ranges::all_of(host, is_name) ? host : std::string_view();
}

// Digits and dots in four parts; what is no address after all is no name either.
bool is_v4(std::string_view host) {
  return std::ranges::count(host, '.') == 3 && !host.starts_with('.') && !host.ends_with('.') &&
         std::ranges::all_of(host, [](char c) { return c == '.' || is_digit(c); });
}

bool ends_with_ci(std::string_view text, std::string_view suffix) {
  return text.size() > suffix.size() && equals_ci(text.substr(text.size() - suffix.size()), suffix);
}

// The name that we were told to bind may be used as a name for us, unless it is a wildcard address: pages reach
// loopback through those, too.
bool is_bound_name(std::string_view host, const Access& access) {
  return !host.empty() && access.bind_host != "0.0.0.0" && access.bind_host != "::" &&
         equals_ci(host, access.bind_host);
}

bool is_allowed_name(std::string_view host, const Access& access) {
  return !host.empty() &&
         std::ranges::any_of(access.allowed_hosts, [&](const std::string& name) { return equals_ci(host, name); });
}

// Names that no page of the internet can have, so that rebinding cannot lead here under them: addresses, names without
// a dot, and the domains that are set aside for private networks.
bool is_private_name(std::string_view host) {
  if (host.empty() || host == "0.0.0.0" || host == "::") return false;
  if (is_v4(host) || host.contains(':') || !host.contains('.')) return true;
  static constexpr std::array<std::string_view, 4> kPrivate{".localhost", ".internal", ".local", ".home.arpa"};
  return std::ranges::any_of(kPrivate, [&](std::string_view domain) { return ends_with_ci(host, domain); });
}

// Of an origin that a browser writes; "" for "null" and others that are no web page's.
std::string_view authority_of_page(std::string_view origin) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return origin.substr(scheme.size());
  }
  return {};
}

// An Origin is ours when its host is loopback or the name that we were told to bind. Browsers also say that a page of
// another site is behind a request without Origin (an image, a form that reads); following a link is no such thing.
// Of two that say different things, the worse counts.
bool is_foreign_page(const RequestHead& request, const Access& access) {
  const bool link = equals_ci(request.fields.get("sec-fetch-mode"), "navigate");
  return std::ranges::any_of(request.fields, [&](const Field& field) {
    if (equals_ci(field.name, "sec-fetch-site")) return equals_ci(field.value, "cross-site") && !link;
    if (!equals_ci(field.name, "origin")) return false;
    const std::string_view page = authority_of_page(field.value);
    return !is_loopback_authority(page) && !is_bound_name(host_of(page), access);
  });
}

// Another server of this machine is another origin, too, where something is changed.
bool is_own_page(const RequestHead& request) {
  if (!request.fields.has("origin")) return !equals_ci(request.fields.get("sec-fetch-site"), "same-site");
  const std::string_view page = authority_of_page(request.fields.get("origin"));
  return !page.empty() && equals_ci(page, request.authority);
}

bool is_json(const RequestHead& request) {
  const std::string_view type = request.fields.get("content-type");
  return equals_ci(type.substr(0, std::min(type.find(';'), type.size())), "application/json");
}

bool is_passed_on(const RequestHead& request) {
  static constexpr std::array<std::string_view, 4> kGateways{"forwarded", "x-forwarded-for", "x-real-ip", "via"};
  return std::ranges::any_of(kGateways, [&](std::string_view name) { return request.fields.has(name); });
}

// Equal in a time that depends on nothing secret: digests are compared, all of their bytes.
bool is_token(std::string_view given, std::string_view token) {
  if (token.empty()) return false;
  const std::string a = base::sha256_hex(given);
  const std::string b = base::sha256_hex(token);
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i]) ^ static_cast<unsigned>(b[i]);
  return difference == 0;
}

bool has_token(const RequestHead& request, std::string_view token) {
  return std::ranges::any_of(request.fields, [&](const Field& field) {
    return (equals_ci(field.name, kTokenHeader) && is_token(field.value, token)) || is_own_authorization(field, token);
  });
}

// A path that climbs could leave the base path of the upstream's URL. Some servers read escapes before they look, also
// twice, and some leave out what stands behind a semicolon.
bool climbs(std::string_view path) {
  if (!path.contains("..") && !path.contains('%')) return false;
  std::string plain;
  for (std::size_t at = 0; at < path.size(); ++at) {
    std::size_t end = at;
    if (path[at] == '%') {
      end = at + 1;
      while (path.substr(end, 2) == "25") end += 2;
    }
    const std::string_view escape = end > at ? path.substr(end, 2) : std::string_view();
    const bool dot = equals_ci(escape, "2e");
    const bool slash = equals_ci(escape, "2f") || equals_ci(escape, "5c");
    plain += dot ? '.' : slash || path[at] == '\\' ? '/' : path[at];
    if (dot || slash) at = end + 1;
  }
  return plain.contains("/../") || plain.contains("/..;") || plain.ends_with("/..");
}

// Why it does not count as this machine asking; empty when it does.
std::string_view not_local(const RequestHead& request, const Caller& caller) {
  if (caller.peer == Peer::kUnixSocket) return {};
  if (caller.peer == Peer::kElsewhere) return "only this machine may ask for this";
  if (is_passed_on(request)) return "only this machine may ask for this, not a gateway on it";
  const std::string_view authority = request.authority;
  if (is_loopback_authority(authority) || is_bound_name(host_of(authority), *caller.access)) return {};
  return "the Host header must name localhost";
}

// Somebody took us for a forward proxy: what is meant for another host is not the provider's.
bool is_for_another(const RequestHead& request, const Access& access) {
  if (request.target.starts_with('/') || request.target == "*") return false;
  const std::string_view host = host_of(request.authority);
  return !is_loopback_authority(request.authority) && !is_bound_name(host, access) && !is_allowed_name(host, access);
}

std::optional<Refusal> refuse_relay(const RequestHead& request, const Caller& caller) {
  const Access& access = *caller.access;
  if (access.open_bind || caller.peer == Peer::kUnixSocket) return std::nullopt;
  if (!access.token.empty()) {
    if (not_local(request, caller).empty()) return std::nullopt;
    return Refusal{401, "this proxy asks other machines for its token: send it as x-headroom-proxy-token"};
  }
  if (request.authority.empty()) return std::nullopt;  // no browser leaves it out
  const std::string_view host = host_of(request.authority);
  if (is_private_name(host) || is_bound_name(host, access) || is_allowed_name(host, access)) return std::nullopt;
  return Refusal{403, "the Host header must name this machine; --allowed-hosts lets other names in"};
}

}  // namespace

bool is_loopback_authority(std::string_view authority) {
  const std::string_view host = host_of(authority);
  return equals_ci(host, "localhost") || ends_with_ci(host, ".localhost") || host == "::1" ||
         (host.starts_with("127.") && is_v4(host));
}

bool is_owner(const RequestHead& request, const Caller& caller) {
  return caller.peer == Peer::kUnixSocket || has_token(request, caller.access->token);
}

bool is_own_authorization(const Field& field, std::string_view token) {
  constexpr std::string_view kScheme = "bearer ";
  return !token.empty() && equals_ci(field.name, "authorization") && field.value.size() > kScheme.size() &&
         equals_ci(field.value.substr(0, kScheme.size()), kScheme) &&
         is_token(field.value.substr(kScheme.size()), token);
}

std::optional<Refusal> refuse(Guard guard, const RequestHead& request, const Caller& caller) {
  if (guard == Guard::kOpen) return std::nullopt;
  if (guard == Guard::kClosed) return Refusal{403, "nobody may ask for this"};
  const Access& access = *caller.access;
  const bool trusted = has_token(request, access.token);
  if (is_foreign_page(request, access)) return Refusal{403, kForeignPage};
  if (climbs(request.path)) return Refusal{400, "a path may not climb"};
  if (is_for_another(request, access)) return Refusal{421, "this is no proxy for other hosts"};
  if (guard == Guard::kRelay) return trusted ? std::nullopt : refuse_relay(request, caller);
  if (guard == Guard::kAdmin && !is_own_page(request)) return Refusal{403, kForeignPage};
  if (guard == Guard::kAdmin && !is_json(request)) return Refusal{415, "the Content-Type must be application/json"};
  if (trusted) return std::nullopt;
  const std::string_view why = not_local(request, caller);
  if (why.empty()) return std::nullopt;
  return Refusal{access.token.empty() ? 403 : 401, why};
}

}  // namespace headroom::proxy
