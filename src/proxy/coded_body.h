#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "proxy/content_coding.h"

namespace headroom::proxy {

/// How much a body is without its codings, which is known only by undoing them: nothing is kept of it meanwhile.
/// kTooLarge when it is more than `limit`, kParse when it is damaged, ends too early or has something behind its end.
base::Result<std::size_t> decoded_size(std::string_view body, std::span<const ContentCoding> codings,
                                       std::size_t limit);

/// The body without its codings, of the size that decoded_size() gave, with room behind it for who parses it
/// (base::kJsonPadding).
std::string decode_body(std::string_view body, std::span<const ContentCoding> codings, std::size_t size);

/// A body in the coding, fast rather than small; the same for the same text. Empty where that coding is not written
/// here (br, and deflate, of which nobody knows whether a peer means it with its wrapper) or there is no memory.
std::string encode_body(std::string_view text, ContentCoding coding);

}  // namespace headroom::proxy
