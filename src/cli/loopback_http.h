#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace headroom::cli {

/// A socket that is closed when it goes out of scope.
class Socket {
 public:
  explicit Socket(int handle = -1) : handle_(handle) {}
  Socket(Socket&& other) noexcept : handle_(other.release()) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();
  int handle() const { return handle_; }
  /// Wakes a thread that blocks on the socket; it stays open.
  void shut_down() const;

 private:
  int release();
  int handle_;
};

/// An HTTP/1.1 message as `headroom demo` needs it: whole, in memory.
struct HttpMessage {
  std::string start_line;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  int status() const;  ///< of a response; 0 when there is none
};

/// Listens on 127.0.0.1, any free port.
base::Result<Socket> listen_on_loopback();
int bound_port(const Socket& socket);
/// Whether a program may listen on this port of 127.0.0.1: connections that go out use ports, too.
bool is_free(int port);

/// Reads one message; `carry` holds bytes that came after the one before. kIo when the peer is gone or speaks no HTTP.
base::Result<HttpMessage> read_http(const Socket& socket, std::string& carry);
base::Result<void> write_all(const Socket& socket, std::string_view bytes);

/// The port of an address ("http://127.0.0.1:8787/v1") that is on this machine; nullopt when it is elsewhere.
std::optional<int> loopback_port(std::string_view url);

/// What a call may take at most.
struct CallBounds {
  int time_ms = 0;                                              ///< from beginning to end; 0: as long as it takes
  std::size_t bytes = std::numeric_limits<std::size_t>::max();  ///< of the answer
};

/// One request to 127.0.0.1:`port`. `body` is sent as JSON; a GET has none. `fields`: more header lines, each with its
/// line end. kUnavailable when nothing listens there; kIo for a peer that speaks no HTTP or goes beyond the bounds.
base::Result<HttpMessage> http_call(int port, std::string_view method, std::string_view target, std::string_view body,
                                    CallBounds bounds = {}, std::string_view fields = {});

}  // namespace headroom::cli
