#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "proxy/http_head.h"

// The grammar of HTTP/1.1, which Boost.Beast reads for us. What Beast takes and we do not (folded lines) is refused
// here.

namespace headroom::proxy {

/// Reads the complete head in `head.bytes` into the other members, fields in their order and spelling; the path and the
/// query of a request are left to the caller. Says why when the bytes are no head.
std::optional<HttpError> read_head(RequestHead& head);
std::optional<HttpError> read_head(ResponseHead& head);

/// Reads the lines before the data of one chunk of a body, or those that end it.
class ChunkParser {
 public:
  enum class Found { kNothing, kChunk, kEnd, kBroken };

  ChunkParser();
  ~ChunkParser();
  ChunkParser(ChunkParser&&) noexcept;
  ChunkParser& operator=(ChunkParser&&) noexcept;

  /// `lines`: whole lines, all behind the data before and its line end. After kNothing it is called again with the same
  /// and one line more.
  Found parse(std::string_view lines);
  /// After kChunk: size of the data that follows.
  std::uint64_t chunk_size() const;

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace headroom::proxy
