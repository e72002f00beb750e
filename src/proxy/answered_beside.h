#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wire/conversation.h"

namespace headroom::proxy {

/// Calls of the retrieve tool that the model made beside a call of the client's own, and what they gave: the client
/// does not know of them, so its next requests lack them.
struct AnsweredBeside {
  std::string anchor;   ///< id of the client's call
  std::string calls;    ///< JSON elements of the request's format, joined by commas
  std::string results;  ///< the same
};

/// By conversation, of this process. Thread-safe. Bounded: of a conversation that has more, or that others have pushed
/// out, requests go as the client sends them, which is valid, as they lack calls and results both.
class AnsweredBesideMemory {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{32} << 20;
  static constexpr std::size_t kMostOfOne = std::size_t{4} << 20;

  void keep(const std::string& conversation, AnsweredBeside answered);
  /// Those of the conversation, in the order in which they were kept.
  std::vector<AnsweredBeside> find(const std::string& conversation);

 private:
  struct Entry {
    std::string conversation;
    std::vector<AnsweredBeside> answered;
    std::size_t bytes = 0;
  };
  std::mutex mutex_;
  std::list<Entry> entries_;  // the most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_conversation_;
  std::size_t bytes_ = 0;
};

/// The body with each call behind the client's call that it was made beside, and its result behind that one's result.
/// Those of which the body lacks the client's call or its result are left out. Empty when nothing is put in.
std::string with_answered(wire::Api api, std::string_view body, const std::vector<AnsweredBeside>& answered);

}  // namespace headroom::proxy
