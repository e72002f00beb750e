#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// Pages as tools of browsers show them, a node a line. Of long lists and tables in them each entry stays with its name
/// and its reference; what stands in it goes where it only says that again.
class SnapshotCompressor final : public Compressor {
 public:
  std::string_view name() const override { return "snapshot"; }
  bool accepts(detect::ContentType type) const override;
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
