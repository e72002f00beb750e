#include "proxy/owner.h"

#include <algorithm>
#include <string_view>

#include "base/hash.h"

namespace headroom::proxy {
namespace {

/// What stays of an access token that is exchanged for another from time to time; all of other ones.
std::string_view lasting_part(std::string_view token) {
  static constexpr std::string_view kTemporaryKey = "ASIA";  // of AWS; those of users begin otherwise
  if (token.starts_with(kTemporaryKey)) return kTemporaryKey;
  const bool three_parts = token.starts_with("eyJ") && std::ranges::count(token, '.') == 2;
  static constexpr std::size_t kKind = 10;
  const bool changes = three_parts || token.starts_with("bedrock-api-key-") || token.starts_with("sk-ant-oat") ||
                       token.starts_with("ya29.");
  return changes ? token.substr(0, kKind) : token;
}

/// A token, or whose key a signature was made with: the signature itself is another for each request.
std::string_view bearer(std::string_view authorization) {
  static constexpr std::string_view kSigned = "Credential=";
  if (const std::size_t at = authorization.find(kSigned);
      authorization.starts_with("AWS4-") && at < authorization.size()) {
    authorization.remove_prefix(at + kSigned.size());
    return authorization.substr(0, authorization.find('/'));
  }
  const std::size_t space = authorization.find(' ');
  return space == std::string_view::npos ? authorization : authorization.substr(space + 1);
}

}  // namespace

std::string owner_of(const Fields& fields) {
  std::string credentials;
  for (std::string_view name : {"x-headroom-user-id", "x-api-key", "api-key", "x-goog-api-key", "authorization"}) {
    std::string_view value = fields.get(name);
    if (name == "authorization") value = bearer(value);
    credentials += name;
    credentials += '=';
    credentials += lasting_part(value);
    credentials += '\n';
  }
  return base::sha256_hex(credentials);
}

std::string session_of(const Fields& fields) {
  return std::string(fields.get("x-headroom-session-id"));
}

}  // namespace headroom::proxy
