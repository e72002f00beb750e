#include "compress/html/page_source.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"

namespace headroom::compress::html {
namespace {

/// Folders that hold what people write.
bool in_source_folder(std::string_view path) {
  static constexpr std::array<std::string_view, 13> kFolders = {
      "src",        "templates", "template", "views",  "view",     "app",   "static",
      "components", "layouts",   "partials", "public", "includes", "themes"};
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view folder = path.substr(0, end);
    if (end < path.size() && std::ranges::find(kFolders, folder) != kFolders.end()) return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++found;
  return found;
}

}  // namespace

bool is_page_source(const Query& query, std::string_view page) {
  if (!detect::reads_file(query.tool_name) && !detect::prints_file(query.call)) return false;
  const std::string_view head = page.substr(0, 64 << 10);
  // What a generator has written is no source, wherever it lies.
  if (base::contains_ci(head.substr(0, 4096), "name=\"generator\"")) return false;
  const std::string& path = query.call.path.empty() ? query.call.command : query.call.path;
  if (in_source_folder(path)) return true;
  return count(head, "{{") + count(head, "{%") >= 3 ||
         count(head, " v-if=") + count(head, " *ngIf=") + count(head, " x-data=") > 0;
}

}  // namespace headroom::compress::html
