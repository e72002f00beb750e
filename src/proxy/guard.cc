#include "proxy/guard.h"

#include <algorithm>

namespace headroom::proxy {
namespace {

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
  const bool digits = port.empty() || (port.front() == ':' && std::all_of(port.begin() + 1, port.end(),
                                                                          [](char c) { return c >= '0' && c <= '9'; }));
  return digits ? host : std::string_view();
}

bool is_loopback_v4(std::string_view host) {
  if (!host.starts_with("127.")) return false;
  int dots = 0;
  for (const char c : host) {
    if (c == '.') {
      ++dots;
    } else if (c < '0' || c > '9') {
      return false;
    }
  }
  return dots == 3 && !host.ends_with('.');
}

bool ends_with_ci(std::string_view text, std::string_view suffix) {
  return text.size() > suffix.size() && equals_ci(text.substr(text.size() - suffix.size()), suffix);
}

// The name that we were told to bind may be used as a name for us, unless it is a wildcard address: pages reach
// loopback through those, too.
bool is_bound_name(std::string_view host, const Caller& caller) {
  return !host.empty() && caller.bind_host != "0.0.0.0" && caller.bind_host != "::" &&
         equals_ci(host, caller.bind_host);
}

// An Origin is ours when its host is loopback or the name that we were told to bind.
bool is_foreign_origin(const RequestHead& request, const Caller& caller) {
  if (!request.fields.has("origin")) return false;
  std::string_view origin = request.fields.get("origin");
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return true;  // "null" and other opaque origins
  origin.remove_prefix(scheme + 3);
  return !is_loopback_authority(origin) && !is_bound_name(host_of(origin), caller);
}

}  // namespace

bool is_loopback_authority(std::string_view authority) {
  const std::string_view host = host_of(authority);
  return equals_ci(host, "localhost") || ends_with_ci(host, ".localhost") || host == "::1" || is_loopback_v4(host);
}

std::string_view refuse_reason(Guard guard, const RequestHead& request, const Caller& caller) {
  switch (guard) {
    case Guard::kOpen:
      return {};
    case Guard::kRelay:
      return is_foreign_origin(request, caller) ? "a web page of another origin may not use this proxy"
                                                : std::string_view();
    case Guard::kLocal:
    case Guard::kLocalWrite:
      break;
  }
  if (!caller.loopback_peer) return "only this machine may ask for this";
  const std::string_view authority = request.fields.get("host");
  if (!is_loopback_authority(authority) && !is_bound_name(host_of(authority), caller)) {
    return "the Host header must name localhost";
  }
  if (guard == Guard::kLocalWrite && is_foreign_origin(request, caller)) {
    return "a web page of another origin may not ask for this";
  }
  return {};
}

}  // namespace headroom::proxy
