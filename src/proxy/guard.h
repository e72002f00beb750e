#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http_head.h"

namespace headroom::proxy {

/// Who may use a route. The route table names one for every route; one that names none is closed.
enum class Guard : std::uint8_t {
  kClosed,      ///< nobody
  kLocal,       ///< own data, read only: this machine by a name of its own, or who has the token
  kLocalWrite,  ///< kLocal for requests that cause work; pages of another origin never
  kAdmin,       ///< kLocalWrite that changes the proxy: JSON only, and no page but one of the proxy itself
  kRelay,       ///< this machine and who has the token; without a token anybody who reaches the port. No foreign page
  kOpen,        ///< anybody: says nothing but "alive"
};

/// What the settings allow.
struct Access {
  std::string bind_host;                   ///< Options::host, which callers may use as a name, too
  std::string token;                       ///< asked of callers from elsewhere; empty: there is none
  std::vector<std::string> allowed_hosts;  ///< names by which the relay may be asked besides those of this machine
  bool open_bind = false;                  ///< the relay asks other machines for no token
};

enum class Peer : std::uint8_t {
  kElsewhere,
  kLoopback,
  kUnixSocket,  ///< no page can reach it, and its file's mode says who can
};

struct Caller {
  Peer peer = Peer::kElsewhere;
  const Access* access = nullptr;  ///< borrowed
};

struct Refusal {
  int status = 403;  ///< 401: a token would do
  std::string_view why;
};

/// Nothing when the request may pass, else why not. A loopback peer is not enough for own data: with DNS rebinding a
/// web page reaches 127.0.0.1 under its own name, so the name that is asked for must be loopback's as well; and what a
/// gateway on this machine passes on (Forwarded, X-Forwarded-For, X-Real-IP, Via) is not from this machine.
std::optional<Refusal> refuse(Guard guard, const RequestHead& request, const Caller& caller);

/// "localhost", "*.localhost", 127.0.0.0/8, ::1, with or without a port.
bool is_loopback_authority(std::string_view authority);

/// The header that carries the token; x-headroom-* never goes upstream.
inline constexpr std::string_view kTokenHeader = "x-headroom-proxy-token";

/// The caller has the proxy's token, or reaches it through a socket that only the user's own programs may open.
bool is_owner(const RequestHead& request, const Caller& caller);

/// "Authorization: Bearer TOKEN" with the proxy's own token, for callers that can send nothing else. It is no business
/// of the provider's. Compares in constant time.
bool is_own_authorization(const Field& field, std::string_view token);

}  // namespace headroom::proxy
