#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proxy/routes.h"

namespace headroom::proxy {

/// A header that we add to an answer.
struct ExtraField {
  std::string_view name;  ///< a literal
  std::string value;
};

/// An answer of our own.
struct Reply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<ExtraField> fields = {};
};

/// The reason phrase of a status that this program sends.
std::string_view reason_phrase(int status);

/// Errors of the relay, in the shape that the provider's own clients read, so that they show the message.
Reply provider_error(Provider provider, int status, std::string_view message);

/// Errors of our own endpoints: {"error":{"type","message"}}.
Reply api_error(int status, std::string_view type, std::string_view message);

/// {"detail": ...}, as /v1/retrieve answers for what it does not have.
Reply detail_error(int status, std::string_view detail);

}  // namespace headroom::proxy
