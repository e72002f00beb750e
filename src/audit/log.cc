#include "audit/log.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/private_file.h"

namespace headroom::audit {
namespace {

// After a batch; entries that come meanwhile are written together.
constexpr std::chrono::milliseconds kPause{50};
constexpr std::size_t kReadSize = std::size_t{64} << 10;

/// The file is one process's for the time of a batch.
class FileLock {
 public:
  explicit FileLock(int file) : file_(file), held_(::flock(file, LOCK_EX) == 0) {}
  ~FileLock() {
    if (held_) ::flock(file_, LOCK_UN);
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  bool held() const { return held_; }

 private:
  int file_;
  bool held_;
};

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

/// The bytes of [begin, end).
std::string read_part(int file, std::uint64_t begin, std::uint64_t end) {
  std::string part(end - begin, '\0');
  std::size_t have = 0;
  while (have < part.size()) {
    const ssize_t got = ::pread(file, part.data() + have, part.size() - have, static_cast<off_t>(begin + have));
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  part.resize(have);
  return part;
}

/// Where the last line feed before `end` is, plus one; 0 where there is none.
std::uint64_t line_start(int file, std::uint64_t end) {
  while (end > 0) {
    const std::uint64_t begin = end - std::min<std::uint64_t>(end, kReadSize);
    const std::size_t at = read_part(file, begin, end).rfind('\n');
    if (at != std::string::npos) return begin + at + 1;
    end = begin;
  }
  return 0;
}

}  // namespace

base::Result<std::unique_ptr<Log>> Log::open(const std::string& path, const base::Clock& clock, Options options) {
  auto prepared = store::prepare_private_file(path);
  if (!prepared) return std::unexpected(prepared.error());
  std::unique_ptr<Log> log(new Log(*prepared, clock, std::move(options)));
  if (!log->open_file()) {
    return base::fail(base::ErrorCode::kIo, fmt::format("cannot append to {}: {}", path, std::strerror(errno)));
  }
  log->writer_ = std::thread([&log = *log] { log.write_batches(); });
  return log;
}

Log::Log(std::string path, const base::Clock& clock, Options options)
    : path_(std::move(path)), clock_(clock), options_(std::move(options)) {}

Log::~Log() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_one();
  if (writer_.joinable()) writer_.join();
  if (file_ >= 0) ::close(file_);
}

void Log::append(const Entry& entry) {
  std::string text = members(entry);
  {
    const std::lock_guard lock(mutex_);
    if (waiting_bytes_ + text.size() > kMaxWaiting) {
      ++lost_;
      return;
    }
    waiting_bytes_ += text.size();
    waiting_.push_back(std::move(text));
  }
  wake_.notify_one();
}

void Log::write_batches() {
  std::unique_lock lock(mutex_);
  while (!ended_ || !waiting_.empty()) {
    wake_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
    std::deque<std::string> batch = std::exchange(waiting_, {});
    const std::uint64_t lost = std::exchange(lost_, 0);
    waiting_bytes_ = 0;
    lock.unlock();
    const bool written = batch.empty() || write(batch, lost);
    if (!written && !failing_ && options_.warn) {
      options_.warn(fmt::format("the audit trail {} cannot be written: {}", path_, std::strerror(errno)));
    }
    failing_ = !written;
    lock.lock();
    if (!written) lost_ += lost + batch.size();
    if (!ended_) wake_.wait_for(lock, kPause, [this] { return ended_; });
  }
}

bool Log::open_file() {
  if (file_ >= 0) ::close(file_);
  file_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  size_ = 0;
  last_ = {};
  return file_ >= 0;
}

// Under the lock: last_ becomes the link of the file's last line. What a killed process has left of a line goes, and
// `repaired` says so.
bool Log::take_up_chain(std::string& repaired) {
  struct stat info{};
  if (::fstat(file_, &info) != 0) return false;
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size == size_) return true;
  const std::uint64_t end = line_start(file_, size);
  if (end < size) {
    if (::ftruncate(file_, static_cast<off_t>(end)) != 0) return false;
    repaired = fmt::format(R"("time":"{}","kind":"repaired","bytes":{})", time_text(clock_.now_ms()), size - end);
  }
  last_ = {};
  if (end > 0) {
    const std::string line = read_part(file_, line_start(file_, end - 1), end - 1);
    // A last line that is none stays as it is for verify() to find.
    if (const auto sealed = read_sealed(line)) last_ = {sealed->seq, std::string(sealed->hash)};
  }
  size_ = end;
  return true;
}

bool Log::write(const std::deque<std::string>& batch, std::uint64_t lost) {
  struct stat info{};
  if ((file_ < 0 || ::fstat(file_, &info) != 0 || info.st_nlink == 0) && !open_file()) return false;
  const FileLock file_lock(file_);
  std::string extra;
  if (!file_lock.held() || !take_up_chain(extra)) return false;
  Link next = last_;
  std::string text;
  if (!extra.empty()) text += seal(next, extra);
  if (lost > 0) {
    text += seal(next, fmt::format(R"("time":"{}","kind":"lost","entries":{})", time_text(clock_.now_ms()), lost));
  }
  for (const std::string& entry : batch) text += seal(next, entry);
  if (!write_all(file_, text)) {
    const int error = errno;
    // What of it is there goes again: the next batch says that it is missing.
    if (::ftruncate(file_, static_cast<off_t>(size_)) != 0) size_ = 0;
    errno = error;
    return false;
  }
  size_ += text.size();
  last_ = std::move(next);
  return true;
}

base::Result<std::uint64_t> purge(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return 0;
  std::uint64_t lines = 0;
  bool done = file >= 0;
  if (done) {
    const FileLock lock(file);
    struct stat info{};
    done = ::fstat(file, &info) == 0;
    const auto size = static_cast<std::uint64_t>(info.st_size);
    const std::string zeros(kReadSize, '\0');
    for (std::uint64_t at = 0; done && at < size; at += kReadSize) {
      const std::string part = read_part(file, at, std::min<std::uint64_t>(at + kReadSize, size));
      lines += static_cast<std::uint64_t>(std::ranges::count(part, '\n'));
      done = ::pwrite(file, zeros.data(), part.size(), static_cast<off_t>(at)) == static_cast<ssize_t>(part.size());
    }
    done = done && ::fdatasync(file) == 0 && ::unlink(path.c_str()) == 0;
  }
  const int error = errno;
  if (file >= 0) ::close(file);
  if (!done) return base::fail(base::ErrorCode::kIo, fmt::format("cannot delete {}: {}", path, std::strerror(error)));
  return lines;
}

}  // namespace headroom::audit
