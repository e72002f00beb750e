#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "store/ledger.h"

namespace headroom::store {

/// Rows on their way from request threads to the one thread that writes them. Thread-safe. push() takes a lock and
/// moves the row; it never wakes the writer, which costs more than the rest, but lets it come by itself after
/// `interval`.
class LedgerQueue {
 public:
  LedgerQueue(std::size_t capacity, std::chrono::milliseconds interval);

  /// Dropped and counted when the queue is full.
  void push(LedgerRow row);

  /// For the writer: waits for the interval, a flush or the end. Swaps the queued rows into `batch`, which must be
  /// empty (its capacity is used again). False at the end, with the last rows.
  bool take(std::vector<LedgerRow>& batch);
  /// For the writer: everything taken so far is written, or was tried.
  void done();

  /// Waits until the writer has said done() to what was pushed before.
  void flush();
  /// Makes take() return false.
  void close();

  std::int64_t dropped() const;
  void count_dropped(std::int64_t rows);

 private:
  const std::size_t capacity_;
  const std::chrono::milliseconds interval_;
  mutable std::mutex mutex_;
  std::condition_variable wake_writer_, wake_flushers_;
  // Guarded by mutex_.
  std::vector<LedgerRow> rows_;
  std::uint64_t pushed_ = 0, taken_ = 0, written_ = 0;
  std::int64_t dropped_ = 0;
  bool urgent_ = false, closed_ = false;
};

}  // namespace headroom::store
