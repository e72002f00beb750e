#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace headroom::mcp {

/// Files that a client may have read: those below some folders, by their real paths, whatever links lead to them.
class FileAccess {
 public:
  static constexpr std::size_t kMaxBytes = 64U << 20U;

  /// No folder: no file.
  FileAccess() = default;
  /// Folders that are not there give access to nothing.
  explicit FileAccess(const std::vector<std::string>& folders);

  bool empty() const { return roots_.empty(); }
  const std::vector<std::string>& roots() const { return roots_; }

  /// The bytes of a regular file. A relative path counts from the first folder that has it. kInvalidArgument for what
  /// is outside, or no regular file; kNotFound; kTooLarge past kMaxBytes; kIo.
  base::Result<std::string> read(std::string_view path) const;

 private:
  std::vector<std::string> roots_;  // real paths
};

/// The path of a file:// URI on this machine; empty for any other.
std::string path_of_uri(std::string_view uri);

/// Which bytes a session has been shown of each file, by path: the id of the content. Thread-safe.
class ReadFiles {
 public:
  /// Notes what is shown now; true when it is what was shown last.
  bool same_as_before(const std::string& path, std::string_view content_id);

 private:
  std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> ids_;  // guarded by mutex_
};

}  // namespace headroom::mcp
