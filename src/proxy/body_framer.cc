#include "proxy/body_framer.h"

#include <algorithm>
#include <array>
#include <limits>

namespace headroom::proxy {
namespace {

constexpr std::size_t kMaxSizeLine = 256;
constexpr std::size_t kMaxTrailer = 16 * 1024;
// Far beyond any body, and still a length to readers that count in signed numbers.
constexpr std::uint64_t kMaxLength = std::uint64_t{1} << 60;
constexpr std::string_view kLineEnd = "\r\n";

std::unexpected<HttpError> refuse(int status, const char* message) {
  return std::unexpected<HttpError>(HttpError{status, message});
}

// Fields that say where a message goes, how long it is or whose it is: nobody may take them from behind a body.
bool is_barred_trailer(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kBarred{"host",          "content-length",      "transfer-encoding",
                                                           "authorization", "proxy-authorization", "cookie"};
  static constexpr std::string_view kOwn = "x-headroom-";
  return std::ranges::any_of(kBarred, [&](std::string_view barred) { return equals_ci(name, barred); }) ||
         equals_ci(name.substr(0, kOwn.size()), kOwn);
}

// Lines behind the last chunk, each with its end.
bool has_barred_trailer(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    if (is_barred_trailer(line.substr(0, line.find(':')))) return true;
    if (end == std::string_view::npos) break;
    lines.remove_prefix(end + 1);
  }
  return false;
}

/// More than 15 for what is no digit.
unsigned hex_value(char c) {
  const auto code = static_cast<unsigned char>(c);
  if (const unsigned digit = code - '0'; digit < 10U) return digit;
  const unsigned letter = (code | 0x20U) - 'a';
  return letter < 6U ? letter + 10 : 16;
}

// A reader that takes quotes seriously would look for the other one in the data.
bool has_open_quote(std::string_view size_line) {
  return std::ranges::count(size_line, '"') % 2 != 0;
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
  if (lengths > 1 || head.fields.get("content-length").contains(',')) {
    return refuse(status, "more than one Content-Length");
  }
  if (!head.content_length || *head.content_length > kMaxLength) {
    return refuse(status, "a Content-Length that is no number");
  }
  return BodyFraming{BodyFraming::Kind::kLength, *head.content_length};
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
      state_ = State::kChunkLines;
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
    if (state_ == State::kChunkLines) {
      const Step step = take_lines(bytes.substr(at));
      at += step.consumed;
      if (step.malformed) return {at, true};
      continue;
    }
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - at));
    take_payload(bytes.substr(at, take), sink);
    at += take;
  }
  return {at, false};
}

void BodyFramer::take_payload(std::string_view bytes, PayloadSink* sink) {
  if (sink != nullptr) sink->on_payload(bytes);
  payload_bytes_ += bytes.size();
  if (state_ == State::kUntilClose) return;
  left_ -= bytes.size();
  if (left_ > 0) return;
  state_ = state_ == State::kLength ? State::kDone : State::kChunkLines;
  after_data_ = true;
}

std::size_t BodyFramer::take_plain_lines(std::string_view bytes) {
  const std::string_view before = after_data_ ? kLineEnd : std::string_view();
  if (!bytes.starts_with(before)) return 0;
  const std::string_view lines = bytes.substr(before.size());
  if (lines.starts_with("0\r\n\r\n")) {
    state_ = State::kDone;
    return before.size() + 5;
  }
  constexpr std::size_t kMostDigits = 15;  // less than kMaxLength
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (; digits < std::min(lines.size(), kMostDigits); ++digits) {
    const unsigned value = hex_value(lines[digits]);
    if (value > 15) break;
    size = size * 16 + value;
  }
  if (size == 0 || !lines.substr(digits).starts_with(kLineEnd)) return 0;
  begin_chunk(size);
  return before.size() + digits + kLineEnd.size();
}

void BodyFramer::begin_chunk(std::uint64_t size) {
  left_ = size;
  lines_.clear();
  parser_.reset();
  state_ = State::kChunkData;
}

BodyFramer::Step BodyFramer::take_lines(std::string_view bytes) {
  if (const std::size_t plain = lines_.empty() ? take_plain_lines(bytes) : 0) return {plain, false};
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (!may_follow(bytes[at])) return {at, true};
    lines_ += bytes[at];
    if (bytes[at] != '\n') continue;
    if (!in_trailer_ && take_plain_lines(lines_) > 0) return {at + 1, false};
    if (!in_trailer_ && has_open_quote(lines_)) return {at, true};
    switch (parse_lines()) {
      case ChunkParser::Found::kNothing:
        in_trailer_ = lines_.size() > kLineEnd.size();
        break;
      case ChunkParser::Found::kChunk:
        if (parser_->chunk_size() > kMaxLength) return {at, true};
        begin_chunk(parser_->chunk_size());
        return {at + 1, false};
      case ChunkParser::Found::kEnd:
        if (has_barred_trailer(lines_)) return {at, true};
        state_ = State::kDone;
        return {at + 1, false};
      case ChunkParser::Found::kBroken:
        return {at, true};
    }
  }
  return {bytes.size(), false};
}

ChunkParser::Found BodyFramer::parse_lines() {
  const std::string_view lines = std::string_view(lines_).substr(after_data_ ? kLineEnd.size() : 0);
  if (after_data_ && lines.empty()) return ChunkParser::Found::kNothing;
  if (!parser_) parser_.emplace();
  return parser_->parse(lines);
}

bool BodyFramer::may_follow(char c) const {
  if (lines_.size() >= (in_trailer_ ? kMaxTrailer : kMaxSizeLine)) return false;
  const char before = lines_.empty() ? '\n' : lines_.back();
  if (before == '\r' || c == '\n') return before == '\r' && c == '\n';
  if (lines_.empty() && after_data_) return c == '\r';
  if (before == '\n' && (c == ' ' || c == '\t')) return false;
  const auto code = static_cast<unsigned char>(c);
  return (code >= 0x20 && code != 0x7f) || c == '\t' || c == '\r';
}

}  // namespace headroom::proxy
