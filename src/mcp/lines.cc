#include "mcp/lines.h"

#include <cerrno>
#include <utility>

#include <unistd.h>

namespace headroom::mcp {

bool write_line(int out, std::string line) {
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(out, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::optional<std::string> LineReader::next() {
  for (;;) {
    const std::size_t feed = buffer_.find('\n', searched_);
    if (feed != std::string::npos) {
      std::string line = buffer_.substr(0, feed);
      buffer_.erase(0, feed + 1);
      searched_ = 0;
      return line;
    }
    searched_ = buffer_.size();
    if (ended_) break;
    constexpr std::size_t kPiece = 64 * 1024;
    buffer_.resize(searched_ + kPiece);
    const ssize_t got = ::read(in_, buffer_.data() + searched_, kPiece);
    buffer_.resize(searched_ + static_cast<std::size_t>(got < 0 ? 0 : got));
    if (got == 0 || (got < 0 && errno != EINTR)) ended_ = true;
  }
  searched_ = 0;
  if (buffer_.empty()) return std::nullopt;
  return std::exchange(buffer_, {});
}

}  // namespace headroom::mcp
