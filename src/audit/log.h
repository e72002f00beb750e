#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "audit/chain.h"
#include "audit/entry.h"
#include "base/clock.h"
#include "base/result.h"

namespace headroom::audit {

/// Appends to an audit trail from a thread of its own: a request waits for no disk. Several processes may append to one
/// file; each takes up the chain where the last line is. What finds the queue full, or cannot be written, is counted,
/// and a line says how many entries are missing there. Thread-safe.
class Log {
 public:
  static constexpr std::size_t kMaxWaiting = std::size_t{64} << 20;

  struct Options {
    bool content = false;                        ///< entries may have content
    std::function<void(std::string_view)> warn;  ///< told, once for each stretch of failures; called on the thread
  };
  /// kIo when the file cannot be made or is not the user's own.
  static base::Result<std::unique_ptr<Log>> open(const std::string& path, const base::Clock& clock, Options options);
  /// Writes what waits.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool wants_content() const { return options_.content; }
  void append(const Entry& entry);

 private:
  Log(std::string path, const base::Clock& clock, Options options);
  void write_batches();
  bool write(const std::deque<std::string>& batch, std::uint64_t lost);
  bool open_file();
  bool take_up_chain(std::string& repaired);

  const std::string path_;
  const base::Clock& clock_;
  const Options options_;
  // Of the writing thread.
  int file_ = -1;
  std::uint64_t size_ = 0;
  Link last_;
  bool failing_ = false;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::string> waiting_;  // guarded by mutex_
  std::size_t waiting_bytes_ = 0;    // guarded by mutex_
  std::uint64_t lost_ = 0;           // guarded by mutex_
  bool ended_ = false;               // guarded by mutex_
  std::thread writer_;
};

/// Overwrites and deletes the trail; how many lines it had. 0 where there is none. A process that appends begins anew.
base::Result<std::uint64_t> purge(const std::string& path);

}  // namespace headroom::audit
