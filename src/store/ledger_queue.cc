#include "store/ledger_queue.h"

#include <algorithm>
#include <utility>

namespace headroom::store {

LedgerQueue::LedgerQueue(std::size_t capacity, std::chrono::milliseconds interval)
    : capacity_(capacity), interval_(interval) {
  constexpr std::size_t kReserved = 1024;
  rows_.reserve(std::min(kReserved, capacity));
}

void LedgerQueue::push(LedgerRow row) {
  const std::lock_guard lock(mutex_);
  if (rows_.size() >= capacity_) {
    ++dropped_;
    return;
  }
  rows_.push_back(std::move(row));
  ++pushed_;
}

bool LedgerQueue::take(std::vector<LedgerRow>& batch) {
  std::unique_lock lock(mutex_);
  wake_writer_.wait_for(lock, interval_, [this] { return urgent_ || closed_; });
  urgent_ = false;
  batch.swap(rows_);
  taken_ = pushed_;
  return !closed_;
}

void LedgerQueue::done() {
  const std::lock_guard lock(mutex_);
  written_ = taken_;
  wake_flushers_.notify_all();
}

void LedgerQueue::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t target = pushed_;
  if (written_ >= target) return;
  urgent_ = true;
  wake_writer_.notify_one();
  wake_flushers_.wait(lock, [&] { return written_ >= target; });
}

void LedgerQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  wake_writer_.notify_one();
}

std::int64_t LedgerQueue::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

void LedgerQueue::count_dropped(std::int64_t rows) {
  const std::lock_guard lock(mutex_);
  dropped_ += rows;
}

}  // namespace headroom::store
