#include "proxy/web_socket.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace headroom::proxy {
namespace {

constexpr unsigned kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10;
constexpr std::size_t kMostOfControl = 125;
constexpr unsigned kSizeOf2 = 126, kSizeOf8 = 127;

unsigned char byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// Most significant byte first.
std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8U | byte_at(bytes, at + i);
  return number;
}

void append_number(std::string& out, std::uint64_t number, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) out += static_cast<char>(number >> (8 * i));
}

bool is_control(unsigned opcode) {
  return opcode >= kClose;
}

void apply(const WebSocketReader::Mask& mask, char* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(bytes[i] ^ mask[i % mask.size()]);
}

std::string frame(unsigned opcode, std::string_view payload, const std::optional<WebSocketReader::Mask>& mask) {
  constexpr std::size_t kMostHead = 14;
  std::string out;
  out.reserve(kMostHead + payload.size());
  out += static_cast<char>(0x80U | opcode);
  const unsigned flag = mask ? 0x80U : 0;
  if (payload.size() <= kMostOfControl) {
    out += static_cast<char>(flag | payload.size());
  } else if (payload.size() <= std::numeric_limits<std::uint16_t>::max()) {
    out += static_cast<char>(flag | kSizeOf2);
    append_number(out, payload.size(), 2);
  } else {
    out += static_cast<char>(flag | kSizeOf8);
    append_number(out, payload.size(), 8);
  }
  if (mask) out.append(mask->data(), mask->size());
  const std::size_t begin = out.size();
  out += payload;
  if (mask) apply(*mask, out.data() + begin, payload.size());
  return out;
}

}  // namespace

void WebSocketReader::feed(std::string_view bytes) {
  static constexpr std::size_t kSmall = std::size_t{64} << 10;
  buffer_.erase(0, std::exchange(begin_, 0));
  if (buffer_.empty() && buffer_.capacity() > kSmall) buffer_ = std::string();  // a large one may come only once
  buffer_ += bytes;
}

std::string WebSocketReader::take(std::size_t size) {
  std::string bytes(unread().substr(0, size));
  begin_ += bytes.size();
  return bytes;
}

WebSocketReader::Part WebSocketReader::raw(std::size_t size) {
  Part part;
  part.bytes = take(size);
  return part;
}

std::optional<WebSocketReader::Part> WebSocketReader::next() {
  wanted_ = 0;
  while (!unread().empty()) {
    if (lost_) return raw(unread().size());
    if (pass_left_ > 0) {
      Part part = raw(static_cast<std::size_t>(std::min<std::uint64_t>(pass_left_, unread().size())));
      pass_left_ -= part.bytes.size();
      return part;
    }
    const std::optional<Frame> frame = read_head();
    if (lost_) {
      in_text_ = false;
      Part part = std::exchange(open_, {});
      part.message.clear();
      part.bytes += take(unread().size());
      return part;
    }
    if (!frame) return std::nullopt;
    const bool whole = unread().size() - frame->head_size >= frame->size;
    if (is_control(frame->opcode)) {
      if (!whole) return std::nullopt;
      return raw(frame->head_size + static_cast<std::size_t>(frame->size));
    }
    const bool text = frame->opcode == kText || (frame->opcode == kContinuation && in_text_);
    if (!text || open_.bytes.size() + std::min<std::uint64_t>(frame->size, most_ + 1) > most_) {
      passed_text_ = passed_text_ || text;
      return pass(*frame);
    }
    if (!whole) {
      wanted_ = open_.bytes.size() + frame->head_size + frame->size;
      return std::nullopt;
    }
    if (add(*frame)) return std::exchange(open_, {});
  }
  return std::nullopt;
}

std::optional<WebSocketReader::Frame> WebSocketReader::read_head() {
  const std::string_view bytes = unread();
  if (bytes.size() < 2) return std::nullopt;
  Frame frame;
  frame.last = (byte_at(bytes, 0) & 0x80U) != 0;
  frame.opcode = byte_at(bytes, 0) & 0x0FU;
  const bool extended = (byte_at(bytes, 0) & 0x70U) != 0;
  const bool masked = (byte_at(bytes, 1) & 0x80U) != 0;
  const unsigned size = byte_at(bytes, 1) & 0x7FU;
  const std::size_t more = size == kSizeOf2 ? 2 : size == kSizeOf8 ? 8 : 0;
  frame.size = size;
  frame.head_size = 2 + more + (masked ? frame.mask.size() : 0);
  if (extended || masked != masked_ || !fits(frame)) {
    lost_ = true;
    return std::nullopt;
  }
  if (bytes.size() < frame.head_size) return std::nullopt;
  if (more > 0) frame.size = number_at(bytes, 2, more);
  if (frame.size > std::numeric_limits<std::int64_t>::max()) {
    lost_ = true;
    return std::nullopt;
  }
  if (masked) std::copy_n(bytes.data() + 2 + more, frame.mask.size(), frame.mask.begin());
  return frame;
}

/// Where this kind of frame may stand.
bool WebSocketReader::fits(const Frame& frame) const {
  switch (frame.opcode) {
    case kContinuation:
      return in_text_ || passing_;
    case kText:
    case kBinary:
      return !in_text_ && !passing_;
    case kClose:
    case kPing:
    case kPong:
      return frame.last && frame.size <= kMostOfControl;
    default:
      return false;
  }
}

WebSocketReader::Part WebSocketReader::pass(const Frame& frame) {
  in_text_ = false;
  passing_ = !frame.last;
  pass_left_ = frame.size;
  Part part = std::exchange(open_, {});
  part.message.clear();
  part.bytes += take(frame.head_size);
  return part;
}

bool WebSocketReader::add(const Frame& frame) {
  if (!in_text_) open_.mask = frame.mask;
  in_text_ = !frame.last;
  open_.bytes += take(frame.head_size);
  const std::string payload = take(static_cast<std::size_t>(frame.size));
  open_.bytes += payload;
  const std::size_t begin = open_.message.size();
  open_.message += payload;
  if (masked_) apply(frame.mask, open_.message.data() + begin, payload.size());
  open_.text = frame.last;
  return frame.last;
}

std::string web_socket_text(std::string_view message, const std::optional<WebSocketReader::Mask>& mask) {
  return frame(kText, message, mask);
}

std::string web_socket_close(std::uint16_t code, std::string_view reason) {
  std::string payload;
  append_number(payload, code, 2);
  payload += reason.substr(0, kMostOfControl - payload.size());
  return frame(kClose, payload, std::nullopt);
}

}  // namespace headroom::proxy
