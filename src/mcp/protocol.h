#pragma once

#include <array>
#include <expected>
#include <string>
#include <string_view>

namespace headroom::mcp {

/// The dates of the Model Context Protocol that are spoken, newest first. The first is stateless: each request says in
/// `_meta` which date it follows and what its client can do. The others begin with `initialize`, which settles that for
/// the session.
inline constexpr std::string_view kStatelessVersion = "2026-07-28";
inline constexpr std::array<std::string_view, 4> kVersions = {kStatelessVersion, "2025-11-25", "2025-06-18",
                                                              "2025-03-26"};

/// What `initialize` is answered with: what was asked for, if it is spoken, else the newest that has sessions.
std::string_view negotiated_version(std::string_view requested);

/// One date is as new as another.
inline bool since(std::string_view version, std::string_view date) {
  return version >= date;
}

/// Codes of errors, of JSON-RPC and of the protocol.
enum ErrorNumber : int {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kInvalidParams = -32602,
  kServerError = -32603,
  kResourceNotFound = -32002,  ///< before the stateless date, which has kInvalidParams for it
  kHeaderMismatch = -32020,
  kMissingCapability = -32021,
  kUnsupportedVersion = -32022,
};

struct RpcError {
  int code = kServerError;
  std::string message;
  std::string data;  ///< JSON; empty: none
};

/// The `result` of a response as JSON text, or why there is none.
using Answer = std::expected<std::string, RpcError>;

inline std::unexpected<RpcError> refuse(int code, std::string message, std::string data = {}) {
  return std::unexpected<RpcError>(RpcError{code, std::move(message), std::move(data)});
}

// Members of `_meta` that a stateless request has.
inline constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";
inline constexpr std::string_view kCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
inline constexpr std::string_view kLogLevelKey = "io.modelcontextprotocol/logLevel";
inline constexpr std::string_view kServerInfoKey = "io.modelcontextprotocol/serverInfo";

}  // namespace headroom::mcp
