#include "proxy/successor.h"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

namespace headroom::proxy {
namespace {

constexpr const char* kListener = "HEADROOM_INHERITED_LISTENER";
constexpr const char* kReady = "HEADROOM_INHERITED_READY";
// Where the successor finds them; everything above is closed.
constexpr int kListenerDescriptor = 3;
constexpr int kReadyDescriptor = 4;

std::vector<std::string> own_command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size(); at += words.back().size() + 1) words.emplace_back(text.c_str() + at);
  return words;
}

// The environment with the two variables that tell the successor what it got.
std::vector<std::string> successors_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("HEADROOM_INHERITED_")) variables.emplace_back(*variable);
  }
  variables.push_back(fmt::format("{}={}", kListener, kListenerDescriptor));
  variables.push_back(fmt::format("{}={}", kReady, kReadyDescriptor));
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

// A descriptor that the variable names, and that is no longer named afterwards.
int take_descriptor(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return -1;
  int descriptor = -1;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), descriptor);
  const bool whole = error == std::errc() && *end == '\0';
  ::unsetenv(variable);
  return whole && ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 ? descriptor : -1;
}

}  // namespace

base::Result<Successor> start_successor(int listener) {
  std::vector<std::string> words = own_command_line();
  if (words.empty()) return base::fail(base::ErrorCode::kUnavailable, "the command line of this process is not known");
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return base::fail(base::ErrorCode::kIo, std::strerror(errno));
  // Copies above the places where they go, so that none overwrites the other.
  constexpr int kAbove = 16;
  const int socket = ::fcntl(listener, F_DUPFD_CLOEXEC, kAbove);
  const int ready = ::fcntl(ends[1], F_DUPFD_CLOEXEC, kAbove);
  ::close(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, socket, kListenerDescriptor);
  ::posix_spawn_file_actions_adddup2(&actions, ready, kReadyDescriptor);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, kReadyDescriptor + 1);
  std::vector<std::string> variables = successors_environment();
  Successor successor{-1, ends[0]};
  const int error = ::posix_spawnp(&successor.pid, words[0].c_str(), &actions, nullptr, pointers(words).data(),
                                   pointers(variables).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(socket);
  ::close(ready);
  if (error == 0) return successor;
  ::close(successor.ready);
  return base::fail(base::ErrorCode::kIo, fmt::format("cannot start {}: {}", words[0], std::strerror(error)));
}

int inherited_listener() {
  const int descriptor = take_descriptor(kListener);
  if (descriptor < 0) return -1;
  int listens = 0;
  socklen_t size = sizeof(listens);
  const bool usable = ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0;
  return usable ? descriptor : -1;
}

void tell_predecessor() {
  const int descriptor = take_descriptor(kReady);
  if (descriptor < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(descriptor, "r", 1);
  ::close(descriptor);
}

}  // namespace headroom::proxy
