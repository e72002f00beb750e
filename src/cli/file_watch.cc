#include "cli/file_watch.h"

#include <algorithm>
#include <utility>

#include <sys/stat.h>

namespace headroom::cli {
namespace {

constexpr int kLongestPause = 16;

std::int64_t ns_of(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

FileWatch::FileWatch(std::vector<std::string> files) : files_(std::move(files)) {}

FileWatch::Stamp FileWatch::stamp_of(const std::string& file) {
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0) return {};
  return {info.st_ino, info.st_size, ns_of(info.st_mtim), ns_of(info.st_ctim)};
}

bool FileWatch::is_due() {
  std::vector<Stamp> now;
  std::ranges::transform(files_, std::back_inserter(now), stamp_of);
  const bool written = now != seen_;
  seen_ = std::move(now);
  if (written) {
    times_left_ = 1;
    pause_ = 1;
    return true;
  }
  return times_left_ > 0 && --times_left_ == 0;
}

void FileWatch::failed() {
  times_left_ = pause_;
  pause_ = std::min(2 * pause_, kLongestPause);
}

}  // namespace headroom::cli
