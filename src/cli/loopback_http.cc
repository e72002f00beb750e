#include "cli/loopback_http.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>
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

/// Appends what the peer sends next; false at the end of the stream.
base::Result<bool> read_some(const Socket& socket, std::string& buffer) {
  std::array<char, 65536> chunk{};
  const ssize_t got = recv(socket.handle(), chunk.data(), chunk.size(), 0);
  if (got < 0) return io_error("cannot receive");
  buffer.append(chunk.data(), static_cast<std::size_t>(got));
  return got > 0;
}

/// Reads until `buffer` holds `size` bytes.
base::Result<void> read_until(const Socket& socket, std::string& buffer, std::size_t size) {
  while (buffer.size() < size) {
    const auto more = read_some(socket, buffer);
    if (!more) return std::unexpected(more.error());
    if (!*more) return base::fail(ErrorCode::kIo, "the peer closed the connection in the middle of a message");
  }
  return {};
}

base::Result<std::size_t> read_until_text(const Socket& socket, std::string& buffer, std::string_view text) {
  while (true) {
    if (const std::size_t at = buffer.find(text); at != std::string::npos) return at;
    if (auto more = read_until(socket, buffer, buffer.size() + 1); !more) return std::unexpected(more.error());
  }
}

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

base::Result<std::string> read_chunked(const Socket& socket, std::string& buffer) {
  std::string body;
  while (true) {
    const auto line_end = read_until_text(socket, buffer, "\r\n");
    if (!line_end) return std::unexpected(line_end.error());
    std::size_t size = 0;
    std::from_chars(buffer.data(), buffer.data() + *line_end, size, 16);
    buffer.erase(0, *line_end + 2);
    if (auto filled = read_until(socket, buffer, size + 2); !filled) return std::unexpected(filled.error());
    body.append(buffer, 0, size);
    buffer.erase(0, size + 2);
    if (size == 0) return body;
  }
}

base::Result<std::string> read_body(const Socket& socket, const HttpMessage& message, std::string& buffer) {
  if (const auto coding = message.headers.find("transfer-encoding"); coding != message.headers.end()) {
    return read_chunked(socket, buffer);
  }
  std::size_t size = 0;
  if (const auto length = message.headers.find("content-length"); length != message.headers.end()) {
    std::from_chars(length->second.data(), length->second.data() + length->second.size(), size);
  }
  if (auto filled = read_until(socket, buffer, size); !filled) return std::unexpected(filled.error());
  std::string body = buffer.substr(0, size);
  buffer.erase(0, size);
  return body;
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

base::Result<HttpMessage> read_http(const Socket& socket, std::string& carry) {
  const auto head_end = read_until_text(socket, carry, "\r\n\r\n");
  if (!head_end) return std::unexpected(head_end.error());
  HttpMessage message = parse_head(std::string_view(carry).substr(0, *head_end));
  carry.erase(0, *head_end + 4);
  auto body = read_body(socket, message, carry);
  if (!body) return std::unexpected(body.error());
  message.body = *std::move(body);
  return message;
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
                                    int timeout_ms, std::string_view fields) {
  const Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (timeout_ms > 0) {
    const timeval limit{timeout_ms / 1000, (timeout_ms % 1000) * 1000};
    setsockopt(socket.handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket.handle(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }
  const sockaddr_in address = loopback_address(port);
  if (socket.handle() < 0 ||
      connect(socket.handle(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return io_error(fmt::format("cannot connect to 127.0.0.1:{}", port));
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
  return read_http(socket, carry);
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

std::optional<unsigned> listening_user(int port) {
  std::optional<unsigned> user;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream lines(table);
    std::string number, local, remote, state, queues, timer, retries;
    unsigned uid = 0;
    std::string line;
    while (std::getline(lines, line)) {
      std::istringstream words(line);
      if (!(words >> number >> local >> remote >> state >> queues >> timer >> retries >> uid) || state != "0A")
        continue;
      const std::size_t colon = local.rfind(':');
      if (colon == std::string::npos || local.substr(colon) != fmt::format(":{:04X}", port)) continue;
      // One that listens on every address answers there, too; where there are both, it is this one that answers.
      const bool here = local.starts_with("0100007F") || local.starts_with("0000000000000000FFFF00000100007F");
      if (here) return uid;
      if (local.find_first_not_of('0') == colon) user = uid;
    }
  }
  return user;
}

}  // namespace headroom::cli
