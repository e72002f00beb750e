#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/link.h"
#include "mcp/message.h"

namespace headroom::mcp {

/// Of messages for people, the least urgent first.
enum class LogLevel { kDebug, kInfo, kNotice, kWarning, kError, kCritical, kAlert, kEmergency };
std::optional<LogLevel> read_log_level(std::string_view name);

/// The request that is being answered, and the client that has sent it. Valid until it is answered; not thread-safe.
class Caller {
 public:
  /// What is known of a client. `least`: log messages below are not sent; nullopt: none is.
  struct Facts {
    std::string_view version;  ///< that the request follows
    std::vector<std::string> capabilities;
    std::optional<LogLevel> least;
  };
  /// `asked` numbers requests of ours. All but `facts` must outlive it.
  Caller(const base::JsonDocument& document, const Message& message, Facts facts, Link& link, std::atomic<int>& asked)
      : document_(document), message_(message), facts_(std::move(facts)), link_(link), asked_(asked) {}

  std::string_view method() const { return message_.method; }
  std::string_view version() const { return facts_.version; }
  bool stateless() const { return facts_.version == kStatelessVersion; }
  const base::JsonDocument& document() const { return document_; }
  /// A parameter, or nullptr.
  const base::JsonNode* param(std::string_view name) const;
  /// Of a parameter that is a string; "" for any other.
  std::string_view text(std::string_view name) const;

  /// The client has said that it can do this: "roots", "sampling", "elicitation".
  bool can(std::string_view capability) const;
  /// Says how far the work is, if the request asks for that.
  void progress(double done, double total);
  void log(LogLevel level, std::string_view text);
  /// Asks the client and waits for its result, as JSON. nullopt: it refuses, is silent, or cannot be asked. Clients of
  /// the stateless date never can: they are told what to bring along (input_required()), and have it in given().
  std::optional<std::string> ask(std::string_view method, std::string_view params);
  /// What the client has brought along under this name, an object; nullptr when it has not.
  const base::JsonNode* given(std::string_view name) const;

 private:
  const base::JsonDocument& document_;
  const Message& message_;
  const Facts facts_;
  Link& link_;
  std::atomic<int>& asked_;
};

/// The result that makes a client of the stateless date send the request again, with answers to these requests (a JSON
/// object of them by name) in given(), and with `state` as it is here in the parameter "requestState".
std::string input_required(std::string_view requests, std::string_view state = {});

/// A member that is an object, of an object that may be missing; else nullptr.
const base::JsonNode* object_member(const base::JsonDocument& document, const base::JsonNode* object,
                                    std::string_view name);

}  // namespace headroom::mcp
