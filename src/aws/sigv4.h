#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/credentials.h"

// Signature Version 4 of AWS: what a request says, hashed with a key that is made of a secret, the day, the region and
// the service. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

namespace headroom::aws {

struct Header {
  std::string_view name, value;
};

/// A request as it is sent. The views are the caller's.
struct Request {
  std::string_view method, path, query;
  std::vector<Header> headers;  ///< those that are signed; Host is one of them
  std::string payload_hash;     ///< hex of the body's SHA-256, or what x-amz-content-sha256 says instead
};

/// Whom a signature is for. The time is "20150830T123600Z".
struct Scope {
  std::string_view time, region, service;
};

/// What a value of Authorization says, and what it is a signature of.
struct Authorization {
  std::string_view key_id, day, region, service;
  std::vector<std::string_view> signed_headers;  ///< lower case, in order
  std::string_view signature;
};
/// nullopt when it is no Signature Version 4.
std::optional<Authorization> read_authorization(std::string_view value);

/// "20150830T123600Z"; and back, nullopt for anything else.
std::string sign_time(std::int64_t now_ms);
std::optional<std::int64_t> read_sign_time(std::string_view text);

/// Everything but letters, digits and "-._~" becomes %XX.
void url_encode(std::string& out, std::string_view text);

/// Lines that every reader of a request comes to.
std::string canonical_request(const Request& request);
std::string signature(const Request& request, const Scope& scope, std::string_view secret);
/// The value of Authorization.
std::string authorization(const Request& request, const Scope& scope, const Credentials& credentials);

}  // namespace headroom::aws
