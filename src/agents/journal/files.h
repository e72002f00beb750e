#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace headroom::agents {

/// A file as it is on disk.
struct FileState {
  std::string bytes;
  unsigned mode = 0600;  ///< permission bits
};

/// The disk, in steps so small that a power cut between any two of them (or in the middle of one) is one of the cases
/// that the journal is made for. All paths are absolute, but for those
/// of files that are only read; errors are kIo with the system's reason.
class Files {
 public:
  virtual ~Files() = default;

  /// nullopt when there is no such file.
  virtual base::Result<std::optional<FileState>> read(const std::string& path) = 0;
  /// Makes a file that does not exist yet, or replaces it, and has its bytes on the disk before it returns; not atomic.
  virtual base::Result<void> write(const std::string& path, std::string_view bytes, unsigned mode) = 0;
  /// Atomic; the new name is on the disk before it returns. A file that is there passes on its owner and group; one
  /// that has other names (hard links) is an error.
  virtual base::Result<void> rename(const std::string& from, const std::string& to) = 0;
  /// No error when it is gone already.
  virtual base::Result<void> remove(const std::string& path) = 0;
  /// One folder. True when it was made, false when it was there.
  virtual base::Result<bool> make_folder(const std::string& path, unsigned mode) = 0;
  virtual base::Result<bool> is_folder(const std::string& path) = 0;
  /// Only an empty folder goes; no error for others.
  virtual base::Result<void> remove_folder(const std::string& path) = 0;
  /// Names in a folder, sorted; none when there is no folder.
  virtual base::Result<std::vector<std::string>> list(const std::string& path) = 0;
  /// Where a file really is, behind symbolic links; the path itself when it does not exist. A link that leads nowhere
  /// is an error.
  virtual base::Result<std::string> real_path(const std::string& path) = 0;
  /// Held by one process at a time, until the handle goes; waits for it.
  virtual base::Result<std::shared_ptr<void>> lock(const std::string& path) = 0;
};

/// The file system of the machine.
std::unique_ptr<Files> real_files();

/// Replaces a file so that after a power cut it has either its old or its new content, through a file beside it, which
/// an error does not leave behind.
base::Result<void> replace_file(Files& files, const std::string& path, std::string_view bytes, unsigned mode);

/// The folder and those above it that do not exist, the outermost first.
base::Result<std::vector<std::string>> missing_folders(Files& files, const std::string& path);

/// What replace_file() writes on the way; a crash may leave it behind.
std::string file_beside(const std::string& path);

/// The folder of a path.
std::string folder_of(std::string_view path);

}  // namespace headroom::agents
