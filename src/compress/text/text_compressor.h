#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// What can be done for any text that nothing else knows better: repeated lines and blocks, long common beginnings of
/// lines, encoded and minified blobs, dotted tables of contents. The first two are exact; what is dropped leaves a gap.
class TextCompressor final : public Compressor {
 public:
  std::string_view name() const override { return "text"; }
  bool accepts(detect::ContentType type) const override { return type != detect::ContentType::kBinary; }
  std::optional<Output> compress(const Input& input) const override;
};

namespace text {

/// The input of a lossless output: the inverse of folding prefixes and repeats.
std::string expand(std::string_view output);

}  // namespace text

}  // namespace headroom::compress
