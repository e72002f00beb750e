#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// Diffs and patches. Lossless: what headers say twice is said once. Lossy: context lines go, changes that repeat one
/// that is shown are counted in a gap, machine-made files become a line; every other changed line stays.
class DiffCompressor final : public Compressor {
 public:
  std::string_view name() const override { return "diff"; }
  bool accepts(detect::ContentType type) const override { return type == detect::ContentType::kDiff; }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
