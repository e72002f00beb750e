#include "store/checkpointer.h"

#include <utility>

namespace headroom::store {

Checkpointer::Checkpointer(Connection connection) : connection_(std::move(connection)), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    wake_.notify_one();
  }
  thread_.join();
}

void Checkpointer::wrote(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  const bool was_enough = pending_ >= kBytes;
  pending_ += bytes;
  if (pending_ >= kBytes && !was_enough) wake_.notify_one();
}

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopped_ || pending_ >= kBytes; });
    if (stopped_) return;
    pending_ = 0;
    lock.unlock();
    connection_.checkpoint();
    lock.lock();
  }
}

}  // namespace headroom::store
