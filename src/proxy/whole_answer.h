#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/http_head.h"
#include "proxy/net.h"
#include "proxy/upstream.h"

namespace headroom::proxy {

/// An answer for who asks a service itself, with all of its body in memory.
struct WholeAnswer {
  ResponseHead head;
  std::string body;
  bool complete = false;   ///< else it broke off, or is longer than was to be read
  bool can_go_on = false;  ///< the connection can take another request
};

/// Reads the answer to a request of that method, and no more than a little over `most` bytes of its body. nullopt:
/// there is none that can be read. The connection must live until then.
Task<std::optional<WholeAnswer>> read_whole_answer(UpstreamConnection& connection, std::string_view method,
                                                   std::size_t most);

}  // namespace headroom::proxy
