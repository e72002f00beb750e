#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::mcp {

/// Where responses of a client wait for who has asked. Thread-safe.
class Mailbox {
 public:
  /// Call it before the request goes out.
  void expect(std::string_view id);
  /// Waits for the response to a request that is expected. nullopt: it has not come in time.
  std::optional<std::string> wait(std::string_view id, int patience_ms);
  /// A response that nobody expects is dropped.
  void deliver(std::string_view id, std::string_view response);

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<std::string, std::optional<std::string>, std::less<>> expected_;  // guarded by mutex_
};

}  // namespace headroom::mcp
