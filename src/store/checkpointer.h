#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "store/sqlite.h"

namespace headroom::store {

/// Moves what commits leave in the WAL into the database, on a thread and a connection of its own. SQLite would do it
/// inside every hundredth commit or so, and that commit's request would wait for the disk.
class Checkpointer {
 public:
  /// Work is done each time this much has been written.
  static constexpr std::int64_t kBytes = 4 << 20;

  /// `path` is opened when there is something to do, unless the file that is there now has been deleted or replaced: a
  /// new one would share its WAL with those who have the old one open.
  explicit Checkpointer(std::string path);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// Tells that about `bytes` were committed. Thread-safe, and does not wait for the disk.
  void wrote(std::int64_t bytes);

 private:
  void run();
  void work();

  const std::string path_;
  const std::optional<std::pair<std::uint64_t, std::uint64_t>>
      file_;                              // its device and number; nothing: it is not there
  std::optional<Connection> connection_;  // the thread's alone
  std::mutex mutex_;
  std::condition_variable wake_;
  std::int64_t pending_ = 0;  // guarded by mutex_
  bool stopped_ = false;      // guarded by mutex_
  std::thread thread_;        // last: it uses all above
};

}  // namespace headroom::store
