#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/decision_store.h"
#include "wire/conversation.h"

namespace headroom::proxy {

/// Calls of the retrieve tool that the model made beside a call of the client's own, or before thinking that is bound
/// to them, and what they gave: the client does not know of them, so its next requests lack them.
struct AnsweredBeside {
  std::string anchor;   ///< of the client's call: repeated_anchor() or placed_anchor(); of thinking: anchor_before()
  std::string calls;    ///< JSON elements of the request's format, joined by commas
  std::string results;  ///< the same
  std::vector<std::string> ids = {};  ///< of the originals that the results are of; what holds them goes with each
  bool operator==(const AnsweredBeside&) const = default;
};

/// By conversation: in memory, and in the store beside what was decided for the conversation, so that they outlive the
/// process and are known to all that share the store. Thread-safe. Bounded: of a conversation that has more, requests
/// go as the client sends them, which is valid, as they lack calls and results both; those of one that others have
/// pushed out of the memory are read again.
class AnsweredBesideMemory {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{8} << 20;  ///< in memory, of all
  static constexpr std::size_t kMostOfOne = std::size_t{4} << 20;
  static constexpr std::size_t kMostCallsOfOne = 256;

  /// `store` may be nullptr: then they end with the process. Must outlive this.
  explicit AnsweredBesideMemory(store::DecisionStore* store = nullptr) : store_(store) {}

  /// `conversation` as in context::Outcome. What the store does not take only this process knows.
  void keep(const std::string& conversation, AnsweredBeside answered);
  /// Those of the conversation, in the order in which they were kept.
  std::vector<AnsweredBeside> find(const std::string& conversation);

 private:
  struct Entry {
    std::string conversation;
    std::vector<AnsweredBeside> answered;
    std::size_t bytes = 0;
  };
  // With mutex_ held.
  bool is_stored(const std::string& conversation);
  Entry& entry_of(const std::string& conversation);
  void read_stored(Entry& entry);
  bool add(Entry& entry, AnsweredBeside answered);
  void push_out();

  store::DecisionStore* const store_;
  std::mutex mutex_;
  std::list<Entry> entries_;  // the most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_conversation_;
  std::size_t bytes_ = 0;
};

/// What a call without an id is told by, besides its place: name and arguments.
std::string nameless_call(std::string_view name, std::string_view arguments);
/// A call without an id that the model has made behind what the (Gemini) body holds.
std::string placed_anchor(std::string_view body, std::string_view nameless_call);

/// A call with that id that the model has made behind what the body holds: the id, and where others had it, how many.
std::string repeated_anchor(wire::Api api, std::string_view body, std::string_view id);

/// The body with each call behind the client's call that it was made beside, and its result behind that one's result;
/// and with those that stand before thinking (proxy/answered_before.h). Those of which the body lacks the client's call
/// or its result, or the thinking, are left out. Empty when nothing is put in.
std::string with_answered(wire::Api api, std::string_view body, const std::vector<AnsweredBeside>& answered);

}  // namespace headroom::proxy
