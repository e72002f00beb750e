#include "compress/search/path.h"

#include <algorithm>
#include <array>

namespace headroom::compress::search {

std::string_view folder_of(std::string_view path) {
  const std::size_t at = path.find_last_of("/\\");
  return at == std::string_view::npos ? std::string_view() : path.substr(0, at + 1);
}

std::string_view common_folder(std::string_view a, std::string_view b) {
  const auto differ = std::ranges::mismatch(a, b);
  return folder_of(a.substr(0, static_cast<std::size_t>(differ.in1 - a.begin())));
}

bool is_test_path(std::string_view path) {
  static constexpr std::array<std::string_view, 7> kFolders = {"test",      "tests",   "spec",    "specs",
                                                               "__tests__", "testing", "testdata"};
  static constexpr std::array<std::string_view, 5> kParts = {"_test.", ".test.", "_spec.", ".spec.", "_tests."};
  static constexpr std::array<std::string_view, 3> kEnds = {"Test", "Tests", "Spec"};
  std::string_view name = path;
  for (std::size_t slash; (slash = name.find_first_of("/\\")) != std::string_view::npos;
       name.remove_prefix(slash + 1)) {
    const std::string_view folder = name.substr(0, slash);
    if (std::ranges::find(kFolders, folder) != kFolders.end() || folder.ends_with("-tests")) return true;
  }
  const std::string_view stem = name.substr(0, name.find('.'));
  return name.starts_with("test_") ||
         std::ranges::any_of(kParts, [&](std::string_view p) { return name.find(p) != std::string_view::npos; }) ||
         std::ranges::any_of(kEnds, [&](std::string_view e) { return stem.size() > e.size() && stem.ends_with(e); });
}

}  // namespace headroom::compress::search
