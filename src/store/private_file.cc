#include "store/private_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace headroom::store {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;

constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;

std::unexpected<base::Error> os_error(std::string_view doing, const std::string& path, int error) {
  return base::fail(ErrorCode::kIo, fmt::format("{} {} failed: {}", doing, path, std::strerror(error)));
}

// Folders that are there keep their rights; they are the user's.
Result<void> make_folders(const fs::path& folder) {
  struct stat info{};
  if (::stat(folder.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return {};
    return base::fail(ErrorCode::kIo, fmt::format("{} is not a folder: choose another path", folder.string()));
  }
  if (errno != ENOENT) return os_error("looking at folder", folder, errno);
  if (folder.has_parent_path() && folder.parent_path() != folder) {
    if (auto parent = make_folders(folder.parent_path()); !parent) return parent;
  }
  if (::mkdir(folder.c_str(), kFolderMode) == 0) {
    if (::chmod(folder.c_str(), kFolderMode) != 0) return os_error("setting the rights of folder", folder, errno);
    return {};
  }
  // Another process may have made it just now.
  if (errno == EEXIST && ::stat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
  return os_error("creating folder", folder, errno);
}

// True if there is such a file now and it is private; false if there is none.
Result<bool> restrict_file(const std::string& path) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return false;
    return os_error("looking at", path, errno);
  }
  if (S_ISLNK(info.st_mode)) {
    return base::fail(ErrorCode::kIo,
                      fmt::format("{} is a symbolic link, which is refused: give the path of the file itself", path));
  }
  if (!S_ISREG(info.st_mode)) {
    return base::fail(ErrorCode::kIo, fmt::format("{} is not a regular file: choose another path", path));
  }
  if ((info.st_mode & 07777) != kFileMode && ::chmod(path.c_str(), kFileMode) != 0 && errno != ENOENT) {
    return os_error("taking the rights of others away from", path, errno);
  }
  return true;
}

Result<void> create_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, kFileMode);
  if (descriptor < 0) {
    if (errno == EEXIST) return {};  // another process was faster, with the same rights
    return os_error("creating", path, errno);
  }
  const int error = ::fchmod(descriptor, kFileMode) == 0 ? 0 : errno;
  ::close(descriptor);
  if (error != 0) return os_error("setting the rights of", path, error);
  return {};
}

}  // namespace

Result<void> make_private_folder(const std::string& path) {
  return make_folders(path);
}

Result<void> write_new_private_file(const std::string& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, kFileMode);
  if (file < 0) return os_error("creating", path, errno);
  const bool written = ::fchmod(file, kFileMode) == 0 &&
                       ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  if (written) return {};
  ::unlink(path.c_str());
  return os_error("writing", path, error);
}

Result<std::string> prepare_private_file(const std::string& path) {
  const fs::path given(path);
  if (given.filename().empty() || given.filename() == "." || given.filename() == "..") {
    return base::fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" does not name a file", path));
  }
  std::error_code error;
  const fs::path folder = fs::absolute(given, error).parent_path();
  if (error) return os_error("resolving", path, error.value());
  if (auto made = make_folders(folder); !made) return std::unexpected(std::move(made.error()));
  const fs::path resolved = fs::canonical(folder, error);
  if (error) return os_error("resolving folder", folder, error.value());

  const std::string file = resolved / given.filename();
  auto present = restrict_file(file);
  if (!present) return std::unexpected(std::move(present.error()));
  if (!*present) {
    if (auto created = create_file(file); !created) return std::unexpected(std::move(created.error()));
  }
  for (const char* suffix : {"-wal", "-shm"}) {
    if (auto companion = restrict_file(file + suffix); !companion) return std::unexpected(std::move(companion.error()));
  }
  return file;
}

}  // namespace headroom::store
