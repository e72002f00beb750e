#pragma once

#include <cstdint>
#include <string_view>

#include "aws/account.h"
#include "proxy/http_head.h"
#include "proxy/upstream_url.h"

namespace headroom::proxy {

/// What becomes of a request's signature for AWS.
enum class Signing {
  kNone,  ///< it has none and needs none
  kKept,  ///< it is all there is: the request goes out as it came, Host among it
  kAnew,  ///< another takes its place, for what is sent
};

/// The request carries a signature that a change would break.
bool is_signed_for_aws(const RequestHead& head);

/// The signature of a request as it came is one with these credentials, of the last minutes: so the caller has them,
/// too. `body`: all of it.
bool is_signed_with(const RequestHead& head, std::string_view body, const aws::Credentials& credentials,
                    std::int64_t now_ms);

/// Signs what is about to be sent to `upstream`. What was signed before is signed again; fields that do not belong to a
/// signature stay as they are.
void sign_anew(RequestHead& head, const UpstreamUrl& upstream, std::string_view region, std::string_view body,
               const aws::Credentials& credentials, std::int64_t now_ms);

}  // namespace headroom::proxy
