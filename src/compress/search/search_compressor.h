#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// What search and listing tools print: grep, ripgrep, ag, git grep, the search tools of agents; find, ls, tree and
/// other lists of paths. Paths are written once, rows below them; of many hits those that the question asks for, those
/// that are unlike the others and some of each kind stay. Accepts ContentType::kSearch.
class SearchCompressor : public Compressor {
 public:
  std::string_view name() const override { return "search"; }
  bool accepts(detect::ContentType type) const override { return type == detect::ContentType::kSearch; }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
