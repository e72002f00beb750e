#include "mcp/line_queue.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace headroom::mcp {

base::Result<bool> LineQueue::fill(int wait_ms) {
  if (ended_) return false;
  pollfd ready{in_, POLLIN, 0};
  if (::poll(&ready, 1, wait_ms) == 0) return false;
  std::array<char, 64 * 1024> piece;
  const ssize_t got = ::read(in_, piece.data(), piece.size());
  if (got < 0 && errno == EINTR) return true;
  if (got < 0) return base::fail(base::ErrorCode::kIo, std::generic_category().message(errno));
  if (got == 0) {
    ended_ = true;
    if (begun_) end_line();
    return true;
  }
  std::string_view rest(piece.data(), static_cast<std::size_t>(got));
  while (!rest.empty()) {
    const std::size_t feed = rest.find('\n');
    add(rest.substr(0, feed));
    if (feed == std::string_view::npos) break;
    end_line();
    rest.remove_prefix(feed + 1);
  }
  return true;
}

LineQueue::Line LineQueue::pop() {
  Line line = std::move(lines_.front());
  lines_.pop_front();
  bytes_ -= line.text.size();
  return line;
}

std::string LineQueue::take(std::size_t index) {
  bytes_ -= lines_[index].text.size();
  return std::exchange(lines_[index].text, {});
}

void LineQueue::add(std::string_view part) {
  begun_ = true;
  open_.too_long = open_.too_long || open_.text.size() + part.size() > max_bytes_;
  if (open_.too_long) {
    open_.text.clear();
  } else {
    open_.text += part;
  }
}

void LineQueue::end_line() {
  begun_ = false;
  bytes_ += open_.text.size();
  lines_.push_back(std::exchange(open_, {}));
}

}  // namespace headroom::mcp
