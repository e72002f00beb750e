#include "mcp/run_relay.h"

#include <array>
#include <mutex>
#include <thread>

#include <poll.h>
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

/// Until the client's input ends, or the server's (`stop` becomes readable).
void carry_to_server(Relay& relay, int in, Child& child, Client& client, int stop) {
  const std::array<int, 2> both{in, stop};
  LineReader lines(in);
  for (;;) {
    if (!lines.has_line()) {
      std::array<pollfd, 2> ready{{{both[0], POLLIN, 0}, {both[1], POLLIN, 0}}};
      if (::poll(ready.data(), ready.size(), -1) < 0) continue;
      if (ready[1].revents != 0) return;
    }
    auto line = lines.next();
    if (!line) return;
    Relay::Routed routed = relay.from_client(*std::move(line));
    if (routed.to_client) client.write(*std::move(routed.to_client));
    if (routed.to_server && !write_line(child.input(), *std::move(routed.to_server))) return;
  }
}

}  // namespace

int run_relay(Relay& relay, Child& child, int in, int out) {
  Client client(out);
  std::array<int, 2> stop{-1, -1};
  if (::pipe(stop.data()) != 0) return 1;
  std::thread back([&] {
    carry_to_client(relay, child.output(), client);
    ::close(stop[1]);
  });
  carry_to_server(relay, in, child, client, stop[0]);
  child.close_input();
  back.join();
  ::close(stop[0]);
  return child.wait();
}

}  // namespace headroom::mcp
