#include "store/late_writer.h"

#include <chrono>
#include <utility>

namespace headroom::store {

LateWriter::LateWriter(std::mutex& mutex, std::function<std::size_t()> waiting, std::function<bool()> write_some)
    : mutex_(mutex), waiting_(std::move(waiting)), write_some_(std::move(write_some)), thread_([this] { run(); }) {}

LateWriter::~LateWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

void LateWriter::more_waits(std::size_t before) {
  const std::size_t now = waiting_();
  if (before == 0 || (before < kMany && now >= kMany)) wake_.notify_one();
}

void LateWriter::run() {
  std::unique_lock lock(mutex_);
  for (bool failed = false;;) {
    wake_.wait(lock, [this] { return stopped_ || waiting_() > 0; });
    wake_.wait_for(lock, std::chrono::milliseconds(kWaitMs),
                   [&] { return stopped_ || (!failed && waiting_() >= kMany); });
    failed = false;
    while (waiting_() > 0 && !failed) {
      failed = !write_some_();
      lock.unlock();
      std::this_thread::yield();
      lock.lock();
    }
    if (stopped_) return;
  }
}

}  // namespace headroom::store
