#include "proxy/owner.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/base64.h"
#include "base/hash.h"
#include "base/json_document.h"

namespace headroom::proxy {
namespace {

/// Who a JSON web token says that it is about, and who says so; empty when it does not. Nobody has proven that here: it
/// tells callers apart, and what the provider lets them do is the provider's to say.
std::string subject_of(std::string_view token) {
  static constexpr std::size_t kLongest = 8192;
  const std::size_t begin = token.find('.') + 1;
  std::string claims(token.substr(begin, token.find('.', begin) - begin));
  if (claims.size() > kLongest) return {};
  for (char& c : claims) c = c == '-' ? '+' : c == '_' ? '/' : c;
  claims.append((4 - claims.size() % 4) % 4, '=');
  const auto decoded = base::base64_decode(claims);
  if (!decoded) return {};
  const auto document = base::JsonDocument::parse(*decoded);
  if (!document || document->root().kind != base::JsonKind::kObject) return {};
  const std::string_view subject = document->string_member(document->root(), "sub");
  if (subject.empty()) return {};
  return std::string(document->string_member(document->root(), "iss")).append("\n").append(subject);
}

/// What stays of an access token that is exchanged for another from time to time; all of other ones.
std::string lasting_part(std::string_view token) {
  static constexpr std::string_view kTemporaryKey = "ASIA";  // of AWS; those of users begin otherwise
  if (token.starts_with(kTemporaryKey)) return std::string(kTemporaryKey);
  const bool three_parts = token.starts_with("eyJ") && std::ranges::count(token, '.') == 2;
  if (three_parts) {
    if (std::string subject = subject_of(token); !subject.empty()) return subject;
  }
  static constexpr std::size_t kKind = 10;
  const bool changes = three_parts || token.starts_with("bedrock-api-key-") || token.starts_with("sk-ant-oat") ||
                       token.starts_with("ya29.");
  return std::string(changes ? token.substr(0, kKind) : token);
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

constexpr std::array<std::string_view, 6> kCredentials{"x-headroom-user-id", "x-api-key",          "api-key",
                                                       "x-goog-api-key",     "chatgpt-account-id", "authorization"};

}  // namespace

const std::string& OwnerNames::of(const Fields& fields) {
  said_.clear();
  for (const std::string_view name : kCredentials) said_.append(fields.get(name)).append("\n");
  if (name_.empty() || said_ != known_) {
    name_ = owner_of(fields);
    std::swap(said_, known_);
  }
  return name_;
}

std::string owner_of(const Fields& fields) {
  std::string credentials;
  for (const std::string_view name : kCredentials) {
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
