#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// Tables that are text: delimited values, tables drawn with bars, columns under titles. Rows that are asked for or
/// stand out stay as they came; which ones is decided by what decides it for arrays of JSON objects.
class TableCompressor final : public Compressor {
 public:
  std::string_view name() const override { return "table"; }
  bool accepts(detect::ContentType type) const override { return type == detect::ContentType::kTable; }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
