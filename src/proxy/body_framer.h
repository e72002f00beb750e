#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/http_head.h"
#include "proxy/http_parser.h"

namespace headroom::proxy {

/// How the end of a body is known (RFC 9112, 6.3).
struct BodyFraming {
  enum class Kind { kNone, kLength, kChunked, kUntilClose };
  Kind kind = Kind::kNone;
  std::uint64_t length = 0;  ///< kLength

  bool empty() const { return kind == Kind::kNone || (kind == Kind::kLength && length == 0); }
};

/// Refuses everything that two servers could read differently: Content-Length beside Transfer-Encoding, more than one
/// Content-Length, one that is no plain number, a coding other than "chunked", chunked in HTTP/1.0.
std::expected<BodyFraming, HttpError> request_framing(const RequestHead& head);
/// `method` is the request's: answers to HEAD have no body. Refusals have status 502.
std::expected<BodyFraming, HttpError> response_framing(const ResponseHead& head, std::string_view method);

/// Receives a body without its framing.
class PayloadSink {
 public:
  virtual ~PayloadSink() = default;
  virtual void on_payload(std::string_view bytes) = 0;
};

/// Follows a body through the bytes of a connection, to know where it ends and what its payload is. The relay passes
/// the bytes on as they are, framing included; a strict reader here means that nothing ambiguous gets through.
class BodyFramer {
 public:
  explicit BodyFramer(BodyFraming framing);

  struct Step {
    std::size_t consumed = 0;  ///< bytes that belong to this body
    bool malformed = false;    ///< broken chunk framing, at `consumed`
  };
  /// Takes the next bytes; stops at the end of the body. `sink` may be nullptr.
  Step feed(std::string_view bytes, PayloadSink* sink);

  bool done() const { return state_ == State::kDone; }
  /// True when the end of the connection is a proper end of this body.
  bool may_end_at_close() const { return done() || state_ == State::kUntilClose; }
  std::uint64_t payload_bytes() const { return payload_bytes_; }

 private:
  enum class State { kLength, kUntilClose, kChunkLines, kChunkData, kDone };

  void take_payload(std::string_view bytes, PayloadSink* sink);
  // Framing of a chunked body, up to the data of the next chunk or the end.
  Step take_lines(std::string_view bytes);
  // The same where it is what nearly every chunk begins with; gives its size, 0 where it is something else.
  std::size_t take_plain_lines(std::string_view bytes);
  void begin_chunk(std::uint64_t size);
  ChunkParser::Found parse_lines();
  // Refuses at the first byte what other readers may take for a line's end or for the line before, and bounds lines_.
  bool may_follow(char c) const;

  State state_ = State::kDone;
  std::uint64_t left_ = 0;  // of the length or of the current chunk
  std::uint64_t payload_bytes_ = 0;
  std::string lines_;                  // framing since the last data, until it can be told what it says
  std::optional<ChunkParser> parser_;  // of lines_
  bool after_data_ = false;            // lines_ starts with the line end that closes a chunk
  bool in_trailer_ = false;
};

}  // namespace headroom::proxy
