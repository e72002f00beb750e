#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// Shows source code as an outline: every signature, field and constant, the first words of comments, and the bodies
/// that the question is about. Other bodies go whole, each for a gap in a comment, and the rest parses as before.
class CodeCompressor final : public Compressor {
 public:
  std::string_view name() const override { return "code"; }
  bool accepts(detect::ContentType type) const override { return type == detect::ContentType::kCode; }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
