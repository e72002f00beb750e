#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http_head.h"
#include "proxy/reply.h"
#include "proxy/upstream_url.h"

namespace headroom::proxy {

/// True for headers that end here (RFC 9110, 7.6.1): the fixed ones and those that Connection names. Framing headers
/// are not among them: the relay keeps the framing.
bool is_hop_by_hop(std::string_view name, const Fields& fields);

/// Takes away what says which bytes the body has (RFC 1864, 3230, 9530): of a body that is changed here it is untrue.
void drop_digests(Fields& fields);

/// The head to send upstream: every header in its order and spelling, except hop-by-hop ones, `x-headroom-*` (meant for
/// us) and Expect (answered here); Host names the upstream. `body_size`: the body was buffered, and changed when its
/// size differs; it then goes out with a Content-Length of its own. `upgrade` keeps Connection and Upgrade.
std::string upstream_request_head(const RequestHead& request, const UpstreamUrl& upstream,
                                  std::optional<std::size_t> body_size, bool upgrade = false);

/// The head to give to the client: the upstream's, except hop-by-hop headers, with `extra` at the end. `close` adds
/// "Connection: close". `dechunk` drops Transfer-Encoding, for HTTP/1.0 clients.
std::string client_response_head(const ResponseHead& response, const std::vector<ExtraField>& extra, bool close,
                                 bool dechunk = false);

/// A whole answer of our own; the body is left out for HEAD.
std::string local_response(const Reply& reply, bool head_only, bool close);

}  // namespace headroom::proxy
