#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::update {

enum class InstallKind { kSource, kPip, kPipx, kUvTool, kNpm, kNpmGlobal, kNpx, kContainer, kDistribution, kBinary };

/// "pip", "npm", ...
std::string_view kind_name(InstallKind kind);

/// How this program came to be where it is.
struct Install {
  InstallKind kind = InstallKind::kBinary;
  std::string program;
  std::string place;  ///< source tree, Python environment, folder with node_modules; else empty
};

/// Told from the program's file; `exists` says whether a file or folder is there, `home` is the user's.
Install find_install(std::string_view program, std::string_view home,
                     const std::function<bool(const std::string&)>& exists);

/// How a release is put in its place.
struct Step {
  std::vector<std::string> command;  ///< of the client that installed it; empty: Headroom cannot do it
  std::string text;                  ///< for the user: the command, or what to do
};
Step step_for(const Install& install, std::string_view version);

/// What asks the registry (or the source's own remote) of this kind for its newest release, for read_release(); empty
/// where none knows.
std::vector<std::string> feed_command(const Install& install);

}  // namespace headroom::update
