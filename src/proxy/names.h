#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "proxy/net.h"

namespace headroom::proxy {

/// Looks up the addresses of names, each name on a thread of its own while it takes, so that a name that nobody answers
/// for holds up no other. Who asks for a name that is being looked up gets the same answer. Nothing is kept. The
/// system's lookup cannot be ended: a thread that is in one when nobody wants to know any more ends by itself, after
/// the object if need be. Thread-safe.
class Names {
 public:
  struct Found {
    error_code error;
    std::vector<Tcp::endpoint> endpoints;  ///< in the order in which they should be tried
  };
  using Resolve = std::function<Found(const std::string& host, const std::string& port)>;  ///< blocks
  using Then = std::move_only_function<void(const Found&)>;

  /// Threads; names beyond that wait for one of them, but for those that had addresses before: they go first, on one
  /// more thread each, so that many dead names do not hold up a provider that is in use.
  static constexpr std::size_t kMostAtOnce = 16;

  explicit Names(Resolve resolve = ask_system, std::size_t most_at_once = kMostAtOnce);
  ~Names() { stop(); }
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  /// Somebody who wants to know; at its end no longer.
  class Asked;
  /// Calls `then` on the executor, once, unless the result ends or stop() comes before; the context of the executor
  /// must be there until then.
  Asked look_up(const std::string& host, const std::string& port, const Executor& executor, Then then);

  /// Nobody is told anything from then on.
  void stop();

 private:
  struct State;
  struct Waiting;
  static Found ask_system(const std::string& host, const std::string& port);
  static void answer_queued(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
};

class Names::Asked {
 public:
  Asked(std::shared_ptr<State> state, std::shared_ptr<Waiting> waiting)
      : state_(std::move(state)), waiting_(std::move(waiting)) {}
  ~Asked();
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

 private:
  std::shared_ptr<State> state_;
  std::shared_ptr<Waiting> waiting_;
};

}  // namespace headroom::proxy
