#include "proxy/owner.h"

#include <algorithm>
#include <string_view>

#include "base/hash.h"

namespace headroom::proxy {
namespace {

/// An access token that is exchanged for another from time to time.
bool changes(std::string_view token) {
  const bool three_parts = token.starts_with("eyJ") && std::ranges::count(token, '.') == 2;
  return three_parts || token.starts_with("sk-ant-oat") || token.starts_with("ya29.");
}

std::string_view bearer(std::string_view authorization) {
  const std::size_t space = authorization.find(' ');
  return space == std::string_view::npos ? authorization : authorization.substr(space + 1);
}

}  // namespace

std::string owner_of(const Fields& fields) {
  static constexpr std::size_t kKind = 10;
  std::string credentials;
  for (std::string_view name : {"x-headroom-user-id", "x-api-key", "api-key", "x-goog-api-key", "authorization"}) {
    std::string_view value = fields.get(name);
    if (name == "authorization") value = bearer(value);
    if (changes(value)) value = value.substr(0, kKind);
    credentials += name;
    credentials += '=';
    credentials += value;
    credentials += '\n';
  }
  return base::sha256_hex(credentials);
}

std::string session_of(const Fields& fields) {
  return std::string(fields.get("x-headroom-session-id"));
}

}  // namespace headroom::proxy
