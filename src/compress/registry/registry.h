#pragma once

#include <memory>
#include <span>
#include <vector>

#include "compress/compressor.h"

namespace headroom::compress {

/// The compressors, in order of preference. Immutable and thread-safe after construction.
class Registry {
 public:
  /// Every compressor of the program. A new one is a folder under compress/ and a line here.
  static Registry standard();

  explicit Registry(std::vector<std::unique_ptr<Compressor>> compressors) : compressors_(std::move(compressors)) {}
  /// The first compressor that accepts the type, or nullptr.
  const Compressor* find(detect::ContentType type) const;
  /// All that accept the type, in order of preference.
  std::vector<const Compressor*> find_all(detect::ContentType type) const;
  std::span<const std::unique_ptr<Compressor>> all() const { return compressors_; }

 private:
  std::vector<std::unique_ptr<Compressor>> compressors_;
};

}  // namespace headroom::compress
