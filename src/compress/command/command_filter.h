#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// Takes out the lines that the rules of the command say nothing is lost with: progress, hints, decoration, the middle
/// of long lists of the same. Lines that report a problem or that the question names stay. Whatever the type of the
/// text; acts only on the output of commands that have rules (detect/commands.rules).
class CommandFilter final : public Compressor {
 public:
  std::string_view name() const override { return "command"; }
  /// Not tables: which rows may go is known by who knows their columns.
  bool accepts(detect::ContentType type) const override {
    return type != detect::ContentType::kBinary && type != detect::ContentType::kTable;
  }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
