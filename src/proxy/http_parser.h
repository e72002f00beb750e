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

/// Reads a chunked body, in turns: lines, then the data of the chunk that they announce, then lines again.
class ChunkParser {
 public:
  enum class Found { kNothing, kChunk, kEnd, kBroken };

  ChunkParser();
  ~ChunkParser();
  ChunkParser(ChunkParser&&) noexcept;
  ChunkParser& operator=(ChunkParser&&) noexcept;

  /// `lines`: whole lines, all since the last data. After kNothing it is called again with the same and one line more.
  Found parse(std::string_view lines);
  /// After kChunk: size of the data that follows.
  std::uint64_t chunk_size() const;
  /// Data of that chunk, no more than is left of it.
  void take_data(std::string_view data);

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace headroom::proxy
