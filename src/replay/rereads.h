#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "context/pipeline.h"
#include "wire/conversation.h"

namespace headroom::replay {

/// Counts the files that an agent read again right after it had been shown them with gaps: where a recorded session
/// does so, the model would have asked for the original. One per session.
class Rereads {
 public:
  /// The next request, and what the pipeline made of it.
  void take(wire::Api api, std::string_view body, const context::Outcome& outcome);
  std::size_t count() const { return count_; }

 private:
  std::unordered_map<std::string, std::size_t> gapped_;  ///< path -> number of the result that showed it with gaps
  std::size_t results_ = 0;                              ///< seen in all requests
  std::size_t count_ = 0;
};

}  // namespace headroom::replay
