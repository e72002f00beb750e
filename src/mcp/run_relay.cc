#include "mcp/run_relay.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "mcp/lines.h"

namespace headroom::mcp {
namespace {

/// Both directions write to the client.
class Client {
 public:
  explicit Client(int out) : out_(out) {}
  bool write(std::string line) {
    const std::lock_guard lock(mutex_);
    return write_line(out_, std::move(line));
  }

 private:
  std::mutex mutex_;
  const int out_;
};

void carry_to_client(Relay& relay, int from, Client& client) {
  LineReader lines(from);
  bool heard = true;
  // Where nobody reads any more, the server is still read, so that it can end.
  while (auto line = lines.next()) heard = heard && client.write(relay.from_server(*std::move(line)));
}

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
  return signals;
}

/// Writes the line, however long the server takes to read; false when it does not, because it ends (`stop`) or we are
/// told to end (`told`), which is passed on.
bool write_to_server(Child& child, std::string line, int stop, int told) {
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(child.input(), rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return false;
    std::array<pollfd, 3> ready{{{child.input(), POLLOUT, 0}, {stop, POLLIN, 0}, {told, POLLIN, 0}}};
    if (::poll(ready.data(), ready.size(), -1) < 0) continue;
    if (ready[2].revents != 0) child.signal(SIGTERM);
    if (ready[1].revents != 0 || ready[2].revents != 0) return false;
  }
  return true;
}

/// Until the client's input ends, or the server's (`stop` becomes readable), or we are told to (`told`).
void carry_to_server(Relay& relay, int in, Child& child, Client& client, int stop, int told) {
  LineReader lines(in);
  // Of the pipe's end that is ours alone.
  ::fcntl(child.input(), F_SETFL, ::fcntl(child.input(), F_GETFL) | O_NONBLOCK);
  for (;;) {
    if (!lines.has_line()) {
      std::array<pollfd, 3> ready{{{in, POLLIN, 0}, {stop, POLLIN, 0}, {told, POLLIN, 0}}};
      if (::poll(ready.data(), ready.size(), -1) < 0) continue;
      if (ready[1].revents != 0) return;
      if (ready[2].revents != 0) return child.signal(SIGTERM);
    }
    auto line = lines.next();
    if (!line) return;
    Relay::Routed routed = relay.from_client(*std::move(line));
    if (routed.to_client) client.write(*std::move(routed.to_client));
    if (routed.to_server && !write_to_server(child, *std::move(routed.to_server), stop, told)) return;
  }
}

/// The server has closed its output (`stop` becomes readable) within some time.
bool ends_within(int stop, int patience_ms) {
  pollfd ready{stop, POLLIN, 0};
  return ::poll(&ready, 1, patience_ms) != 0;
}

}  // namespace

void block_ending_signals() {
  const sigset_t signals = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

int run_relay(Relay& relay, Child& child, int in, int out, int patience_ms) {
  Client client(out);
  std::array<int, 2> stop{-1, -1};
  if (::pipe2(stop.data(), O_CLOEXEC) != 0) return 1;
  const sigset_t signals = ending_signals();
  const int told = ::signalfd(-1, &signals, SFD_CLOEXEC);
  std::thread back([&] {
    carry_to_client(relay, child.output(), client);
    ::close(stop[1]);
  });
  carry_to_server(relay, in, child, client, stop[0], told);
  child.close_input();
  for (const int number : {SIGTERM, SIGKILL}) {
    if (!ends_within(stop[0], patience_ms)) child.signal(number);
  }
  back.join();
  ::close(stop[0]);
  if (told >= 0) ::close(told);
  return child.wait();
}

}  // namespace headroom::mcp
