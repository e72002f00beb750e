#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

#include <spdlog/sinks/base_sink.h>

namespace headroom::proxy {

/// Takes lines in memory and writes them to a descriptor on a thread of its own, many at a time: a line costs the
/// thread that logs no system call and waits for no reader. Lines that find kMaxWaiting bytes waiting are dropped and
/// counted; the count is written instead. What waits is written at the end. The descriptor is borrowed.
class BatchSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  static constexpr std::size_t kMaxWaiting = 1 << 20;
  /// After a write; lines that come meanwhile go out together.
  static constexpr std::chrono::milliseconds kPause{20};

  explicit BatchSink(int descriptor);
  ~BatchSink() override;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

 private:
  void write_batches();
  void write(const std::string& batch) const;

  const int descriptor_;
  std::mutex waiting_mutex_;
  std::condition_variable wake_;
  std::string waiting_;      // guarded by waiting_mutex_
  std::size_t dropped_ = 0;  // guarded by waiting_mutex_
  bool ended_ = false;       // guarded by waiting_mutex_
  std::thread writer_;
};

}  // namespace headroom::proxy
