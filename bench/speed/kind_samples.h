#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace headroom::bench {

struct KindSample {
  std::string name;  ///< "grep", "git_diff", ...
  std::string type;  ///< detect::content_type_name()
  std::string text;
};

/// One text of at least `bytes` bytes for each kind of content that has a compressor, the same bytes on every machine.
std::vector<KindSample> kind_samples(std::size_t bytes);

}  // namespace headroom::bench
