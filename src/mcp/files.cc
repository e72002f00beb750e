#include "mcp/files.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proxy/query_string.h"

namespace headroom::mcp {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

bool is_below(std::string_view path, std::string_view root) {
  if (!path.starts_with(root)) return false;
  return path.size() == root.size() || root.ends_with('/') || path[root.size()] == '/';
}

std::unexpected<base::Error> io_failure(std::string_view path) {
  const int code = errno;
  return base::fail(code == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                    fmt::format("{}: {}", path, std::generic_category().message(code)));
}

/// A path without links: it was resolved before, and another that has been put there since is refused.
base::Result<std::string> read_regular(const std::string& path) {
  // A pipe without a writer must not keep us waiting.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.get() < 0) return io_failure(path);
  struct stat facts{};
  if (::fstat(file.get(), &facts) != 0) return io_failure(path);
  if (!S_ISREG(facts.st_mode)) return base::fail(ErrorCode::kInvalidArgument, path + " is no regular file");
  std::string content;
  for (;;) {
    constexpr std::size_t kPiece = 256 * 1024;
    const std::size_t size = content.size();
    if (size > FileAccess::kMaxBytes) {
      return base::fail(ErrorCode::kTooLarge, fmt::format("{} is over {} MB", path, FileAccess::kMaxBytes >> 20U));
    }
    content.resize(size + kPiece);
    const ssize_t got = ::read(file.get(), content.data() + size, kPiece);
    content.resize(size + static_cast<std::size_t>(got < 0 ? 0 : got));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_failure(path);
    if (got == 0) return content;
  }
}

}  // namespace

FileAccess::FileAccess(const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) {
    std::error_code failed;
    const fs::path real = fs::canonical(folder, failed);
    if (!failed && fs::is_directory(real, failed)) roots_.push_back(real.string());
  }
}

base::Result<std::string> FileAccess::read(std::string_view path) const {
  if (roots_.empty()) {
    return base::fail(ErrorCode::kInvalidArgument,
                      "no folder is open to this server: the client names none (roots), and it was started without "
                      "--root DIR");
  }
  const fs::path wanted(path);
  std::error_code failed;
  fs::path real;
  if (wanted.is_absolute()) {
    real = fs::canonical(wanted, failed);
  } else {
    failed = std::make_error_code(std::errc::no_such_file_or_directory);
    for (const std::string& root : roots_) {
      real = fs::canonical(fs::path(root) / wanted, failed);
      if (!failed) break;
    }
  }
  // What is outside is refused in the same words whether it is there or not.
  const auto is_open = [this](std::string_view one) {
    return std::ranges::any_of(roots_, [one](const std::string& root) { return is_below(one, root); });
  };
  const std::string asked = wanted.is_absolute() ? wanted.lexically_normal().string() : std::string(path);
  if (failed && (!wanted.is_absolute() || is_open(asked))) {
    return base::fail(ErrorCode::kNotFound, fmt::format("{}: {}", path, failed.message()));
  }
  if (failed || !is_open(real.string())) {
    return base::fail(ErrorCode::kInvalidArgument, fmt::format("{} is not below a folder that is open to this server: "
                                                               "{}",
                                                               path, fmt::join(roots_, ", ")));
  }
  return read_regular(real.string());
}

std::string path_of_uri(std::string_view uri) {
  constexpr std::string_view kScheme = "file://";
  if (!uri.starts_with(kScheme)) return {};
  uri.remove_prefix(kScheme.size());
  if (uri.starts_with("localhost/")) uri.remove_prefix(std::string_view("localhost").size());
  if (!uri.starts_with('/')) return {};
  // A plus is a plus in a path.
  std::string escaped;
  for (const char c : uri) escaped += c == '+' ? std::string_view("%2B") : std::string_view(&c, 1);
  std::string path = proxy::percent_decode(escaped);
  return path.find('\0') == std::string::npos ? path : std::string();
}

bool ReadFiles::same_as_before(const std::string& path, std::string_view content_id) {
  const std::lock_guard lock(mutex_);
  std::string& known = ids_[path];
  const bool same = known == content_id;
  known = content_id;
  return same;
}

}  // namespace headroom::mcp
