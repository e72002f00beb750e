#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// Records of fields, a field a line, that all have the same fields: one row each. Nothing is lost.
class RecordsCompressor final : public Compressor {
 public:
  std::string_view name() const override { return "records"; }
  bool accepts(detect::ContentType type) const override {
    return type == detect::ContentType::kTable || type == detect::ContentType::kLog;
  }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
