#pragma once

#include <string>
#include <string_view>

#include "base/json_document.h"
#include "mcp/protocol.h"

namespace headroom::mcp {

/// One JSON-RPC 2.0 message. Views are into the document that it was read from.
struct Message {
  enum class Kind { kRequest, kNotification, kResponse, kInvalid };

  Kind kind = Kind::kInvalid;
  std::string_view id;                     ///< as JSON: a string or a number; empty where there is none to answer to
  std::string_view method;                 ///< request, notification
  const base::JsonNode* params = nullptr;  ///< an object, or nullptr where there are none
  const base::JsonNode* result = nullptr;  ///< response; nullptr: it failed
  RpcError failure;                        ///< kInvalid: what is wrong with it
};

/// Reads a value that should be a message. Never fails: what is none is kInvalid.
Message read_message(const base::JsonDocument& document, const base::JsonNode& value);

/// A response as one line of JSON, without a line end. An empty `id` becomes null.
std::string response_text(std::string_view id, const Answer& answer);

}  // namespace headroom::mcp
