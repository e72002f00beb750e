#pragma once

// The steps of a call (Event), for the libraries in other languages.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "headroom/headroom.h"

namespace headroom::api {

/// A step of one call, copied from Event so that whoever called hears of it when the call is over: what he does
/// then cannot hold up the engine, and may use it.
struct Step {
  explicit Step(const Event& event)
      : stage(event.stage),
        time_ms(event.time_ms),
        request(event.request),
        api(event.api),
        model(event.model),
        tokens_before(event.tokens_before),
        tokens_after(event.tokens_after),
        bytes(event.bytes),
        blocks(event.blocks),
        results(event.results),
        replayed(event.replayed),
        block(event.block),
        tool(event.tool),
        type(event.type),
        transform(event.transform),
        reason(event.reason),
        changed(event.changed),
        failed(event.failed),
        transforms(event.transforms.begin(), event.transforms.end()),
        ids(event.ids.begin(), event.ids.end()),
        revision(event.revision) {}

  std::string stage;
  std::int64_t time_ms;
  std::uint64_t request;
  std::string api, model;
  std::size_t tokens_before, tokens_after, bytes, blocks, results, replayed, block;
  std::string tool, type, transform, reason;
  bool changed, failed;
  std::vector<std::string> transforms, ids;
  bool revision;
};

/// Hands each step to the call that it belongs to: the engine tells of it on the thread that called it.
class Listeners {
 public:
  /// Puts the steps of this thread's call into `steps` for its own life.
  class Listening {
   public:
    Listening(Listeners& listeners, std::vector<Step>& steps) : listeners_(listeners) {
      const std::scoped_lock lock(listeners_.mutex_);
      listeners_.steps_[std::this_thread::get_id()] = &steps;
      ++listeners_.count_;
    }
    ~Listening() {
      const std::scoped_lock lock(listeners_.mutex_);
      listeners_.steps_.erase(std::this_thread::get_id());
      --listeners_.count_;
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

   private:
    Listeners& listeners_;
  };

  void tell(const Event& event) {
    if (count_ == 0) return;
    const std::scoped_lock lock(mutex_);
    const auto found = steps_.find(std::this_thread::get_id());
    if (found != steps_.end()) found->second->emplace_back(event);
  }

 private:
  std::atomic<std::size_t> count_ = 0;
  std::mutex mutex_;
  std::unordered_map<std::thread::id, std::vector<Step>*> steps_;
};

}  // namespace headroom::api
