#include "compress/search/folders.h"

#include "compress/search/path.h"

namespace headroom::compress::search {

std::string_view shared_root(std::span<const std::string_view> paths) {
  static constexpr std::size_t kWorth = 7;  // bytes in all that are worth a mention
  if (paths.empty()) return {};
  std::string_view root = folder_of(paths.front());
  for (std::string_view path : paths) {
    if (!path.starts_with(root)) root = common_folder(root, path);
  }
  return root.size() * (paths.size() - 1) < kWorth ? std::string_view() : root;
}

std::vector<FolderRun> folder_runs(std::span<const std::string_view> paths, std::size_t name_cost) {
  std::vector<FolderRun> runs;
  for (std::size_t at = 0; at < paths.size();) {
    std::string_view folder = folder_of(paths[at]);
    std::size_t end = at + 1;
    while (end < paths.size()) {
      const std::string_view next = paths[end].starts_with(folder) ? folder : common_folder(folder, paths[end]);
      const std::size_t n = end - at;
      // One more path below a shorter folder must save more than the run as it is and a new one behind it.
      if (next.empty() || n * next.size() < (n - 1) * folder.size() + (next == folder ? 0 : name_cost)) break;
      folder = next;
      ++end;
    }
    const std::size_t n = end - at;
    const bool worth = (n - 1) * folder.size() > name_cost;
    runs.push_back({at, end, worth ? folder : std::string_view()});
    at = end;
  }
  return runs;
}

}  // namespace headroom::compress::search
