#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "proxy/retrieval_answer.h"

namespace headroom::proxy {

/// What the calls of the retrieve tool came to.
struct RetrievalSum {
  std::int64_t calls = 0;
  std::int64_t hits = 0;
  std::int64_t tokens = 0;  ///< of what the model got
  std::int64_t us = 0;      ///< spent looking it up

  void add(const RetrievalSum& other);
};

/// Of the calls that this process has answered. Thread-safe.
class RetrievalCounts {
 public:
  struct Sums {
    RetrievalSum all;
    std::map<std::string, RetrievalSum, std::less<>> by_tool;  ///< whose results were asked for; misses have none
    std::map<std::string, RetrievalSum, std::less<>> by_type;  ///< content types of the originals
    std::int64_t answers = 0;                                  ///< that needed calls
    std::int64_t rounds = 0;                                   ///< further requests to the provider
    std::int64_t failed = 0;                                   ///< rounds that the provider did not answer
  };

  void note(const Retrieved& retrieved, std::int64_t us);
  void note_round(bool first, bool failed);
  Sums sums() const;

 private:
  mutable std::mutex mutex_;
  Sums sums_;  // guarded by mutex_
};

}  // namespace headroom::proxy
