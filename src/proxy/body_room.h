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
/// another is done with, and meanwhile its bytes wait in the sockets and with its sender. Nobody waits longer than the
/// patience given, so that clients who send slowly, or never finish, do not keep others out. First come, first served.
/// Thread-safe; who waits goes on on its own thread.
class BodyRoom {
 public:
  explicit BodyRoom(std::size_t bytes) : bytes_(bytes) {}

  /// A part of the room; given back at the latest at its end. The room must outlive it.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept
        : room_(std::exchange(other.room_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(room_, other.room_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Place() { give_back(); }
    void give_back() {
      if (room_ != nullptr) std::exchange(room_, nullptr)->release(bytes_);
    }

   private:
    friend class BodyRoom;
    Place(BodyRoom* room, std::size_t bytes) : room_(room), bytes_(bytes) {}
    BodyRoom* room_ = nullptr;
    std::size_t bytes_ = 0;
  };

  /// A place for a body of so many bytes; one larger than all of the room takes all of it.
  Task<Place> take(std::size_t bytes, std::chrono::milliseconds patience);

 private:
  struct Waiting {
    SteadyTimer timer;
    std::size_t bytes;
    bool admitted = false;
  };
  /// Null when there is room at once, which is taken then.
  std::shared_ptr<Waiting> queue(const Executor& executor, std::size_t bytes, std::chrono::milliseconds patience);
  /// Takes the room without waiting any longer, unless it was given meanwhile.
  void insist(const std::shared_ptr<Waiting>& waiting);
  void release(std::size_t bytes);

  const std::size_t bytes_;
  std::mutex mutex_;
  std::size_t used_ = 0;                          // guarded by mutex_, as all below
  std::deque<std::shared_ptr<Waiting>> waiting_;  // not yet admitted
};

}  // namespace headroom::proxy
