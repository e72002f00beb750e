#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace headroom::compress::search {

/// Neighbours in a sequence of paths that are written below one folder.
struct FolderRun {
  std::size_t first = 0, last = 0;  ///< paths [first, last)
  std::string_view folder;          ///< with its final separator; empty: they are written in full
};

/// The folder that all paths are in, when naming it once saves something.
std::string_view shared_root(std::span<const std::string_view> paths);

/// Cuts the sequence into runs so that naming each run's folder once saves most, greedily, in one pass. `name_cost` is
/// what a folder line costs beside its own text, in bytes.
std::vector<FolderRun> folder_runs(std::span<const std::string_view> paths, std::size_t name_cost);

}  // namespace headroom::compress::search
