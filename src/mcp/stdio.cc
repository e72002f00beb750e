#include "mcp/stdio.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "mcp/lines.h"

namespace headroom::mcp {
namespace {

bool write_all(int out, std::vector<std::string> lines) {
  for (std::string& line : lines) {
    if (!write_line(out, std::move(line))) return false;
  }
  return true;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// Lines out of pieces.
class LineServer {
 public:
  LineServer(Session& session, int out, std::size_t max_bytes) : session_(session), out_(out), max_bytes_(max_bytes) {}

  /// False when the client takes nothing any more.
  bool take(std::string_view piece) {
    while (!piece.empty()) {
      const std::size_t feed = piece.find('\n');
      add(piece.substr(0, feed));
      if (feed == std::string_view::npos) return true;
      if (!end_line()) return false;
      piece.remove_prefix(feed + 1);
    }
    return true;
  }

  bool end_line() {
    const bool too_long = std::exchange(too_long_, false);
    const std::string line = std::exchange(line_, {});
    if (too_long) {
      const RpcError error{kInvalidRequest, fmt::format("a message may have at most {} bytes", max_bytes_), {}};
      return write_line(out_, response_text({}, std::unexpected(error)));
    }
    return is_blank(line) || write_all(out_, session_.handle(line));
  }

 private:
  void add(std::string_view part) {
    too_long_ = too_long_ || line_.size() + part.size() > max_bytes_;
    if (too_long_) {
      line_.clear();
    } else {
      line_ += part;
    }
  }

  Session& session_;
  const int out_;
  const std::size_t max_bytes_;
  std::string line_;
  bool too_long_ = false;
};

}  // namespace

base::Result<void> serve_lines(Session& session, int in, int out, std::size_t max_bytes, int patience_ms) {
  LineServer server(session, out, max_bytes);
  std::string piece(64 * 1024, '\0');
  for (;;) {
    pollfd ready{in, POLLIN, 0};
    if (session.waits() && ::poll(&ready, 1, patience_ms) == 0) {
      if (!write_all(out, session.stop_waiting())) return {};
      continue;
    }
    const ssize_t got = ::read(in, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::fail(base::ErrorCode::kIo, std::generic_category().message(errno));
    if (got == 0) break;
    if (!server.take({piece.data(), static_cast<std::size_t>(got)})) return {};
  }
  // The last line may lack its end.
  if (server.end_line()) write_all(out, session.stop_waiting());
  return {};
}

}  // namespace headroom::mcp
