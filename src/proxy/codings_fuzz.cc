#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/coded_body.h"
#include "proxy/content_decoder.h"
#include "proxy/kept_payload.h"

using namespace headroom::proxy;

namespace {

constexpr std::size_t kLimit = std::size_t{1} << 20;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

/// The first byte says which codings the rest is in, and in which pieces it comes. Nothing comes out beyond the limit;
/// the pieces change nothing about what is whole; what is whole has the size that was measured, and comes out of the
/// codings that are written here as it went in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::vector codings{static_cast<ContentCoding>(data[0] & 3)};
  if ((data[0] & 4) != 0) codings.push_back(static_cast<ContentCoding>(data[0] >> 3 & 3));
  const std::size_t piece = 1 + (data[0] >> 5);
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  ContentDecoder whole(codings, kLimit), pieces(codings, kLimit);
  KeptPayload all, parts;
  const bool fed = whole.feed(bytes, all);
  bool going = true;
  for (std::size_t at = 0; going && at < bytes.size(); at += piece) going = pieces.feed(bytes.substr(at, piece), parts);
  require(all.text.size() <= kLimit && parts.text.size() <= kLimit);
  require(whole.whole() == pieces.whole());
  const auto measured = decoded_size(bytes, codings, kLimit);
  require(measured.has_value() == whole.whole());
  if (!measured) return 0;
  require(fed && all.text == parts.text && *measured == all.text.size());
  require(decode_body(bytes, codings, *measured) == all.text);
  for (const ContentCoding coding : {ContentCoding::kGzip, ContentCoding::kZstd}) {
    const std::string again = encode_body(all.text, coding);
    const std::vector own{coding};
    require(decoded_size(again, own, kLimit).value_or(kLimit + 1) == all.text.size());
    require(decode_body(again, own, all.text.size()) == all.text);
  }
  return 0;
}
