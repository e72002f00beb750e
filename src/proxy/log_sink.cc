#include "proxy/log_sink.h"

#include <cerrno>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace headroom::proxy {

BatchSink::BatchSink(int descriptor) : descriptor_(descriptor), writer_([this] { write_batches(); }) {}

BatchSink::~BatchSink() {
  {
    const std::lock_guard lock(waiting_mutex_);
    ended_ = true;
  }
  wake_.notify_one();
  writer_.join();
}

void BatchSink::sink_it_(const spdlog::details::log_msg& message) {
  spdlog::memory_buf_t line;
  formatter_->format(message, line);
  bool first = false;
  {
    const std::lock_guard lock(waiting_mutex_);
    if (waiting_.size() + line.size() > kMaxWaiting) {
      ++dropped_;
      return;
    }
    first = waiting_.empty();
    waiting_.append(line.data(), line.size());
  }
  if (first) wake_.notify_one();
}

void BatchSink::write_batches() {
  std::string batch;
  std::unique_lock lock(waiting_mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
    batch.clear();
    std::swap(batch, waiting_);
    const std::size_t dropped = std::exchange(dropped_, 0);
    const bool last = ended_;
    lock.unlock();
    if (dropped > 0) batch += fmt::format("{} lines dropped: the log is read too slowly\n", dropped);
    write(batch);
    if (last) return;
    lock.lock();
    wake_.wait_for(lock, kPause, [this] { return ended_; });
  }
}

void BatchSink::write(const std::string& batch) const {
  for (std::string_view rest = batch; !rest.empty();) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) return;
  }
}

}  // namespace headroom::proxy
