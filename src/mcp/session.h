#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/server.h"

namespace headroom::mcp {

/// One client of a server: takes its messages, gives the responses. Thread-safe; requests may be answered beside each
/// other.
class Session {
 public:
  /// `server` must outlive it.
  explicit Session(const Server& server) : server_(server) {}

  /// The response to this message (or, as some dates have it, list of messages): one line of JSON without a line end.
  /// nullopt where none is due. What is said meanwhile goes over `link`. Never fails: what is no message gets an error.
  std::optional<std::string> handle(std::string_view text, Link& link);

  /// The date that initialize has settled; empty before.
  std::string version() const;

 private:
  std::optional<std::string> handle_one(const base::JsonDocument& document, const base::JsonNode& value, Link& link);
  void handle_notification(const Message& message);
  Answer answer(const base::JsonDocument& document, const Message& message, Link& link);
  /// Who sends the request, or what is wrong with how it says so.
  std::expected<Caller::Facts, RpcError> facts_of(const base::JsonDocument& document, const Message& message) const;
  Answer dispatch(Caller& caller);
  Answer initialize(const Caller& caller);
  Answer set_log_level(const Caller& caller);
  Answer discover(const Caller& caller) const;
  Answer list_tools(const Caller& caller) const;
  Answer call_tool(Caller& caller);
  Answer list_resources(const Caller& caller) const;
  Answer list_templates(const Caller& caller) const;
  Answer read_resource(const Caller& caller) const;
  /// What the caller may read; nullptr: its client has to be told to say so first.
  std::shared_ptr<const FileAccess> open_files(Caller& caller);

  const Server& server_;
  std::atomic<int> asked_ = 0;
  ReadFiles read_;
  std::mutex asking_;                      // held while the client is asked for its folders
  mutable std::mutex mutex_;               // guards all below
  std::string version_;                    // empty before initialize
  std::vector<std::string> capabilities_;  // of the client
  LogLevel least_ = LogLevel::kDebug;
  std::shared_ptr<const FileAccess> client_files_;  // nullptr: not asked since they have changed
};

}  // namespace headroom::mcp
