#pragma once

#include <string_view>

#include "aws/credentials.h"
#include "base/result.h"

namespace headroom::aws {

/// What a service or a program calls the parts of its credentials.
struct CredentialNames {
  std::string_view within;  ///< the member that holds them; empty: the object itself
  std::string_view key_id, secret, token, expiration;
};
inline constexpr CredentialNames kOfMetadata{"", "AccessKeyId", "SecretAccessKey", "Token", "Expiration"};
inline constexpr CredentialNames kOfProcess{"", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"};
inline constexpr CredentialNames kOfSso{"roleCredentials", "accessKeyId", "secretAccessKey", "sessionToken",
                                        "expiration"};

/// Credentials of a JSON object. The expiration is a time as text, or milliseconds since the Unix epoch; without one
/// they last. kParse when it is no such object; the message holds nothing of it.
base::Result<Found> credentials_in_json(std::string_view json, const CredentialNames& names);

/// A text member of an object, "" when it is none. For small answers.
std::string json_text(std::string_view json, std::string_view name);

}  // namespace headroom::aws
