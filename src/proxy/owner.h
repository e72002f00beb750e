#pragma once

#include <string>

#include "proxy/http_head.h"

namespace headroom::proxy {

/// A name for whom a request belongs to, from its credentials: a digest, from which they cannot be had back. Access
/// tokens that change while a conversation goes on (OAuth, JWT) count by whom they are about, or where that cannot be
/// read by their kind, as the same person comes with another one an hour later; what is told apart by this is only how
/// a text that the sender has sent in full before is shortened.
std::string owner_of(const Fields& fields);

/// The same for the requests of one connection, which nearly always have the same credentials: they are digested once.
class OwnerNames {
 public:
  const std::string& of(const Fields& fields);

 private:
  std::string said_, known_;  // credentials: of the request, of `name_`
  std::string name_;
};

/// What the client calls its conversation: "x-headroom-session-id"; empty when it does not say.
std::string session_of(const Fields& fields);

}  // namespace headroom::proxy
