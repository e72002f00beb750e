#include "replay/find_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace headroom::replay {
namespace {

namespace fs = std::filesystem;
using Dated = std::pair<fs::file_time_type, std::string>;

void add_file(const fs::path& path, std::vector<Dated>& found) {
  std::error_code error;
  const auto time = fs::last_write_time(path, error);
  found.emplace_back(error ? fs::file_time_type::min() : time, path.string());
}

void add_folder(const fs::path& folder, std::vector<Dated>& found, std::vector<std::string>& problems) {
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (!entry->is_regular_file(ignored) || entry->is_symlink(ignored)) continue;
    const fs::path extension = entry->path().extension();
    if (extension == ".jsonl" || extension == ".json") add_file(entry->path(), found);
  }
  if (error) problems.push_back(folder.string() + ": " + error.message());
}

}  // namespace

std::vector<std::string> default_folders(const Environment& environment) {
  const std::string home = environment("HOME").value_or("");
  const auto set = [&](std::string_view name) {
    const auto value = environment(name);
    return value && !value->empty() ? value : std::nullopt;
  };
  std::vector<std::string> wanted;
  if (const auto claude = set("CLAUDE_CONFIG_DIR")) {
    wanted.push_back(*claude + "/projects");
  } else if (!home.empty()) {
    wanted.push_back(home + "/.claude/projects");
    wanted.push_back(set("XDG_CONFIG_HOME").value_or(home + "/.config") + "/claude/projects");
  }
  if (const auto codex = set("CODEX_HOME")) {
    wanted.push_back(*codex + "/sessions");
  } else if (!home.empty()) {
    wanted.push_back(home + "/.codex/sessions");
  }
  std::erase_if(wanted, [](const std::string& folder) {
    std::error_code ignored;
    return !fs::is_directory(folder, ignored);
  });
  return wanted;
}

FoundFiles find_files(const std::vector<std::string>& paths) {
  FoundFiles out;
  std::vector<Dated> found;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::is_directory(status)) {
      add_folder(path, found, out.problems);
    } else if (fs::exists(status)) {
      add_file(path, found);
    } else {
      out.problems.push_back(path + ": " + (error ? error.message() : "no such file"));
    }
  }
  std::ranges::stable_sort(found, [](const Dated& a, const Dated& b) { return a.first > b.first; });
  for (Dated& file : found) out.files.push_back(std::move(file.second));
  const auto again = std::ranges::unique(out.files);
  out.files.erase(again.begin(), again.end());
  return out;
}

}  // namespace headroom::replay
