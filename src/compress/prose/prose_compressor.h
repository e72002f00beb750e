#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// Articles, manuals, READMEs, notes: whole sentences, items and blocks are left out, those that tell least about what
/// is asked. What stays stands as it stood, in its order. Gaps count lines.
class ProseCompressor final : public Compressor {
 public:
  std::string_view name() const override { return "prose"; }
  bool accepts(detect::ContentType type) const override { return type == detect::ContentType::kProse; }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
