#include "proxy/content_decoder.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

namespace headroom::proxy {

class ContentDecoder::Stage {
 public:
  virtual ~Stage() = default;
  /// Takes bytes off the front of `in` and gives how many it has written to `out`. There may be more where it has
  /// filled that, also without further bytes. Nothing for bytes that are no such coding.
  virtual std::optional<std::size_t> step(std::string_view& in, std::span<char> out) = 0;
  virtual bool at_end() const = 0;
};

namespace {

constexpr std::size_t kPiece = 64 * 1024;

/// gzip, of one member or more, and deflate, which is meant with the wrapper of zlib and sent without it, too.
class Inflating final : public ContentDecoder::Stage {
 public:
  explicit Inflating(bool gzip) : gzip_(gzip) {}
  ~Inflating() override {
    if (open_) inflateEnd(&stream_);
  }
  Inflating(const Inflating&) = delete;
  Inflating& operator=(const Inflating&) = delete;

  std::optional<std::size_t> step(std::string_view& in, std::span<char> out) override {
    if ((!open_ || ended_) && in.empty()) return 0;
    if (!open_ && !open(in.front())) return std::nullopt;
    if (ended_ && (!gzip_ || inflateReset(&stream_) != Z_OK)) return std::nullopt;
    ended_ = false;
    const auto offered = static_cast<uInt>(std::min<std::size_t>(in.size(), std::numeric_limits<uInt>::max()));
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(in.data()));
    stream_.avail_in = offered;
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    in.remove_prefix(offered - stream_.avail_in);
    ended_ = result == Z_STREAM_END;
    if (!ended_ && result != Z_OK && result != Z_BUF_ERROR) return std::nullopt;
    return out.size() - stream_.avail_out;
  }
  bool at_end() const override { return ended_; }

 private:
  /// A stream without the wrapper that begins like one would be an uncompressed block with bits that are always 0.
  bool open(char first) {
    const bool wrapped = (static_cast<unsigned char>(first) & 0x0f) == Z_DEFLATED;
    const int bits = gzip_ ? MAX_WBITS + 16 : wrapped ? MAX_WBITS : -MAX_WBITS;
    open_ = inflateInit2(&stream_, bits) == Z_OK;
    return open_;
  }

  const bool gzip_;
  bool open_ = false, ended_ = false;
  z_stream stream_{};
};

/// Frames (RFC 8878), one or more. The head of each is given to the library byte by byte: of more bytes at once it may
/// also read formats that came before the standard, and takes whole small frames, whatever their window.
class Unzstd final : public ContentDecoder::Stage {
 public:
  Unzstd() {
    static constexpr int kWindowLog = 23;  // 8 MiB
    if (frame_) ZSTD_DCtx_setParameter(frame_.get(), ZSTD_d_windowLogMax, kWindowLog);
  }

  std::optional<std::size_t> step(std::string_view& in, std::span<char> out) override {
    if (frame_ == nullptr) return std::nullopt;
    if (in.empty() && (ended_ || !full_)) return 0;
    if (ended_ && ++further_frames_ > kMostFrames) return std::nullopt;
    if (ended_) head_left_ = kMostHead;
    ZSTD_inBuffer input{in.data(), head_left_ > 0 ? std::min<std::size_t>(in.size(), 1) : in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t left = ZSTD_decompressStream(frame_.get(), &output, &input);
    if (ZSTD_isError(left) != 0) return std::nullopt;
    in.remove_prefix(input.pos);
    head_left_ -= std::min(head_left_, input.pos);
    ended_ = left == 0;
    full_ = output.pos == out.size();
    return output.pos;
  }
  bool at_end() const override { return ended_; }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* frame) const { ZSTD_freeDCtx(frame); }
  };
  static constexpr std::size_t kMostHead = 18;
  // Each takes about a microsecond, however little it says. A stream with a frame for each event has far fewer.
  static constexpr std::size_t kMostFrames = 1 << 18;

  std::unique_ptr<ZSTD_DCtx, Free> frame_{ZSTD_createDCtx()};
  std::size_t head_left_ = kMostHead, further_frames_ = 0;
  bool ended_ = false, full_ = false;
};

class Unbrotli final : public ContentDecoder::Stage {
 public:
  std::optional<std::size_t> step(std::string_view& in, std::span<char> out) override {
    if (ended_ && in.empty()) return 0;
    if (ended_ || state_ == nullptr) return std::nullopt;
    std::size_t left = in.size(), room = out.size();
    const auto* from = reinterpret_cast<const std::uint8_t*>(in.data());
    auto* to = reinterpret_cast<std::uint8_t*>(out.data());
    const BrotliDecoderResult result = BrotliDecoderDecompressStream(state_.get(), &left, &from, &room, &to, nullptr);
    if (result == BROTLI_DECODER_RESULT_ERROR) return std::nullopt;
    in.remove_prefix(in.size() - left);
    ended_ = result == BROTLI_DECODER_RESULT_SUCCESS;
    return out.size() - room;
  }
  bool at_end() const override { return ended_; }

 private:
  struct Free {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliDecoderState, Free> state_{BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)};
  bool ended_ = false;
};

std::unique_ptr<ContentDecoder::Stage> stage_for(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::kGzip:
      return std::make_unique<Inflating>(true);
    case ContentCoding::kDeflate:
      return std::make_unique<Inflating>(false);
    case ContentCoding::kZstd:
      return std::make_unique<Unzstd>();
    case ContentCoding::kBrotli:
      return std::make_unique<Unbrotli>();
  }
  return nullptr;
}

}  // namespace

ContentDecoder::ContentDecoder(std::span<const ContentCoding> codings, std::size_t limit) : limit_(limit) {
  for (std::size_t i = codings.size(); i-- > 0;) {
    layers_.push_back({stage_for(codings[i]), std::make_unique_for_overwrite<char[]>(kPiece)});
  }
}

ContentDecoder::~ContentDecoder() = default;
ContentDecoder::ContentDecoder(ContentDecoder&&) noexcept = default;

bool ContentDecoder::feed(std::string_view bytes, PayloadSink& sink) {
  if (!failed_ && !run(0, bytes, sink)) failed_ = true;
  return !failed_;
}

bool ContentDecoder::whole() const {
  return !failed_ && std::ranges::all_of(layers_, [](const Layer& layer) { return layer.stage->at_end(); });
}

bool ContentDecoder::run(std::size_t at, std::string_view bytes, PayloadSink& sink) {
  if (at == layers_.size()) {
    sink.on_payload(bytes);
    return true;
  }
  Layer& layer = layers_[at];
  for (bool more = true; more;) {
    const std::size_t before = bytes.size();
    const auto made = layer.stage->step(bytes, {layer.piece.get(), kPiece});
    if (!made || (*made == 0 && before > 0 && bytes.size() == before)) return false;
    over_limit_ = over_limit_ || *made > limit_ - layer.bytes;
    if (over_limit_) return false;
    layer.bytes += *made;
    if (*made > 0 && !run(at + 1, {layer.piece.get(), *made}, sink)) return false;
    more = *made == kPiece || !bytes.empty();
  }
  return true;
}

}  // namespace headroom::proxy
