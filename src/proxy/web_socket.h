#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::proxy {

/// Cuts what one side of a WebSocket sends (RFC 6455, section 5) into parts, without losing or changing a byte: all
/// parts one behind the other are what was fed, but for control frames that stand between the frames of a message,
/// which come before it. What is no WebSocket (an extension that nobody agreed to, a mask where none belongs) is given
/// on as it is, and so is all that comes after it.
class WebSocketReader {
 public:
  enum class Sender { kClient, kServer };
  using Mask = std::array<char, 4>;

  struct Part {
    std::string bytes;    ///< as they came
    bool text = false;    ///< these are all frames of a message of text,
    std::string message;  ///< which says this (UTF-8 is not checked),
    Mask mask{};          ///< and begins with this mask, where a client sent it
  };

  /// Messages of text of more than `most` bytes, with all but the last of their frames' heads, are no `text`.
  WebSocketReader(Sender sender, std::size_t most) : masked_(sender == Sender::kClient), most_(most) {}

  void feed(std::string_view bytes);
  /// The next part, or nothing until more is fed. At most `most` bytes and a frame's head are kept back.
  std::optional<Part> next();
  /// Where nothing is left to read: no message has begun and not ended, so that another may stand here.
  bool between_messages() const { return unread().empty() && !in_text_ && !passing_ && pass_left_ == 0 && !lost_; }
  /// A message of text was not read, as it is of more than `most` bytes.
  bool passed_text() const { return passed_text_; }
  /// Bytes that the message of text takes that has begun and not ended, as far as is known; 0: there is none.
  std::uint64_t wanted() const { return std::max<std::uint64_t>(wanted_, open_.bytes.size()); }

 private:
  struct Frame {
    unsigned opcode = 0;
    bool last = false;  // of its message
    std::uint64_t size = 0;
    std::size_t head_size = 0;
    Mask mask{};
  };

  std::string_view unread() const { return std::string_view(buffer_).substr(begin_); }
  std::string take(std::size_t size);
  Part raw(std::size_t size);
  /// nullopt: more is needed, or `lost_`.
  std::optional<Frame> read_head();
  bool fits(const Frame& frame) const;
  /// What follows of the message goes on as it is.
  Part pass(const Frame& frame);
  /// True when the message is complete.
  bool add(const Frame& frame);

  const bool masked_;
  const std::size_t most_;
  std::string buffer_;
  std::size_t begin_ = 0;  // in buffer_
  Part open_;              // a message of text of which not all frames have come
  bool in_text_ = false;   // there is one
  bool passed_text_ = false;
  bool passing_ = false;         // more frames follow of a message that goes on as it is
  std::uint64_t pass_left_ = 0;  // of its current frame
  std::uint64_t wanted_ = 0;     // by the message of text whose frame has not come in full
  bool lost_ = false;            // this is no WebSocket
};

/// A message of text in one frame; a client's is masked.
std::string web_socket_text(std::string_view message, const std::optional<WebSocketReader::Mask>& mask = std::nullopt);

/// A server's frame that ends a WebSocket. `code`: RFC 6455, section 7.4; `reason`: at most 123 bytes of it.
std::string web_socket_close(std::uint16_t code, std::string_view reason);

}  // namespace headroom::proxy
