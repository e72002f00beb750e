#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace headroom::mcp {

/// The way to a client while one of its requests is answered.
class Link {
 public:
  virtual ~Link() = default;
  /// Sends a message before the response; false when it cannot be sent.
  virtual bool send(std::string message) = 0;
  /// Sends a request of ours, whose id (JSON) this is, and waits for the response to it, which is given as it came.
  /// nullopt: requests cannot be sent, or none came in time.
  virtual std::optional<std::string> ask(std::string_view id, std::string request) = 0;
};

/// How long a client may take to answer, in milliseconds.
inline constexpr int kPatienceMs = 10'000;

/// Only responses go this way.
class NoLink final : public Link {
 public:
  bool send(std::string) override { return false; }
  std::optional<std::string> ask(std::string_view, std::string) override { return std::nullopt; }
};

}  // namespace headroom::mcp
