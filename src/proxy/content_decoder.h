#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "proxy/body_framer.h"
#include "proxy/content_coding.h"

namespace headroom::proxy {

/// Undoes content codings as the bytes come: what was flushed is given out at once. What bytes say of themselves is not
/// believed: a coding holds a window of at most 8 MiB (zstd, as RFC 9659 has it), 16 MiB (br) or 32 KiB, and what is
/// larger than the limit is not decoded any further. Belongs to one thread at a time.
class ContentDecoder {
 public:
  /// `codings` in the order in which they were applied, one at least; `limit` in bytes, of the text and of what is
  /// between two codings.
  ContentDecoder(std::span<const ContentCoding> codings, std::size_t limit);
  ~ContentDecoder();
  ContentDecoder(ContentDecoder&&) noexcept;

  /// Gives the text that `bytes` complete to `sink`, in pieces. False from the first byte on that does not belong to
  /// the codings (behind their end, too), or brings more than the limit.
  bool feed(std::string_view bytes, PayloadSink& sink);
  /// Every coding came to its end, with the last byte.
  bool whole() const;
  /// It ended at the limit.
  bool over_limit() const { return over_limit_; }

  /// What undoes one coding.
  class Stage;

 private:
  struct Layer {
    std::unique_ptr<Stage> stage;
    std::unique_ptr<char[]> piece;
    std::size_t bytes = 0;  // that it has given
  };
  bool run(std::size_t at, std::string_view bytes, PayloadSink& sink);

  std::vector<Layer> layers_;  // the one that was applied last comes first
  std::size_t limit_;
  bool over_limit_ = false, failed_ = false;
};

}  // namespace headroom::proxy
