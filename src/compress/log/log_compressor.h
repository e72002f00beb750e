#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// Any log, build or test output: repeats folded by template, errors and their context kept.
class LogCompressor final : public Compressor {
 public:
  std::string_view name() const override { return "log"; }
  bool accepts(detect::ContentType type) const override { return type == detect::ContentType::kLog; }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
