#include "agents/journal/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace headroom::agents {
namespace {

using base::ErrorCode;

std::unexpected<base::Error> io_error(std::string_view what, const std::string& path) {
  return base::fail(ErrorCode::kIo, fmt::format("cannot {} {}: {}", what, path, std::strerror(errno)));
}

class Handle {
 public:
  explicit Handle(int handle) : handle_(handle) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (handle_ >= 0) ::close(handle_);
  }
  int get() const { return handle_; }

 private:
  int handle_;
};

base::Result<void> sync_folder(const std::string& path) {
  const Handle folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot do this for folders; their renames are as durable as they get.
  if (folder.get() >= 0 && ::fsync(folder.get()) != 0 && errno != EINVAL && errno != ENOTSUP) {
    return io_error("sync", path);
  }
  return {};
}

/// `from` gets the owner and group of `to`, which it is to replace. What replacing would take from `to`, other names of
/// the file, is an error.
base::Result<void> keep_owner(const std::string& from, const std::string& to) {
  struct stat old{};
  struct stat made{};
  if (::lstat(to.c_str(), &old) != 0 || ::lstat(from.c_str(), &made) != 0) return {};
  if (old.st_nlink > 1 && S_ISREG(old.st_mode)) {
    return base::fail(ErrorCode::kIo,
                      fmt::format("{} has {} names (hard links), of which one alone would change", to, old.st_nlink));
  }
  if (old.st_uid == made.st_uid && old.st_gid == made.st_gid) return {};
  if (::chown(from.c_str(), old.st_uid, old.st_gid) != 0) return io_error("keep the owner and group of", to);
  // A change of owner takes some of the permissions away.
  if (::chmod(from.c_str(), made.st_mode & 07777U) != 0) return io_error("write", from);
  return {};
}

class RealFiles final : public Files {
 public:
  base::Result<std::optional<FileState>> read(const std::string& path) override {
    const Handle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
    struct stat info{};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return io_error("open", path);
    if (!S_ISREG(info.st_mode)) return base::fail(ErrorCode::kIo, fmt::format("{} is no file", path));
    FileState state{{}, info.st_mode & 07777U};
    std::string buffer(65536, '\0');
    while (true) {
      const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return io_error("read", path);
      if (got == 0) return state;
      state.bytes.append(buffer, 0, static_cast<std::size_t>(got));
    }
  }

  base::Result<void> write(const std::string& path, std::string_view bytes, unsigned mode) override {
    const Handle file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) return io_error("write", path);
    while (!bytes.empty()) {
      const ssize_t put = ::write(file.get(), bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return io_error("write", path);
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    if (::fchmod(file.get(), static_cast<mode_t>(mode)) != 0 || ::fsync(file.get()) != 0)
      return io_error("write", path);
    return {};
  }

  base::Result<void> rename(const std::string& from, const std::string& to) override {
    if (auto kept = keep_owner(from, to); !kept) return kept;
    if (::rename(from.c_str(), to.c_str()) != 0) return io_error("replace", to);
    return sync_folder(folder_of(to));
  }

  base::Result<void> remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return io_error("remove", path);
    return sync_folder(folder_of(path));
  }

  base::Result<bool> make_folder(const std::string& path, unsigned mode) override {
    if (::mkdir(path.c_str(), static_cast<mode_t>(mode)) == 0) return true;
    if (errno == EEXIST) return false;
    return io_error("make the folder", path);
  }

  base::Result<bool> is_folder(const std::string& path) override {
    struct stat info{};
    if (::stat(path.c_str(), &info) == 0) {
      if (S_ISDIR(info.st_mode)) return true;
      return base::fail(ErrorCode::kIo, fmt::format("{} is no folder", path));
    }
    if (errno == ENOENT) return false;
    return io_error("look at", path);
  }

  base::Result<void> remove_folder(const std::string& path) override {
    static_cast<void>(::rmdir(path.c_str()));
    return {};
  }

  base::Result<std::vector<std::string>> list(const std::string& path) override {
    std::error_code error;
    std::vector<std::string> names;
    std::filesystem::directory_iterator entry(path, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
      names.push_back(entry->path().filename().string());
    }
    if (error && error != std::errc::no_such_file_or_directory) {
      return base::fail(ErrorCode::kIo, fmt::format("cannot list {}: {}", path, error.message()));
    }
    std::ranges::sort(names);
    return names;
  }

  base::Result<std::string> real_path(const std::string& path) override {
    std::error_code error;
    struct stat info{};
    if (::lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode) && ::stat(path.c_str(), &info) != 0) {
      return base::fail(ErrorCode::kIo, fmt::format("{} is a link to a file that is not there", path));
    }
    const auto real = std::filesystem::weakly_canonical(path, error);
    if (error) return base::fail(ErrorCode::kIo, fmt::format("cannot find {}: {}", path, error.message()));
    return real.string();
  }

  base::Result<std::shared_ptr<void>> lock(const std::string& path) override {
    auto file = std::make_shared<Handle>(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (file->get() < 0) return io_error("lock", path);
    while (::flock(file->get(), LOCK_EX) != 0) {
      if (errno != EINTR) return io_error("lock", path);
    }
    return file;
  }
};

}  // namespace

std::unique_ptr<Files> real_files() {
  return std::make_unique<RealFiles>();
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<std::size_t>(slash, 1)));
}

base::Result<void> replace_file(Files& files, const std::string& path, std::string_view bytes, unsigned mode) {
  const std::string beside = file_beside(path);
  auto done = files.write(beside, bytes, mode);
  if (done) done = files.rename(beside, path);
  if (!done) static_cast<void>(files.remove(beside));
  return done;
}

base::Result<std::vector<std::string>> missing_folders(Files& files, const std::string& path) {
  std::vector<std::string> missing;
  for (std::size_t slash = path.find('/', 1); true; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    const auto there = files.is_folder(part);
    if (!there) return std::unexpected(there.error());
    if (!*there) missing.push_back(part);
    if (slash == std::string::npos) return missing;
  }
}

std::string file_beside(const std::string& path) {
  return path + ".headroom-new";
}

}  // namespace headroom::agents
