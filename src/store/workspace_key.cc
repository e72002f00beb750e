#include "store/workspace_key.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "store/private_file.h"

namespace headroom::store {
namespace {

using base::ErrorCode;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kChallengeBytes = 16;
constexpr std::size_t kLongestChallenge = 128;

base::Result<std::string> random_hex(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    return base::fail(ErrorCode::kIo, "the system gives no random numbers");
  }
  return base::hex(bytes);
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

WorkspaceKey::WorkspaceKey(std::string folder) : path_(std::move(folder) + "/proxy.key") {}

std::optional<std::string> WorkspaceKey::read() const {
  const int file = ::open(path_.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  struct stat info{};
  std::array<char, 2 * kKeyBytes + 1> text{};
  const bool own = ::fstat(file, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077U) == 0;
  const ssize_t got = own ? ::read(file, text.data(), text.size()) : -1;
  ::close(file);
  std::string key(text.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
  return key.size() == 2 * kKeyBytes && is_hex(key) ? std::optional(std::move(key)) : std::nullopt;
}

base::Result<void> WorkspaceKey::make() const {
  if (read()) return {};
  if (auto done = make_private_folder(path_.substr(0, path_.rfind('/'))); !done) return done;
  const auto key = random_hex(kKeyBytes), suffix = random_hex(kChallengeBytes);
  if (!key || !suffix) return std::unexpected(key ? suffix.error() : key.error());
  const std::string beside = path_ + "." + *suffix;
  if (auto done = write_new_private_file(beside, *key); !done) return done;
  // The first of several that make one at a time counts; what is no key makes room.
  bool linked = ::link(beside.c_str(), path_.c_str()) == 0;
  if (!linked && errno == EEXIST) linked = read() || ::rename(beside.c_str(), path_.c_str()) == 0;
  const int error = errno;
  ::unlink(beside.c_str());
  if (linked) return {};
  return base::fail(ErrorCode::kIo, fmt::format("creating {} failed: {}", path_, std::strerror(error)));
}

std::optional<std::string> WorkspaceKey::answer(std::string_view challenge, int port) const {
  const auto key = is_challenge(challenge) ? read() : std::nullopt;
  if (!key) return std::nullopt;
  return base::hex(base::hmac_sha256(*key, fmt::format("headroom-proxy {} {}", port, challenge)));
}

base::Result<std::string> WorkspaceKey::new_challenge() {
  return random_hex(kChallengeBytes);
}

bool WorkspaceKey::is_challenge(std::string_view text) {
  return text.size() >= 2 * kChallengeBytes && text.size() <= kLongestChallenge && is_hex(text);
}

}  // namespace headroom::store
