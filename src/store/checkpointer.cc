#include "store/checkpointer.h"

#include <utility>

#include <sys/stat.h>

namespace headroom::store {
namespace {

std::optional<std::pair<std::uint64_t, std::uint64_t>> file_at(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return std::pair<std::uint64_t, std::uint64_t>(info.st_dev, info.st_ino);
}

}  // namespace

Checkpointer::Checkpointer(std::string path)
    : path_(std::move(path)), file_(file_at(path_)), thread_([this] { run(); }) {}

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
    work();
    lock.lock();
  }
}

// What cannot be done now is done later, or by a commit.
void Checkpointer::work() {
  if (!connection_) {
    if (!file_ || file_at(path_) != file_) return;
    auto opened = Connection::open(path_);
    if (!opened) return;
    connection_.emplace(*std::move(opened));
  }
  connection_->checkpoint();
}

}  // namespace headroom::store
