#include "agents/child.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headroom::agents {
namespace {

using base::ErrorCode;

constexpr std::array kPassedOn = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

std::vector<std::string> environment_with(const EnvChanges& changes) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const std::string_view name = text.substr(0, text.find('='));
    if (std::ranges::find(changes, name, &EnvChanges::value_type::first) == changes.end()) all.emplace_back(text);
  }
  for (const auto& [name, value] : changes) all.push_back(fmt::format("{}={}", name, value));
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

/// What posix_spawn() is told; freed at the end.
class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  /// All signals as a program finds them that a shell starts; with `keep_ignored`, what this process was told to ignore
  /// (nohup, a shell's background) stays ignored.
  void reset_signals(const sigset_t& mask, bool keep_ignored, short more_flags = 0) {
    sigset_t all;
    sigemptyset(&all);
    for (const int signal : kPassedOn) {
      struct sigaction now{};
      const bool ignored = ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
      if (!keep_ignored || !ignored) sigaddset(&all, signal);
    }
    for (const int signal : {SIGPIPE, SIGXFSZ, SIGCHLD}) sigaddset(&all, signal);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &mask);
    posix_spawnattr_setflags(&attributes,
                             static_cast<short>(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | more_flags));
  }

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

/// Blocks the signals that a child is to get, until the end.
class SignalBlock {
 public:
  SignalBlock() {
    sigemptyset(&waited_);
    for (const int signal : kPassedOn) sigaddset(&waited_, signal);
    sigaddset(&waited_, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &waited_, &before_);
  }
  SignalBlock(const SignalBlock&) = delete;
  SignalBlock& operator=(const SignalBlock&) = delete;
  ~SignalBlock() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  const sigset_t& before() const { return before_; }

  /// Waits for a signal, at most `timeout`; passes on to `child` what is not from the terminal.
  void wait(pid_t child, const timespec* timeout) const {
    siginfo_t info{};
    const int signal = sigtimedwait(&waited_, &info, timeout);
    if (signal <= 0 || signal == SIGCHLD) return;
    if (info.si_code == SI_USER || info.si_code == SI_QUEUE) ::kill(child, signal);
  }

 private:
  sigset_t waited_{};
  sigset_t before_{};
};

/// nullopt while it lives. When it has stopped itself, so do we: whoever waits for us sees it, and what wakes us wakes
/// it.
std::optional<ChildEnd> ended(pid_t child) {
  int status = 0;
  const pid_t got = ::waitpid(child, &status, WNOHANG | WUNTRACED);
  if (got == 0 || (got < 0 && errno == EINTR)) return std::nullopt;
  if (got < 0) return ChildEnd{127, 0};
  if (WIFSTOPPED(status)) {
    std::raise(SIGSTOP);
    ::kill(child, SIGCONT);
    return std::nullopt;
  }
  if (WIFSIGNALED(status)) return ChildEnd{128 + WTERMSIG(status), WTERMSIG(status)};
  return ChildEnd{WEXITSTATUS(status), 0};
}

base::Result<pid_t> spawn(std::vector<std::string> words, const EnvChanges& changes, const SpawnSettings& settings) {
  std::vector<std::string> environment = environment_with(changes);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, words[0].c_str(), &settings.actions, &settings.attributes,
                                   pointers(words).data(), pointers(environment).data());
  if (error == ENOENT)
    return base::fail(ErrorCode::kNotFound, fmt::format("there is no program '{}' on the PATH", words[0]));
  if (error != 0) return base::fail(ErrorCode::kIo, fmt::format("cannot run {}: {}", words[0], std::strerror(error)));
  return child;
}

constexpr timespec kOneSecond{1, 0};

}  // namespace

base::Result<ChildEnd> run_child(const std::vector<std::string>& words, const EnvChanges& changes) {
  const SignalBlock block;
  SpawnSettings settings;
  settings.reset_signals(block.before(), true);
  const auto child = spawn(words, changes, settings);
  if (!child) return std::unexpected(child.error());
  while (true) {
    if (const auto end = ended(*child)) return *end;
    block.wait(*child, &kOneSecond);
  }
}

base::Result<ChildOutput> run_child_for_output(const std::vector<std::string>& words) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return base::fail(ErrorCode::kIo, "no pipe to be had");
  const SignalBlock block;
  SpawnSettings settings;
  settings.reset_signals(block.before(), true);
  posix_spawn_file_actions_adddup2(&settings.actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&settings.actions, ends[1], STDERR_FILENO);
  const auto child = spawn(words, {}, settings);
  ::close(ends[1]);
  if (!child) {
    ::close(ends[0]);
    return std::unexpected(child.error());
  }
  ChildOutput out;
  std::array<char, 65536> buffer{};
  std::optional<ChildEnd> end;
  constexpr int kPollMs = 50;
  constexpr timespec kNow{0, 0};
  while (true) {
    pollfd ready{ends[0], POLLIN, 0};
    const int got = ::poll(&ready, 1, end ? 0 : kPollMs);
    if (got > 0) {
      const ssize_t size = ::read(ends[0], buffer.data(), buffer.size());
      if (size == 0) break;
      if (size > 0) out.text.append(buffer.data(), static_cast<std::size_t>(size));
      if (size < 0 && errno != EINTR) break;
    } else if (end) {
      break;  // what it has left running in the background may hold the pipe for ever
    }
    block.wait(*child, &kNow);
    if (!end) end = ended(*child);
  }
  ::close(ends[0]);
  while (!end) {
    block.wait(*child, &kOneSecond);
    end = ended(*child);
  }
  out.end = *end;
  return out;
}

base::Result<int> start_detached(const std::vector<std::string>& words, const std::string& log) {
  SpawnSettings settings;
  sigset_t none;
  sigemptyset(&none);
  settings.reset_signals(none, false, POSIX_SPAWN_SETSID);
  posix_spawn_file_actions_addopen(&settings.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&settings.actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&settings.actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&settings.actions, "/");
  const auto child = spawn(words, {}, settings);
  if (!child) return std::unexpected(child.error());
  return static_cast<int>(*child);
}

std::string program_path() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string("headroom") : path.string();
}

std::string find_program(std::string_view name, std::string_view path_variable) {
  while (!path_variable.empty()) {
    const std::size_t end = std::min(path_variable.find(':'), path_variable.size());
    const std::string file = fmt::format("{}/{}", path_variable.substr(0, end), name);
    std::error_code ignored;
    if (::access(file.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(file, ignored)) return file;
    path_variable.remove_prefix(std::min(end + 1, path_variable.size()));
  }
  return {};
}

int end_like(const ChildEnd& end) {
  if (end.signal != 0) {
    std::signal(end.signal, SIG_DFL);
    std::raise(end.signal);
  }
  return end.code;
}

void wait_for_end() {
  sigset_t waited;
  sigemptyset(&waited);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&waited, signal);
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &waited, &before);
  int signal = 0;
  sigwait(&waited, &signal);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace headroom::agents
