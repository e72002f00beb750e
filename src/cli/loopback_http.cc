#include "cli/loopback_http.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"

namespace headroom::cli {
namespace {

using base::ErrorCode;

std::unexpected<base::Error> io_error(std::string_view what) {
  return base::fail(ErrorCode::kIo, fmt::format("{}: {}", what, std::strerror(errno)));
}

sockaddr_in loopback_address(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

using Time = std::chrono::steady_clock;

/// How much a peer may still say, and until when.
struct Bounds {
  std::optional<Time::time_point> end;
  std::size_t bytes = std::numeric_limits<std::size_t>::max();
};

/// From now on the socket waits no longer than until the end; false when that has come.
bool wait_until_end(const Socket& socket, const Bounds& bounds) {
  if (!bounds.end) return true;
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(*bounds.end - Time::now()).count();
  if (left <= 0) return false;
  const timeval limit{left / 1'000'000, static_cast<suseconds_t>(left % 1'000'000)};
  setsockopt(socket.handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket.handle(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  return true;
}

/// What comes over a socket; keeps in `buffer` what was received and not yet used.
class Incoming {
 public:
  Incoming(const Socket& socket, std::string& buffer, Bounds bounds)
      : socket_(socket), buffer_(buffer), bounds_(bounds) {}

  /// Until the buffer holds `size` bytes.
  base::Result<void> fill(std::size_t size) {
    if (size > bounds_.bytes) return base::fail(ErrorCode::kIo, "the peer says too much");
    while (buffer_.size() < size) {
      if (auto done = receive(); !done) return done;
    }
    return {};
  }

  /// The next `size` bytes.
  base::Result<std::string> take(std::size_t size) {
    if (auto filled = fill(size); !filled) return std::unexpected(filled.error());
    std::string bytes = buffer_.substr(0, size);
    buffer_.erase(0, size);
    bounds_.bytes -= size;
    return bytes;
  }

  /// What comes before `text`, which is dropped.
  base::Result<std::string> take_until(std::string_view text) {
    std::size_t at = buffer_.find(text);
    while (at == std::string::npos) {
      const std::size_t known = buffer_.size();
      if (auto more = fill(known + 1); !more) return std::unexpected(more.error());
      at = buffer_.find(text, known - std::min(known, text.size()));
    }
    auto bytes = take(at + text.size());
    if (bytes) bytes->resize(at);
    return bytes;
  }

 private:
  base::Result<void> receive() {
    if (!wait_until_end(socket_, bounds_)) return base::fail(ErrorCode::kIo, "the peer takes too long");
    std::array<char, 65536> chunk{};
    const ssize_t got = recv(socket_.handle(), chunk.data(), chunk.size(), 0);
    if (got < 0) return io_error("cannot receive");
    if (got == 0) {
      return base::fail(ErrorCode::kIo, "the peer closed the connection in the middle of a message");
    }
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    return {};
  }

  const Socket& socket_;
  std::string& buffer_;
  Bounds bounds_;
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

HttpMessage parse_head(std::string_view head) {
  HttpMessage message;
  bool first = true;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    const std::size_t colon = line.find(':');
    if (first) {
      message.start_line = line;
    } else if (colon != std::string_view::npos) {
      message.headers[lower(line.substr(0, colon))] = base::trim(line.substr(colon + 1));
    }
    first = false;
    head.remove_prefix(std::min(end + 2, head.size()));
  }
  return message;
}

base::Result<std::string> read_chunked(Incoming& incoming) {
  std::string body;
  while (true) {
    const auto line = incoming.take_until("\r\n");
    if (!line) return std::unexpected(line.error());
    std::uint32_t size = 0;
    std::from_chars(line->data(), line->data() + line->size(), size, 16);
    const auto chunk = incoming.take(std::size_t{size} + 2);
    if (!chunk) return std::unexpected(chunk.error());
    body.append(*chunk, 0, size);
    if (size == 0) return body;
  }
}

base::Result<std::string> read_body(Incoming& incoming, const HttpMessage& message) {
  if (message.headers.contains("transfer-encoding")) return read_chunked(incoming);
  std::size_t size = 0;
  if (const auto length = message.headers.find("content-length"); length != message.headers.end()) {
    std::from_chars(length->second.data(), length->second.data() + length->second.size(), size);
  }
  return incoming.take(size);
}

base::Result<HttpMessage> read_message(const Socket& socket, std::string& carry, const Bounds& bounds) {
  Incoming incoming(socket, carry, bounds);
  const auto head = incoming.take_until("\r\n\r\n");
  if (!head) return std::unexpected(head.error());
  HttpMessage message = parse_head(*head);
  auto body = read_body(incoming, message);
  if (!body) return std::unexpected(body.error());
  message.body = *std::move(body);
  return message;
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Socket::~Socket() {
  if (handle_ >= 0) close(handle_);
}

void Socket::shut_down() const {
  if (handle_ >= 0) shutdown(handle_, SHUT_RDWR);
}

int Socket::release() {
  return std::exchange(handle_, -1);
}

int HttpMessage::status() const {
  int code = 0;
  const std::size_t space = start_line.find(' ');
  if (space == std::string::npos) return 0;
  std::from_chars(start_line.data() + space + 1, start_line.data() + start_line.size(), code);
  return code;
}

base::Result<Socket> listen_on_loopback() {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback_address(0);
  if (socket.handle() < 0 || bind(socket.handle(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(socket.handle(), 16) != 0) {
    return io_error("cannot listen on 127.0.0.1");
  }
  return socket;
}

int bound_port(const Socket& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(socket.handle(), reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.sin_port);
}

bool is_free(int port) {
  const Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback_address(port);
  const int on = 1;
  return socket.handle() >= 0 && setsockopt(socket.handle(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
         bind(socket.handle(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

base::Result<HttpMessage> read_http(const Socket& socket, std::string& carry) {
  return read_message(socket, carry, {});
}

base::Result<void> write_all(const Socket& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket.handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return io_error("cannot send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

base::Result<HttpMessage> http_call(int port, std::string_view method, std::string_view target, std::string_view body,
                                    CallBounds limits, std::string_view fields) {
  Bounds bounds{std::nullopt, limits.bytes};
  if (limits.time_ms > 0) bounds.end = Time::now() + std::chrono::milliseconds(limits.time_ms);
  const Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  wait_until_end(socket, bounds);
  const sockaddr_in address = loopback_address(port);
  if (socket.handle() < 0 ||
      connect(socket.handle(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const bool refused = errno == ECONNREFUSED;
    auto failed = io_error(fmt::format("cannot connect to 127.0.0.1:{}", port));
    if (refused) failed.error().code = ErrorCode::kUnavailable;
    return failed;
  }
  const int on = 1;
  setsockopt(socket.handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  std::string request =
      fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n", method, target, port);
  if (method != "GET") request += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
  request += fields;
  request += "\r\n";
  if (method != "GET") request += body;
  if (auto sent = write_all(socket, request); !sent) return std::unexpected(sent.error());
  std::string carry;
  return read_message(socket, carry, bounds);
}

std::optional<int> loopback_port(std::string_view url) {
  int port = 0;
  if (url.starts_with("http://")) {
    port = 80;
  } else if (url.starts_with("https://")) {
    port = 443;
  } else {
    return std::nullopt;
  }
  url.remove_prefix(url.find("//") + 2);
  url = url.substr(0, url.find_first_of("/?#"));
  url.remove_prefix(url.rfind('@') + 1);  // nothing where there is none
  const std::size_t colon = url.rfind(':');
  const bool has_port = colon != std::string_view::npos && url.find(']', colon) == std::string_view::npos;
  const std::string_view host = has_port ? url.substr(0, colon) : url;
  if (!host.starts_with("127.") && host != "localhost" && host != "[::1]" && host != "0.0.0.0") return std::nullopt;
  if (has_port) std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
  return port > 0 && port < 65536 ? std::optional(port) : std::nullopt;
}

}  // namespace headroom::cli
