#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "context/pipeline.h"
#include "proxy/retrieval_answer.h"

namespace headroom::proxy {

/// What the calls of the retrieve tool came to, and what they are to be set against.
struct RetrievalSum {
  std::int64_t results = 0;  ///< shortened ones in requests that offered the tool; one is counted in each request
  std::int64_t saved = 0;    ///< tokens that these were shorter by
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
    std::map<std::string, RetrievalSum, std::less<>> by_compressor;
    std::int64_t offers = 0;       ///< requests that offered the tool
    std::int64_t more_input = 0;   ///< tokens billed for further requests
    std::int64_t more_cached = 0;  ///< of them, read from the provider's cache
    std::int64_t more_output = 0;
    std::int64_t answers = 0;  ///< that needed calls
    std::int64_t rounds = 0;   ///< further requests to the provider
    std::int64_t failed = 0;   ///< rounds that the provider did not answer
  };

  /// `compressor`: the strategy that had shortened the original.
  void note(const Retrieved& retrieved, std::string_view compressor, std::int64_t us);
  /// A request that offers the tool, with what was done to its blocks.
  void note_offer(std::span<const context::BlockReport> blocks);
  /// What a further request was billed; -1: not said.
  void note_billed(std::int64_t input, std::int64_t cached, std::int64_t output);
  void note_round(bool first, bool failed);
  Sums sums() const;

 private:
  mutable std::mutex mutex_;
  Sums sums_;  // guarded by mutex_
};

}  // namespace headroom::proxy
