#include "aws/command.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headroom::aws {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::size_t kMostOutput = 64 * 1024;
constexpr std::chrono::milliseconds kPoll{50};

/// A shell with a process group of its own, whose standard output is a pipe. Ends with this, whatever happens.
class Shell {
 public:
  Shell() = default;
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;
  ~Shell() {
    if (pid_ > 0) {
      ::kill(-pid_, SIGKILL);
      while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
    if (output_ >= 0) ::close(output_);
  }

  base::Result<void> start(const std::string& command) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(ErrorCode::kIo, "no pipe to be had");
    output_ = ends[0];
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);  // sockets among them
    sigset_t none, changed;
    sigemptyset(&none);
    sigfillset(&changed);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &changed);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::string words[] = {"sh", "-c", command};
    std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
    const int error = ::posix_spawn(&pid_, "/bin/sh", &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    ::close(ends[1]);
    if (error == 0) return {};
    pid_ = -1;
    return fail(ErrorCode::kIo, fmt::format("cannot run /bin/sh: {}", std::strerror(error)));
  }

  enum class Read : std::uint8_t { kSome, kNothing, kEnd };
  /// Takes in what comes within `patience`.
  Read read(std::string& text, std::chrono::milliseconds patience) const {
    pollfd ready{output_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(patience.count())) <= 0) return Read::kNothing;
    std::array<char, 4096> buffer{};
    const ssize_t size = ::read(output_, buffer.data(), buffer.size());
    if (size < 0) return errno == EINTR ? Read::kNothing : Read::kEnd;
    text.append(buffer.data(), static_cast<std::size_t>(size));
    return size > 0 ? Read::kSome : Read::kEnd;
  }

  /// Its status once it has ended.
  std::optional<int> wait() {
    int status = 0;
    const pid_t got = ::waitpid(pid_, &status, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR)) return std::nullopt;
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
};

}  // namespace

base::Result<std::string> run_command(const std::string& command, std::chrono::milliseconds timeout,
                                      const std::stop_token& stop) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  Shell shell;
  if (auto started = shell.start(command); !started) return std::unexpected(started.error());
  std::string text;
  std::optional<int> status;
  for (bool open = true;;) {
    if (stop.stop_requested()) return fail(ErrorCode::kUnavailable, "it was stopped");
    if (std::chrono::steady_clock::now() >= end) {
      const double seconds = static_cast<double>(timeout.count()) / 1000;
      return fail(ErrorCode::kTimeout, fmt::format("it took longer than {} s", seconds));
    }
    // What it has left running in the background may hold the pipe for ever.
    auto got = Shell::Read::kNothing;
    if (open) got = shell.read(text, status ? std::chrono::milliseconds(0) : kPoll);
    if (!open && !status) ::poll(nullptr, 0, static_cast<int>(kPoll.count()));
    open = open && got != Shell::Read::kEnd;
    if (text.size() > kMostOutput) return fail(ErrorCode::kTooLarge, "it printed more than 64 KiB");
    if (status && got != Shell::Read::kSome) break;
    if (!status) status = shell.wait();
  }
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return text;
  if (WIFEXITED(*status))
    return fail(ErrorCode::kUnavailable, fmt::format("it ended with code {}", WEXITSTATUS(*status)));
  return fail(ErrorCode::kUnavailable, fmt::format("signal {} ended it", WTERMSIG(*status)));
}

}  // namespace headroom::aws
