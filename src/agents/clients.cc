#include "agents/clients.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace headroom::agents {
namespace {

constexpr std::string_view kLockName = "lock";

class LockedFile {
 public:
  /// `path` is removed at the end when `own` is set.
  LockedFile(int handle, std::string path, bool own) : handle_(handle), path_(std::move(path)), own_(own) {}
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;
  ~LockedFile() {
    if (own_) ::unlink(path_.c_str());
    ::close(handle_);
  }

 private:
  const int handle_;
  const std::string path_;
  const bool own_;
};

/// nullptr with errno EWOULDBLOCK when somebody else has it.
std::shared_ptr<void> locked(const std::string& path, bool wait, bool own) {
  const int handle = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (handle < 0) return nullptr;
  int done = -1;
  do {
    done = ::flock(handle, LOCK_EX | (wait ? 0 : LOCK_NB));
  } while (done != 0 && errno == EINTR);
  if (done == 0) return std::make_shared<LockedFile>(handle, path, own);
  const int error = errno;
  ::close(handle);
  errno = error;
  return nullptr;
}

}  // namespace

base::Result<Clients> Clients::open(std::string folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return base::fail(base::ErrorCode::kIo, fmt::format("cannot make {}: {}", folder, error.message()));
  return Clients(std::move(folder));
}

base::Result<Clients::Held> Clients::lock() const {
  auto held = locked(fmt::format("{}/{}", folder_, kLockName), true, false);
  if (held == nullptr)
    return base::fail(base::ErrorCode::kIo, fmt::format("cannot lock {}: {}", folder_, std::strerror(errno)));
  return held;
}

Clients::Held Clients::try_lock() const {
  return locked(fmt::format("{}/{}", folder_, kLockName), false, false);
}

base::Result<Clients::Held> Clients::join(std::string_view agent) const {
  std::string path = fmt::format("{}/{}.XXXXXX-{}", folder_, ::getpid(), agent);
  const int handle = ::mkostemps(path.data(), static_cast<int>(agent.size() + 1), O_CLOEXEC);
  if (handle < 0) {
    return base::fail(base::ErrorCode::kIo, fmt::format("cannot write in {}: {}", folder_, std::strerror(errno)));
  }
  auto held = std::make_shared<LockedFile>(handle, std::move(path), true);
  // Nobody but a passing count_running() can have it.
  while (::flock(handle, LOCK_EX) != 0) {
    if (errno != EINTR) return base::fail(base::ErrorCode::kIo, fmt::format("cannot lock in {}", folder_));
  }
  return held;
}

std::size_t Clients::count_running(const std::string& above, std::string_view agent) {
  const std::string ending = fmt::format("-{}", agent);
  std::size_t count = 0;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entry(above, error);
  for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const std::size_t dash = name.find('-');
    if (dash == std::string::npos || name.substr(dash) != ending) continue;
    const int handle = ::open(entry->path().c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) continue;
    if (::flock(handle, LOCK_SH | LOCK_NB) != 0) ++count;
    ::close(handle);
  }
  return count;
}

bool Clients::is_there() const {
  return ::access(folder_.c_str(), F_OK) == 0 || errno != ENOENT;
}

Clients::Census Clients::count() const {
  Census census;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder_, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const std::size_t dash = name.find('-');
    if (dash == std::string::npos) continue;
    // Who gets the lock of a client's file has shown that the client is gone; the file goes with it.
    const bool gone = locked(entry->path().string(), false, true) != nullptr;
    (gone ? census.gone : census.alive).push_back(name.substr(dash + 1));
    if (!gone) census.processes.push_back(std::atoi(name.c_str()));
  }
  std::ranges::sort(census.alive);
  std::ranges::sort(census.gone);
  return census;
}

}  // namespace headroom::agents
