#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "proxy/http_head.h"

namespace headroom::proxy {

/// What a body may be encoded in (RFC 9110, 8.4.1), of what can be read here.
enum class ContentCoding { kGzip, kDeflate, kZstd, kBrotli };

/// Of one message. Nobody means more, and each costs a window.
constexpr std::size_t kMostCodings = 3;

/// As a peer can be told: "zstd, gzip, deflate, br".
constexpr std::string_view kCodingsRead = "zstd, gzip, deflate, br";

/// The codings that the fields name, in the order in which they were applied; none for a body that is as it is
/// ("identity" changes nothing). Nothing where one is unknown here, or there are more than kMostCodings.
std::optional<std::vector<ContentCoding>> codings_of(const Fields& fields);

}  // namespace headroom::proxy
