#include "mcp/child.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headroom::mcp {
namespace {

base::Result<std::array<int, 2>> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) == 0) return ends;
  return base::fail(base::ErrorCode::kIo, "no pipe can be made: " + std::generic_category().message(errno));
}

/// Its own signals are as they were before we ignored and blocked some.
int spawn(pid_t& pid, const std::vector<std::string>& words, int read_from, int write_to) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));  // the interface's type
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, read_from, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, write_to, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigaddset(&signals, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  const int failed = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failed;
}

}  // namespace

base::Result<Child> Child::start(const std::vector<std::string>& words) {
  const auto in = make_pipe();
  if (!in) return std::unexpected(in.error());
  const auto out = make_pipe();
  if (!out) {
    ::close((*in)[0]);
    ::close((*in)[1]);
    return std::unexpected(out.error());
  }
  pid_t pid = -1;
  const int failed = spawn(pid, words, (*in)[0], (*out)[1]);
  ::close((*in)[0]);
  ::close((*out)[1]);
  if (failed == 0) return Child(pid, (*in)[1], (*out)[0]);
  ::close((*in)[1]);
  ::close((*out)[0]);
  return base::fail(failed == ENOENT ? base::ErrorCode::kNotFound : base::ErrorCode::kIo,
                    fmt::format("{} cannot be started: {}", words[0], std::generic_category().message(failed)));
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)) {}

Child::~Child() {
  close_input();
  wait();
  if (output_ >= 0) ::close(output_);
}

void Child::close_input() {
  if (input_ >= 0) ::close(std::exchange(input_, -1));
}

void Child::signal(int number) const {
  if (pid_ > 0) ::kill(-pid_, number);
}

int Child::wait() {
  if (pid_ < 0) return 0;
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) break;
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace headroom::mcp
