#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::replay {

/// Looks up an environment variable.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

/// Where Claude Code and Codex keep their records: CLAUDE_CONFIG_DIR (else ~/.claude and $XDG_CONFIG_HOME/claude) with
/// /projects, CODEX_HOME (else ~/.codex) with /sessions. Only folders that are there.
std::vector<std::string> default_folders(const Environment& environment);

struct FoundFiles {
  std::vector<std::string> files;     ///< newest first
  std::vector<std::string> problems;  ///< "PATH: why", for each that is not there or cannot be read
};

/// Files as they are named; of folders, all .jsonl and .json files in them and below. Links in folders are not
/// followed.
FoundFiles find_files(const std::vector<std::string>& paths);

}  // namespace headroom::replay
