#include "mcp/mailbox.h"

#include <chrono>

namespace headroom::mcp {

void Mailbox::expect(std::string_view id) {
  const std::lock_guard lock(mutex_);
  expected_.emplace(id, std::nullopt);
}

std::optional<std::string> Mailbox::wait(std::string_view id, int patience_ms) {
  std::unique_lock lock(mutex_);
  const auto found = expected_.find(id);
  if (found == expected_.end()) return std::nullopt;
  arrived_.wait_for(lock, std::chrono::milliseconds(patience_ms), [&] { return found->second.has_value(); });
  std::optional<std::string> response = std::move(found->second);
  expected_.erase(found);
  return response;
}

void Mailbox::deliver(std::string_view id, std::string_view response) {
  const std::lock_guard lock(mutex_);
  const auto found = expected_.find(id);
  if (found == expected_.end()) return;
  found->second = response;
  arrived_.notify_all();
}

}  // namespace headroom::mcp
