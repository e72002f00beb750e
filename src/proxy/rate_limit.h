#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "proxy/over_limit.h"

namespace headroom::proxy {

/// How many requests and tokens each owner of credentials may send in a minute, spread evenly: a minute's worth may
/// come at once, then as it fills up again. Tokens count when they are known, so one request may go over and the next
/// wait. Thread-safe.
class RateLimit {
 public:
  struct Rates {
    int requests = 0;         ///< a minute; 0: any number
    std::int64_t tokens = 0;  ///< a minute; 0: any number
  };

  /// Takes one request.
  std::optional<OverLimit> check(const std::string& owner, Rates rates, std::int64_t now_ms);
  void add(const std::string& owner, Rates rates, std::int64_t tokens, std::int64_t now_ms);

 private:
  struct Bucket {
    double requests = 0, tokens = 0;  // left
    std::int64_t at_ms = 0;
  };
  // With mutex_ held: filled up to now.
  Bucket& bucket(const std::string& owner, Rates rates, std::int64_t now_ms);

  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;  // guarded by mutex_
};

}  // namespace headroom::proxy
