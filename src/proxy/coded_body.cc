#include "proxy/coded_body.h"

#include <limits>
#include <memory>

#include <zlib.h>
#include <zstd.h>

#include "base/json_document.h"
#include "proxy/content_decoder.h"
#include "proxy/kept_payload.h"

namespace headroom::proxy {
namespace {

class Counter final : public PayloadSink {
 public:
  void on_payload(std::string_view bytes) override { size += bytes.size(); }
  std::size_t size = 0;
};

std::string zstd_of(std::string_view text) {
  static constexpr int kLevel = 3;
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), text.data(), text.size(), kLevel);
  return ZSTD_isError(size) != 0 ? std::string() : out.substr(0, size);
}

std::string gzip_of(std::string_view text) {
  static constexpr int kLevel = 1, kGzip = 16, kMemory = 8;
  z_stream stream{};
  if (text.size() > std::numeric_limits<uInt>::max() / 2 ||
      deflateInit2(&stream, kLevel, Z_DEFLATED, MAX_WBITS + kGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
    return {};
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, deflateEnd);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  return deflate(&stream, Z_FINISH) == Z_STREAM_END ? out.substr(0, stream.total_out) : std::string();
}

}  // namespace

base::Result<std::size_t> decoded_size(std::string_view body, std::span<const ContentCoding> codings,
                                       std::size_t limit) {
  ContentDecoder decoder(codings, limit);
  Counter counter;
  const bool fed = decoder.feed(body, counter);
  if (decoder.over_limit()) return base::fail(base::ErrorCode::kTooLarge, "its text is larger than a body may be");
  if (!fed) return base::fail(base::ErrorCode::kParse, "it is not encoded as it says");
  if (!decoder.whole()) return base::fail(base::ErrorCode::kParse, "its encoded text ends too early");
  return counter.size;
}

std::string decode_body(std::string_view body, std::span<const ContentCoding> codings, std::size_t size) {
  // Between two codings it may be larger than it is; decoded_size() has bounded both.
  ContentDecoder decoder(codings, std::numeric_limits<std::size_t>::max());
  KeptPayload collector;
  collector.text.reserve(size + base::kJsonPadding);
  decoder.feed(body, collector);
  return std::move(collector.text);
}

std::string encode_body(std::string_view text, ContentCoding coding) {
  switch (coding) {
    case ContentCoding::kZstd:
      return zstd_of(text);
    case ContentCoding::kGzip:
      return gzip_of(text);
    case ContentCoding::kDeflate:
    case ContentCoding::kBrotli:
      break;
  }
  return {};
}

}  // namespace headroom::proxy
