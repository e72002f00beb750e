#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace headroom::store {

/// A thread that writes what may be written a little later, much at once: kWaitMs after the first of it came, at kMany
/// of it, and at the end. The owner's mutex guards what waits; it is held in each call of `waiting` and `write_some`,
/// and free between the calls, so that requests go first. Goes before what it uses: make it the owner's last member.
class LateWriter {
 public:
  static constexpr std::int64_t kWaitMs = 2000;
  static constexpr std::size_t kMany = 256;

  /// `waiting`: how much there is. `write_some`: writes some of it; false: it could not, and is asked again later.
  LateWriter(std::mutex& mutex, std::function<std::size_t()> waiting, std::function<bool()> write_some);
  /// The owner's mutex is free.
  ~LateWriter();
  LateWriter(const LateWriter&) = delete;
  LateWriter& operator=(const LateWriter&) = delete;

  /// The mutex is held, and more waits than `before`.
  void more_waits(std::size_t before);

 private:
  void run();

  std::mutex& mutex_;
  const std::function<std::size_t()> waiting_;
  const std::function<bool()> write_some_;
  std::condition_variable wake_;
  bool stopped_ = false;  // guarded by mutex_
  std::thread thread_;    // last: it uses all above
};

}  // namespace headroom::store
