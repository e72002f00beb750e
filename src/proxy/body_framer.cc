#include "proxy/body_framer.h"

#include <algorithm>
#include <limits>

namespace headroom::proxy {
namespace {

constexpr std::uint32_t kMaxSizeLine = 256;
constexpr std::uint32_t kMaxTrailer = 16 * 1024;

std::unexpected<HttpError> refuse(int status, const char* message) {
  return std::unexpected<HttpError>(HttpError{status, message});
}

bool parse_length(std::string_view text, std::uint64_t& length) {
  if (text.empty() || text.size() > 18) return false;
  length = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return true;
}

// The part that requests and answers share; kNone when no header speaks of a body.
std::expected<BodyFraming, HttpError> declared_framing(const Head& head, int status) {
  const std::size_t lengths = head.fields.count("content-length");
  const std::size_t codings = head.fields.count("transfer-encoding");
  if (codings > 0) {
    if (lengths > 0) return refuse(status, "both Content-Length and Transfer-Encoding");
    if (codings > 1 || !equals_ci(head.fields.get("transfer-encoding"), "chunked")) {
      return refuse(status == 400 ? 501 : status, "a Transfer-Encoding other than chunked");
    }
    if (head.minor == 0) return refuse(status, "Transfer-Encoding in HTTP/1.0");
    return BodyFraming{BodyFraming::Kind::kChunked, 0};
  }
  if (lengths == 0) return BodyFraming{};
  BodyFraming framing{BodyFraming::Kind::kLength, 0};
  if (lengths > 1) return refuse(status, "more than one Content-Length");
  if (!parse_length(head.fields.get("content-length"), framing.length)) {
    return refuse(status, "a Content-Length that is no number");
  }
  return framing;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::expected<BodyFraming, HttpError> request_framing(const RequestHead& head) {
  return declared_framing(head, 400);
}

std::expected<BodyFraming, HttpError> response_framing(const ResponseHead& head, std::string_view method) {
  if (method == "HEAD" || head.status < 200 || head.status == 204 || head.status == 304) return BodyFraming{};
  auto framing = declared_framing(head, 502);
  if (framing && framing->kind == BodyFraming::Kind::kNone) framing->kind = BodyFraming::Kind::kUntilClose;
  return framing;
}

BodyFramer::BodyFramer(BodyFraming framing) : left_(framing.length) {
  switch (framing.kind) {
    case BodyFraming::Kind::kNone:
      break;
    case BodyFraming::Kind::kLength:
      state_ = left_ > 0 ? State::kLength : State::kDone;
      break;
    case BodyFraming::Kind::kChunked:
      state_ = State::kChunkSize;
      break;
    case BodyFraming::Kind::kUntilClose:
      state_ = State::kUntilClose;
      left_ = std::numeric_limits<std::uint64_t>::max();
      break;
  }
}

BodyFramer::Step BodyFramer::feed(std::string_view bytes, PayloadSink* sink) {
  std::size_t at = 0;
  while (at < bytes.size() && state_ != State::kDone) {
    if (state_ != State::kLength && state_ != State::kUntilClose && state_ != State::kChunkData) {
      if (!take_framing_byte(bytes[at])) return {at, true};
      ++at;
      continue;
    }
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - at));
    if (sink != nullptr) sink->on_payload(bytes.substr(at, take));
    at += take;
    payload_bytes_ += take;
    if (state_ == State::kUntilClose) continue;
    left_ -= take;
    if (left_ == 0) state_ = state_ == State::kLength ? State::kDone : State::kChunkDataCr;
  }
  return {at, false};
}

bool BodyFramer::take_framing_byte(char c) {
  const auto go = [this](bool expected, State next) {
    if (expected) state_ = next;
    return expected;
  };
  switch (state_) {
    case State::kChunkSize:
      if (++framing_bytes_ > kMaxSizeLine) return false;
      if (const int digit = hex_digit(c); digit >= 0) {
        if (left_ >> 58 != 0) return false;
        left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
        return has_digit_ = true;
      }
      if (!has_digit_) return false;
      if (c == ';' || c == ' ' || c == '\t') return go(true, State::kChunkExtension);
      return go(c == '\r', State::kChunkSizeLf);
    case State::kChunkExtension:
      if (c == '\r') return go(true, State::kChunkSizeLf);
      return ++framing_bytes_ <= kMaxSizeLine && (static_cast<unsigned char>(c) >= 0x20 || c == '\t');
    case State::kChunkSizeLf:
      framing_bytes_ = 0;
      has_digit_ = false;
      return go(c == '\n', left_ == 0 ? State::kTrailerStart : State::kChunkData);
    case State::kChunkDataCr:
      return go(c == '\r', State::kChunkDataLf);
    case State::kChunkDataLf:
      return go(c == '\n', State::kChunkSize);
    case State::kTrailerStart:
      if (c == '\r') return go(true, State::kLastLf);
      return ++framing_bytes_ <= kMaxTrailer && go(static_cast<unsigned char>(c) > 0x20, State::kTrailerLine);
    case State::kTrailerLine:
      if (c == '\r') return go(true, State::kTrailerLineLf);
      return ++framing_bytes_ <= kMaxTrailer && (static_cast<unsigned char>(c) >= 0x20 || c == '\t');
    case State::kTrailerLineLf:
      return go(c == '\n', State::kTrailerStart);
    case State::kLastLf:
      return go(c == '\n', State::kDone);
    case State::kLength:
    case State::kUntilClose:
    case State::kChunkData:
    case State::kDone:
      break;
  }
  return false;
}

}  // namespace headroom::proxy
