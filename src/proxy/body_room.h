#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "proxy/net.h"

namespace headroom::proxy {

/// Bounds the memory that large request bodies take together: a body that comes while there is no room is read when
/// another is done with, and meanwhile its bytes wait in the sockets and with its sender. Clients who send slowly, or
/// never finish, do not keep others out: who has had a place for longer than the patience, while others wait, has it
/// without being counted from then on, and nobody waits longer than kMostRounds times the patience. First come, first
/// served. Thread-safe; who waits goes on on its own thread.
class BodyRoom {
 public:
  static constexpr int kMostRounds = 5;

  explicit BodyRoom(std::size_t bytes) : bytes_(bytes) {}

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Lease {
    std::size_t bytes;
    Time since;
    bool counts = true;
  };

 public:
  /// A part of the room; given back at the latest at its end. The room must outlive it.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept : room_(std::exchange(other.room_, nullptr)), lease_(std::move(other.lease_)) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(room_, other.room_);
      std::swap(lease_, other.lease_);
      return *this;
    }
    ~Place() { give_back(); }
    void give_back() {
      if (room_ != nullptr) std::exchange(room_, nullptr)->release(lease_);
    }
    explicit operator bool() const { return room_ != nullptr; }

   private:
    friend class BodyRoom;
    Place(BodyRoom* room, std::shared_ptr<Lease> lease) : room_(room), lease_(std::move(lease)) {}
    BodyRoom* room_ = nullptr;
    std::shared_ptr<Lease> lease_;
  };

  /// A place for a body of so many bytes; one larger than all of the room takes all of it.
  Task<Place> take(std::size_t bytes, std::chrono::milliseconds patience);
  /// As take(), but who has waited for as long as anybody does gets none where others still come first.
  Task<Place> try_take(std::size_t bytes, std::chrono::milliseconds patience);

 private:
  struct Waiting {
    SteadyTimer timer;
    std::size_t bytes;
    std::shared_ptr<Lease> lease = nullptr;  // once it is admitted; guarded by mutex_
  };
  /// Who ends while it waits, with its thread, is not waited for, and its timer goes before the timers' own end.
  class Queued {
   public:
    Queued(BodyRoom& room, std::shared_ptr<Waiting> waiting) : room_(room), waiting_(std::move(waiting)) {}
    ~Queued() { static_cast<void>(room_.leave(waiting_)); }
    Queued(const Queued&) = delete;
    Queued& operator=(const Queued&) = delete;

   private:
    BodyRoom& room_;
    std::shared_ptr<Waiting> waiting_;
  };
  // All of these are called with mutex_ held.
  std::shared_ptr<Lease> admit(std::size_t bytes);
  void admit_waiting();
  void stop_counting(Time before);

  /// Null when there is room at once, which `lease` has then.
  std::shared_ptr<Waiting> queue(const Executor& executor, std::size_t bytes, std::shared_ptr<Lease>& lease);
  /// After a wait for as long as the patience is, or less where a place was given meanwhile; null when the wait goes
  /// on. Who insists has a place in any case.
  std::shared_ptr<Lease> go_on(const std::shared_ptr<Waiting>& waiting, std::chrono::milliseconds patience,
                               bool insists);
  Task<Place> take(std::size_t bytes, std::chrono::milliseconds patience, bool insists);
  /// The place that was given meanwhile, if one was.
  std::shared_ptr<Lease> leave(const std::shared_ptr<Waiting>& waiting);
  void release(const std::shared_ptr<Lease>& lease);

  const std::size_t bytes_;
  std::mutex mutex_;
  std::size_t used_ = 0;                          // by leases that count; guarded by mutex_, as all below
  std::deque<std::shared_ptr<Lease>> leases_;     // those that count, the oldest first
  std::deque<std::shared_ptr<Waiting>> waiting_;  // not yet admitted
};

}  // namespace headroom::proxy
