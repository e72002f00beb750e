#include "mcp/http_server.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "mcp/stdio.h"

namespace headroom::mcp {
namespace {

using proxy::Reply;

constexpr std::size_t kMaxHead = 64 * 1024;
constexpr int kPatienceS = 75;  // for the next bytes

std::string bytes_of(const Reply& reply, bool keep_alive) {
  const std::string_view reason = reply.status == 202 ? "Accepted" : proxy::reason_phrase(reply.status);
  std::string out = fmt::format("HTTP/1.1 {} {}\r\nContent-Length: {}\r\n", reply.status, reason, reply.body.size());
  if (!reply.body.empty()) out += fmt::format("Content-Type: {}\r\n", reply.content_type);
  for (const proxy::ExtraField& field : reply.fields) out += fmt::format("{}: {}\r\n", field.name, field.value);
  out += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
  return out + reply.body;
}

Reply refusal(int status, std::string message) {
  return {status, "application/json", response_text({}, refuse(kInvalidRequest, std::move(message)))};
}

bool write_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// The response as a stream of events, in chunks, once there is one.
class EventStream final : public Events {
 public:
  explicit EventStream(int socket) : socket_(socket) {}

  bool begun() const { return begun_; }

  bool send(std::string_view message) override {
    std::string bytes;
    if (!std::exchange(begun_, true)) {
      bytes =
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
          "Transfer-Encoding: chunked\r\n\r\n";
    }
    const std::string event = fmt::format("event: message\ndata: {}\n\n", message);
    return write_all(socket_, bytes + fmt::format("{:x}\r\n{}\r\n", event.size(), event));
  }

  /// With the response.
  bool end(std::string_view response) { return send(response) && write_all(socket_, "0\r\n\r\n"); }

 private:
  const int socket_;
  bool begun_ = false;
};

class Connection {
 public:
  Connection(HttpEndpoint& endpoint, int socket) : endpoint_(endpoint), socket_(socket) {
    const timeval patience{kPatienceS, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void serve() {
    while (serve_one()) {
    }
  }

 private:
  /// False when the connection is at its end.
  bool serve_one() {
    proxy::HeadScan scan;
    for (;;) {
      proxy::scan_head(received_, scan);
      if (scan.state == proxy::HeadScan::State::kComplete) break;
      if (scan.state == proxy::HeadScan::State::kMalformed) return send(refusal(400, "no HTTP"), false);
      if (received_.size() > kMaxHead) return send(refusal(431, "the head is too long"), false);
      if (!receive()) return false;
    }
    const auto request = proxy::parse_request_head(std::string_view(received_).substr(0, scan.size));
    if (!request) return send(refusal(request.error().status, request.error().message), false);
    if (request->fields.has("transfer-encoding")) {
      return send(refusal(501, "a body must have a Content-Length"), false);
    }
    const std::uint64_t size = request->content_length.value_or(0);
    if (size > kMaxMessageBytes) return send(refusal(413, "a message may have 64 MB"), false);
    received_.erase(0, scan.size);
    if (received_.size() < size && request->fields.lists("expect", "100-continue") &&
        !write_all(socket_, "HTTP/1.1 100 Continue\r\n\r\n")) {
      return false;
    }
    while (received_.size() < size) {
      if (!receive()) return false;
    }
    EventStream events(socket_);
    const Reply reply = endpoint_.answer(*request, std::string_view(received_).substr(0, size), events);
    received_.erase(0, size);
    if (events.begun()) return events.end(reply.body) && request->keep_alive();
    return send(reply, request->keep_alive());
  }

  bool receive() {
    constexpr std::size_t kPiece = 64 * 1024;
    const std::size_t before = received_.size();
    received_.resize(before + kPiece);
    ssize_t got = 0;
    do {
      got = ::recv(socket_, received_.data() + before, kPiece, 0);
    } while (got < 0 && errno == EINTR);
    received_.resize(before + static_cast<std::size_t>(got < 0 ? 0 : got));
    return got > 0;
  }

  bool send(const Reply& reply, bool keep_alive) const {
    return write_all(socket_, bytes_of(reply, keep_alive)) && keep_alive;
  }

  HttpEndpoint& endpoint_;
  const int socket_;
  std::string received_;
};

}  // namespace

base::Result<void> serve_http(HttpEndpoint& endpoint, int listener) {
  const auto open = std::make_shared<std::atomic<std::size_t>>(0);
  for (;;) {
    pollfd ready{listener, POLLIN, 0};
    if (::poll(&ready, 1, -1) < 0 && errno != EINTR) break;
    const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) {
      if (errno == EINTR || errno == EAGAIN || errno == ECONNABORTED) continue;
      if (errno != EMFILE && errno != ENFILE) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      continue;
    }
    if (*open >= kMaxConnections) {
      ::close(socket);
      continue;
    }
    ++*open;
    std::thread([&endpoint, socket, open] {
      Connection(endpoint, socket).serve();
      --*open;
    }).detach();
  }
  return base::fail(base::ErrorCode::kIo,
                    "no more connections can be taken: " + std::generic_category().message(errno));
}

}  // namespace headroom::mcp
