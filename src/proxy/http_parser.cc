#include "proxy/http_parser.h"

#include <algorithm>
#include <limits>
#include <string>

#include <boost/beast/http/basic_parser.hpp>

namespace headroom::proxy {
namespace {

namespace http = boost::beast::http;
using BeastView = boost::beast::string_view;
using boost::beast::error_code;

std::string_view view(BeastView text) {
  return {text.data(), text.size()};
}

boost::asio::const_buffer buffer(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

// Beast calls these for every part of a message; each reader overrides the ones that it is about.
template <bool kRequest>
class Parser : public http::basic_parser<kRequest> {
 protected:
  // Callers bound heads and bodies.
  Parser() {
    this->header_limit(std::numeric_limits<std::uint32_t>::max());
    this->body_limit(boost::none);
  }

  void on_request_impl(http::verb, BeastView, BeastView, int, error_code&) override {}
  void on_response_impl(int, BeastView, int, error_code&) override {}
  void on_field_impl(http::field, BeastView, BeastView, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(BeastView body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView body, error_code&) override { return body.size(); }
  void on_finish_impl(error_code&) override {}
};

// Beast's own container would move fields of one name together, so this keeps them as they come.
template <bool kRequest, typename HeadType>
class HeadReader final : public Parser<kRequest> {
 public:
  explicit HeadReader(HeadType& head) : head_(head) {}

 protected:
  void on_request_impl(http::verb, BeastView method, BeastView target, int version, error_code&) override {
    if constexpr (kRequest) {
      head_.method = view(method);
      head_.target = view(target);
    }
    head_.minor = version - 10;
  }
  void on_response_impl(int status, BeastView reason, int version, error_code&) override {
    if constexpr (!kRequest) {
      head_.status = status;
      head_.reason = view(reason);
    }
    head_.minor = version - 10;
  }
  void on_field_impl(http::field, BeastView name, BeastView value, error_code&) override {
    head_.fields.add({view(name), view(value)});
  }
  void on_header_impl(error_code&) override {
    if (const auto length = this->content_length()) head_.content_length = *length;
  }

 private:
  HeadType& head_;
};

std::string explain(const error_code& error, bool request) {
  if (error == http::error::bad_field) return "a header name with a character that names cannot have";
  if (error == http::error::bad_value) return "a header value with a character that it cannot have";
  if (error == http::error::bad_content_length) return "a Content-Length that is no number, or beside chunks";
  if (error == http::error::multiple_content_length) return "more than one Content-Length";
  if (error == http::error::bad_transfer_encoding) return "both Content-Length and Transfer-Encoding, or one twice";
  if (error == http::error::bad_line_ending) return "a carriage return without its line feed";
  return request ? "a malformed request line" : "a malformed status line";
}

// A version that is not ours, rather than a line with a part too many.
bool is_other_version(std::string_view head, const error_code& error) {
  const std::string_view line = head.substr(0, head.find('\r'));
  return error == http::error::bad_version && std::count(line.begin(), line.end(), ' ') == 2;
}

template <bool kRequest, typename HeadType>
std::optional<HttpError> read(HeadType& head) {
  const std::string_view bytes(head.bytes.data(), head.bytes.size());
  constexpr int kStatus = kRequest ? 400 : 502;
  // Beast unfolds; the relay would pass the fold on, and not everybody reads it the same way.
  if (bytes.contains("\r\n ") || bytes.contains("\r\n\t")) return HttpError{kStatus, "a folded header line"};
  constexpr std::size_t kUsualFields = 16;
  head.fields.reserve(kUsualFields);
  HeadReader<kRequest, HeadType> reader(head);
  error_code error;
  const std::size_t used = reader.put(buffer(bytes), error);
  if (!error && used == bytes.size() && reader.is_header_done()) return std::nullopt;
  if (kRequest && is_other_version(bytes, error)) return HttpError{505, "only HTTP/1.0 and HTTP/1.1 are spoken here"};
  return HttpError{kStatus, explain(error, kRequest)};
}

}  // namespace

std::optional<HttpError> read_head(RequestHead& head) {
  return read<true>(head);
}

std::optional<HttpError> read_head(ResponseHead& head) {
  return read<false>(head);
}

class ChunkParser::Reader final : public Parser<false> {
 public:
  // Beast reads whole messages, so that a body needs a head before it.
  Reader() {
    error_code error;
    put(buffer("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n"), error);
  }
  std::uint64_t size = 0;

 protected:
  void on_chunk_header_impl(std::uint64_t chunk_size, BeastView, error_code&) override { size = chunk_size; }
};

ChunkParser::ChunkParser() : reader_(std::make_unique<Reader>()) {}
ChunkParser::~ChunkParser() = default;
ChunkParser::ChunkParser(ChunkParser&&) noexcept = default;
ChunkParser& ChunkParser::operator=(ChunkParser&&) noexcept = default;

ChunkParser::Found ChunkParser::parse(std::string_view lines) {
  error_code error;
  const std::size_t used = reader_->put(buffer(lines), error);
  if (error == http::error::need_more) return Found::kNothing;
  if (error || used != lines.size()) return Found::kBroken;
  return reader_->is_done() ? Found::kEnd : Found::kChunk;
}

std::uint64_t ChunkParser::chunk_size() const {
  return reader_->size;
}

}  // namespace headroom::proxy
