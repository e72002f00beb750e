#include "test_net.h"

#include <algorithm>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace headroom::proxy_test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void set_up(int fd) {
  const timeval limit{60, 0};  // a stop for tests that hang; sanitizers on a busy machine take their time
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

}  // namespace

TestSocket& TestSocket::operator=(TestSocket&& other) noexcept {
  close();
  fd_ = std::exchange(other.fd_, -1);
  rest_ = std::move(other.rest_);
  return *this;
}

TestSocket TestSocket::connect(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(port);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(fd);
    return TestSocket(-1);
  }
  set_up(fd);
  return TestSocket(fd);
}

bool TestSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool TestSocket::fill() {
  char buffer[16384];
  const ssize_t got = ::recv(fd_, buffer, sizeof(buffer), 0);
  if (got <= 0) return false;
  rest_.append(buffer, static_cast<std::size_t>(got));
  return true;
}

std::string TestSocket::read_until(std::string_view end) {
  std::size_t at = rest_.find(end);
  while (at == std::string::npos && fill()) at = rest_.find(end);
  const std::size_t size = at == std::string::npos ? rest_.size() : at + end.size();
  std::string out = rest_.substr(0, size);
  rest_.erase(0, size);
  return out;
}

std::string TestSocket::read_exactly(std::size_t size) {
  while (rest_.size() < size && fill()) {
  }
  std::string out = rest_.substr(0, size);
  rest_.erase(0, size);
  return out;
}

std::string TestSocket::read_to_end() {
  while (fill()) {
  }
  return std::exchange(rest_, {});
}

bool TestSocket::sees_end() {
  char buffer[16384];
  for (;;) {
    const ssize_t got = ::recv(fd_, buffer, sizeof(buffer), 0);
    if (got == 0) return true;
    if (got < 0) return errno == ECONNRESET;
  }
}

void TestSocket::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void TestSocket::reset() {
  const linger now{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  close();
}

void TestSocket::shutdown_send() {
  ::shutdown(fd_, SHUT_WR);
}

std::string TestSocket::read_message(bool has_body) {
  std::string message = read_until("\r\n\r\n");
  if (!has_body) return message;
  if (strcasecmp(header(message, "transfer-encoding").c_str(), "chunked") == 0) {
    for (;;) {
      const std::string line = read_until("\r\n");
      const std::size_t size = std::strtoul(line.c_str(), nullptr, 16);
      message += line + read_exactly(size + 2);
      if (size == 0 || line.empty()) return message;
    }
  }
  return message + read_exactly(std::strtoul(header(message, "content-length").c_str(), nullptr, 10));
}

std::string header(const std::string& message, std::string_view name) {
  std::size_t line = message.find("\r\n");
  while (line != std::string::npos && message.compare(line, 4, "\r\n\r\n") != 0) {
    const std::size_t start = line + 2;
    const std::size_t colon = message.find(':', start);
    line = message.find("\r\n", start);
    if (colon == std::string::npos || colon > line || colon - start != name.size()) continue;
    if (strncasecmp(message.data() + start, name.data(), name.size()) != 0) continue;
    std::string value = message.substr(colon + 1, line - colon - 1);
    value.erase(0, value.find_first_not_of(' '));
    return value;
  }
  return {};
}

int status_of(const std::string& message) {
  return message.size() > 12 ? std::atoi(message.c_str() + 9) : 0;
}

std::string body_of(const std::string& message) {
  const std::size_t end = message.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : message.substr(end + 4);
}

std::string answer(std::string_view body, std::string_view extra_headers, std::string_view status) {
  std::string out = "HTTP/1.1 ";
  out.append(status).append("\r\n").append(extra_headers);
  out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return out;
}

FakeUpstream::FakeUpstream(Serve serve) : serve_(std::move(serve)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  ::listen(listener_, 64);
  socklen_t size = sizeof(address);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

FakeUpstream::Serve FakeUpstream::always(std::string response) {
  return [response = std::move(response)](TestSocket& socket) {
    while (!socket.read_message().empty()) {
      if (!socket.send(response)) return;
    }
  };
}

FakeUpstream::~FakeUpstream() {
  stop();
}

void FakeUpstream::stop() {
  if (!acceptor_.joinable()) return;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
}

void FakeUpstream::accept_all() {
  for (;;) {
    const int fd = ::accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    set_up(fd);
    ++connections_;
    const std::lock_guard lock(mutex_);
    open_.push_back(fd);
    threads_.emplace_back([this, fd] {
      TestSocket socket(fd);
      serve_(socket);
      const std::lock_guard inner(mutex_);
      std::erase(open_, fd);
      socket.close();
      ++closed_;
    });
  }
}

void FakeUpstream::await_closed(int count) const {
  for (int tries = 0; tries < 60'000 && closed_ < count; ++tries) ::usleep(1000);
}

void FakeUpstream::record(std::string request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(std::move(request));
}

std::vector<std::string> FakeUpstream::requests() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

}  // namespace headroom::proxy_test
