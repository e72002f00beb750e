#pragma once

#include <optional>
#include <string_view>

#include "compress/compressor.h"

namespace headroom::compress {

/// XML by its structure: reports of tests and checkers, data, manifests. Of lists of like elements those stay that tell
/// of failures, differ, or are asked for; gaps stand in comments, so that the text stays XML. Without an id only lines
/// that stand above already are referred to.
class XmlCompressor final : public Compressor {
 public:
  std::string_view name() const override { return "xml"; }
  bool accepts(detect::ContentType type) const override { return type == detect::ContentType::kXml; }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
