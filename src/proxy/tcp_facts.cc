#include "proxy/tcp_facts.h"

#ifdef __linux__
// Not <netinet/tcp.h>, which Asio includes: its tcp_info ends before the field that counts here.
#include <cstddef>

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

namespace headroom::proxy {

#ifdef __linux__
std::optional<TcpFacts> tcp_facts(int socket) {
  constexpr std::uint8_t kEstablished = 1;
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  if (size < offsetof(tcp_info, tcpi_bytes_acked) + sizeof(info.tcpi_bytes_acked)) return std::nullopt;
  return TcpFacts{info.tcpi_state != kEstablished, info.tcpi_bytes_acked};
}
#else
std::optional<TcpFacts> tcp_facts(int) {
  return std::nullopt;
}
#endif

}  // namespace headroom::proxy
