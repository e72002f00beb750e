#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "mcp/files.h"
#include "mcp/message.h"
#include "mcp/resources.h"
#include "mcp/tool.h"

namespace headroom::mcp {

/// What a server offers, the same for all its sessions.
struct Server {
  std::string name, title, version;
  std::string instructions;  ///< for the model
  std::vector<Tool> tools;
  Resources* resources = nullptr;  ///< nullptr: none
  FileAccess files;                ///< open to every client; empty: what each names (its roots)
};

/// One client of a server. Takes messages, gives the messages that go back. Not thread-safe.
class Session {
 public:
  /// `duplex`: requests of ours reach the client, so that it can be asked which folders are open. `server` must outlive
  /// the session.
  Session(const Server& server, bool duplex) : server_(server), duplex_(duplex) {}

  /// What is to be sent because of this message (or, as some dates have it, list of messages), in order; each is one
  /// line of JSON without a line end. Never fails: what is no message gets an error.
  std::vector<std::string> handle(std::string_view text);
  /// Calls wait for something that the client was asked.
  bool waits() const { return !waiting_.empty(); }
  /// It does not come: answers them without it.
  std::vector<std::string> stop_waiting();

  /// The date that initialize() has settled; empty before.
  std::string_view version() const { return version_; }

 private:
  /// A request and what is known of who sent it.
  struct Request {
    const base::JsonDocument& document;
    const Message& message;
    std::string_view version;                      ///< that it follows
    const base::JsonNode* capabilities = nullptr;  ///< of the client
    bool stateless() const { return version == kStatelessVersion; }
    const base::JsonNode* param(std::string_view name) const;
    std::string_view text(std::string_view name) const;
  };

  std::optional<std::string> handle_one(const base::JsonDocument& document, const base::JsonNode& value);
  void handle_notification(const Message& message);
  void handle_response(const base::JsonDocument& document, const Message& message);
  /// Nothing: it is answered later.
  std::optional<Answer> answer(const base::JsonDocument& document, const Message& message);
  Answer dispatch(const Request& request);
  Answer initialize(const Request& request);
  Answer discover(const Request& request) const;
  Answer list_tools(const Request& request) const;
  Answer call_tool(const Request& request);
  Answer list_resources(const Request& request) const;
  Answer list_templates(const Request& request) const;
  Answer read_resource(const Request& request) const;
  const Tool* find_tool(std::string_view name) const;
  /// The call needs folders that the client has not told yet.
  bool needs_roots(const Request& request) const;
  void ask_roots();
  std::vector<std::string> answer_waiting();

  const Server& server_;
  const bool duplex_;
  std::string version_;
  bool client_has_roots_ = false;
  bool roots_known_ = false;
  std::string roots_request_;  // id of ours that is not answered yet, as JSON; empty: none
  int requests_sent_ = 0;
  FileAccess client_files_;
  ReadFiles read_;
  std::vector<std::string> waiting_;  // calls, as they came
  std::vector<std::string> out_;
};

}  // namespace headroom::mcp
