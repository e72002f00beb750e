#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// Configuration: YAML, TOML, INI, .env, properties, blocks in braces, and listings of settings (settings.h). Lossless:
/// lines that came before are referred to. Lossy: comments go; of many like blocks one stays whole and of the others
/// what differs from it; blocks that the question does not touch, where it names entries, are told by their heads.
/// Nothing of a value is rewritten, and no marker or note holds one, but for what settings.h says of listings.
class ConfigCompressor final : public Compressor {
 public:
  std::string_view name() const override { return "config"; }
  bool accepts(detect::ContentType type) const override { return type == detect::ContentType::kConfig; }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
