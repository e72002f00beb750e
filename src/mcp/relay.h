#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/splice.h"
#include "mcp/session.h"
#include "mcp/workbench.h"

namespace headroom::mcp {

/// Stands between a client and another server of the protocol. Long texts in the results of that server's tools are
/// compressed, and its list of tools gets headroom_retrieve at its end, whose calls are answered here. Structured
/// content that says the same as a text that was compressed goes, as clients would show that to the model instead; so
/// their schemas are not listed. Every other byte goes through as it came, in both directions. Two threads may use it,
/// one for each direction.
///
/// Left as they are: errors, results of tools that show a file (who edits it must quote it exactly) or give back an
/// original, of protected tools, and texts that are short.
class Relay {
 public:
  /// `bench` must outlive it.
  explicit Relay(const Workbench& bench);

  /// Where a line of the client's goes.
  struct Routed {
    std::optional<std::string> to_server;
    std::optional<std::string> to_client;
  };
  Routed from_client(std::string line);
  /// The line that the client gets for one of the server's.
  std::string from_server(std::string line);

 private:
  /// A request of the client's whose response is looked at.
  struct Call {
    std::string method;
    std::string tool, arguments;  ///< tools/call
    std::string meta;             ///< its `_meta` as JSON; empty: none
  };

  void note(const base::JsonDocument& document, const Message& message);
  void forget_cancelled(const base::JsonDocument& document, const Message& message);
  std::optional<Call> take(std::string_view id);
  void note_version(const base::JsonDocument& document, const Message& response);
  void edit(const base::JsonDocument& document, const base::JsonNode& value, std::vector<base::Edit>& edits);
  void edit_result(const base::JsonDocument& document, const base::JsonNode& result, const Call& call,
                   std::vector<base::Edit>& edits);
  void edit_list(const base::JsonDocument& document, const base::JsonNode& result, const Call& call,
                 std::vector<base::Edit>& edits);
  /// True when it has become shorter.
  bool edit_text(const base::JsonDocument& document, const base::JsonNode& object, const Call& call,
                 std::vector<base::Edit>& edits);
  bool edit_list_of_texts(const base::JsonDocument& document, const base::JsonNode& content,
                          const base::JsonNode& structured, const Call& call, std::vector<base::Edit>& edits);
  /// nullopt: it stays as it is.
  std::optional<std::string> shortened(std::string_view text, const Call& call);
  bool offered();
  bool stays(const Call& call) const;

  const Workbench& bench_;
  const Server server_;
  std::mutex mutex_;                                // guards all below
  std::map<std::string, Call, std::less<>> calls_;  // by id, as JSON
  NoLink nobody_;                                   // our tool asks and tells nobody
  Session own_;
  bool offered_ = false;  // our tool is in the list that the client has
};

}  // namespace headroom::mcp
