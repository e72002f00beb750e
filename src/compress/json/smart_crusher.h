#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// Any JSON: lossless re-layout first (tables, constants, repeats, white space), then whole items dropped with a
/// marker.
class SmartCrusher final : public Compressor {
 public:
  std::string_view name() const override { return "json"; }
  bool accepts(detect::ContentType type) const override {
    return type == detect::ContentType::kJson || type == detect::ContentType::kNdjson;
  }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
