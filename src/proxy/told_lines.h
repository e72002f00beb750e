#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace headroom::proxy {

/// Lines of the log that many requests have a reason for, and that are worth one every hour. Thread-safe.
class ToldLines {
 public:
  /// False when the line was new less than an hour ago.
  bool is_new(const std::string& line, std::int64_t now_ms) {
    const std::lock_guard lock(mutex_);
    std::erase_if(told_, [&](const auto& entry) { return now_ms - entry.second >= kHourMs; });
    return told_.size() < kMost && told_.emplace(line, now_ms).second;
  }

 private:
  static constexpr std::int64_t kHourMs = 3'600'000;
  static constexpr std::size_t kMost = 64;

  std::mutex mutex_;
  std::map<std::string, std::int64_t> told_;  // guarded by mutex_
};

}  // namespace headroom::proxy
