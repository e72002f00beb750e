#include "document/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headroom::document {
namespace {

[[noreturn]] void run_child(int output, const std::function<std::string()>& work, unsigned seconds) {
  const rlimit limit{seconds, seconds};
  setrlimit(RLIMIT_CPU, &limit);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGTERM, SIGINT}) std::signal(signal, SIG_DFL);
  if (const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  const std::string result = work();
  for (std::size_t at = 0; at < result.size();) {
    const ssize_t written = write(output, result.data() + at, result.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(1);
    at += static_cast<std::size_t>(written);
  }
  _exit(0);
}

std::string read_all(int input) {
  std::string out;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = read(input, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return out;
    out.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

base::Result<std::string> in_child_process(const std::function<std::string()>& work, unsigned seconds) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return base::fail(base::ErrorCode::kIo, "no pipe to a child process");
  for (const int end : ends) fcntl(end, F_SETFD, FD_CLOEXEC);
  const pid_t child = fork();
  if (child < 0) {
    for (const int end : ends) close(end);
    return base::fail(base::ErrorCode::kIo, "no child process to be had");
  }
  if (child == 0) {
    close(ends[0]);
    run_child(ends[1], work, seconds);
  }
  close(ends[1]);
  std::string out = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return base::fail(base::ErrorCode::kParse, "the file is damaged: its reader stopped");
  }
  return out;
}

}  // namespace headroom::document
