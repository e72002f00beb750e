#include "proxy/listener.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "proxy/guard.h"
#include "proxy/successor.h"

namespace headroom::proxy {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr int kBacklog = 4096;

bool is_loopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    return ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr) >> 24U == 127;
  }
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr);
}

sockaddr_storage address_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) address.ss_family = AF_UNSPEC;
  return address;
}

int port_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return 0;
}

// Whoever reaches an open relay uses the providers that this machine reaches, so that is asked for by name only.
Result<void> check_bind(const config::Options& options, bool loopback) {
  if (loopback || !options.proxy_token.empty() || options.allow_unauthenticated_bind) return {};
  return fail(
      ErrorCode::kInvalidArgument,
      fmt::format("other machines can reach {}: set HEADROOM_PROXY_TOKEN to what they must send as {} (for one, "
                  "what `openssl rand -hex 32` prints), or listen on 127.0.0.1. A network that keeps others out "
                  "by itself may go without: --allow-unauthenticated-bind",
                  options.host, kTokenHeader));
}

Result<Listener> listen_on_tcp(const config::Options& options) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = fmt::format("{}", options.port);
  if (::getaddrinfo(options.host.c_str(), port.c_str(), &hints, &found) != 0 || found == nullptr) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("cannot listen on \"{}\": no such address; use 127.0.0.1", options.host));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  if (auto checked = check_bind(options, is_loopback(found->ai_addr)); !checked) {
    return std::unexpected(checked.error());
  }
  Listener listener;
  listener.descriptor = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  if (listener.descriptor >= 0) {
    ::setsockopt(listener.descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (::bind(listener.descriptor, found->ai_addr, found->ai_addrlen) == 0 &&
        ::listen(listener.descriptor, kBacklog) == 0) {
      listener.port = port_of(address_of(listener.descriptor));
      return listener;
    }
  }
  const std::string why = std::strerror(errno);
  if (listener.descriptor >= 0) ::close(listener.descriptor);
  return fail(ErrorCode::kIo,
              fmt::format("cannot listen on {}:{}: {}; stop what uses the port or choose another with --port",
                          options.host, options.port, why));
}

// True when `path` is now free to be bound.
bool make_room(const std::string& path, const sockaddr_un& address) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return errno == ENOENT;
  if (!S_ISSOCK(status.st_mode)) return false;
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool dead = probe >= 0 && ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 &&
                    errno == ECONNREFUSED;
  if (probe >= 0) ::close(probe);
  return dead && ::unlink(path.c_str()) == 0;
}

Result<Listener> listen_on_file(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("uds: the path is longer than {} bytes: {}", sizeof(address.sun_path) - 1, path));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  if (!make_room(path, address)) {
    return fail(ErrorCode::kIo, fmt::format("cannot listen on {}: something that is in use has that name", path));
  }
  Listener listener{.socket_file = path};
  listener.descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener.descriptor >= 0) {
    // Rights count from the moment at which the name is there.
    const mode_t before = ::umask(0177);
    const bool bound = ::bind(listener.descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    const int error = errno;
    ::umask(before);
    errno = error;
    if (bound && ::listen(listener.descriptor, kBacklog) == 0) return listener;
  }
  const std::string why = std::strerror(errno);
  if (listener.descriptor >= 0) ::close(listener.descriptor);
  return fail(ErrorCode::kIo, fmt::format("cannot listen on {}: {}", path, why));
}

// What was handed down, unless the settings have come to mean another address or another kind of socket.
std::optional<Result<Listener>> take_over(const config::Options& options) {
  const int descriptor = inherited_listener();
  if (descriptor < 0) return std::nullopt;
  const sockaddr_storage address = address_of(descriptor);
  const int port = port_of(address);
  if ((address.ss_family == AF_UNIX) == options.uds.empty() ||
      (options.uds.empty() && options.port != 0 && options.port != port)) {
    ::close(descriptor);
    return std::nullopt;
  }
  if (options.uds.empty()) {
    auto checked = check_bind(options, is_loopback(reinterpret_cast<const sockaddr*>(&address)));
    if (!checked) return std::unexpected(checked.error());
  }
  return Listener{descriptor, port, options.uds};
}

}  // namespace

Result<Listener> open_listener(const config::Options& options) {
  if (auto taken = take_over(options)) return std::move(*taken);
  return options.uds.empty() ? listen_on_tcp(options) : listen_on_file(options.uds);
}

}  // namespace headroom::proxy
