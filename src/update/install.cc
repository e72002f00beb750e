#include "update/install.h"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace headroom::update {
namespace {

constexpr std::string_view kPackage = "headroom-ai";
constexpr int kLevelsOfBuild = 5;  // build/release/bin/headroom, and a few more

std::string folder_of(std::string_view path) {
  return std::string(path.substr(0, path.rfind('/')));
}

/// The part of the path before the first of these; nullopt when there is none of them.
std::optional<std::string> before(std::string_view path, std::string_view part) {
  const std::size_t at = path.find(part);
  return at == std::string_view::npos ? std::nullopt : std::optional(std::string(path.substr(0, at)));
}

std::optional<Install> python_install(std::string_view program, std::string_view home) {
  if (program.contains("/dist-packages/")) return Install{InstallKind::kDistribution, std::string(program), {}};
  const auto library = before(program, "/site-packages/headroom/");
  if (!library) return std::nullopt;
  // PREFIX/lib/python3.11/site-packages
  const std::string prefix = folder_of(folder_of(*library));
  InstallKind kind = InstallKind::kPip;
  if (prefix.contains("/pipx/venvs/")) kind = InstallKind::kPipx;
  if (prefix.contains("/uv/tools/")) kind = InstallKind::kUvTool;
  return Install{kind, std::string(program), prefix == std::string(home) + "/.local" ? std::string() : prefix};
}

std::optional<Install> node_install(std::string_view program) {
  const auto folder = before(program, fmt::format("/node_modules/{}/", kPackage));
  if (!folder) return std::nullopt;
  if (folder->contains("/_npx/")) return Install{InstallKind::kNpx, std::string(program), *folder};
  const bool global = folder->ends_with("/lib");
  return Install{global ? InstallKind::kNpmGlobal : InstallKind::kNpm, std::string(program), *folder};
}

}  // namespace

std::string_view kind_name(InstallKind kind) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "source", "pip", "pipx", "uv tool", "npm", "npm global", "npx", "container", "distribution", "binary"};
  return kNames[static_cast<std::size_t>(kind)];
}

Install find_install(std::string_view program, std::string_view home,
                     const std::function<bool(const std::string&)>& exists) {
  if (auto found = python_install(program, home)) return *found;
  if (auto found = node_install(program)) return *found;
  std::string folder = folder_of(program);
  for (int level = 0; level < kLevelsOfBuild && !folder.empty(); ++level, folder = folder_of(folder)) {
    if (exists(folder + "/CMakePresets.json") && exists(folder + "/src/cli/headroom_main.cc")) {
      return {InstallKind::kSource, std::string(program), folder};
    }
  }
  // What lies in a home of a container was put there, and is not of the image.
  const bool contained = exists("/.dockerenv") || exists("/run/.containerenv");
  if (contained && !program.starts_with(std::string(home) + "/"))
    return {InstallKind::kContainer, std::string(program), {}};
  for (const std::string_view system : {"/usr/bin/", "/bin/", "/usr/lib/", "/opt/homebrew/", "/nix/store/", "/snap/"}) {
    if (program.starts_with(system)) return {InstallKind::kDistribution, std::string(program), {}};
  }
  if (program.contains("/Cellar/")) return {InstallKind::kDistribution, std::string(program), {}};
  return {InstallKind::kBinary, std::string(program), {}};
}

Step step_for(const Install& install, std::string_view version) {
  const std::string pinned = fmt::format("{}=={}", kPackage, version);
  const std::string npm = fmt::format("{}@{}", kPackage, version);
  Step step;
  switch (install.kind) {
    case InstallKind::kPip:
      step.command =
          install.place.empty()
              ? std::vector<std::string>{"python3", "-m", "pip", "install", "--user", "--upgrade", pinned}
              : std::vector<std::string>{install.place + "/bin/python", "-m", "pip", "install", "--upgrade", pinned};
      break;
    case InstallKind::kPipx:
      step.command = {"pipx", "install", "--force", pinned};
      break;
    case InstallKind::kUvTool:
      step.command = {"uv", "tool", "install", "--force", pinned};
      break;
    case InstallKind::kNpm:
      step.command = {"npm", "install", "--prefix", install.place, npm};
      break;
    case InstallKind::kNpmGlobal:
      step.command = {"npm", "install", "--global", npm};
      break;
    case InstallKind::kNpx:
      step.text = fmt::format("npx {} takes it by itself", npm);
      break;
    case InstallKind::kSource:
      step.text = fmt::format("cd {} && git pull && ./dev build", install.place);
      break;
    case InstallKind::kContainer:
      step.text = "pull the image again, and make the container anew";
      break;
    case InstallKind::kDistribution:
      step.text = "your system's package manager has put it there, and brings the new one";
      break;
    case InstallKind::kBinary:
      step.text = fmt::format("put the new release's program in place of {}", install.program);
      break;
  }
  if (step.text.empty()) step.text = fmt::format("{}", fmt::join(step.command, " "));
  return step;
}

std::vector<std::string> feed_command(const Install& install) {
  switch (install.kind) {
    case InstallKind::kPip:
    case InstallKind::kPipx:
    case InstallKind::kUvTool: {
      // Environments of uv have no pip; any other tells the same of the index.
      const bool own = install.kind != InstallKind::kUvTool && !install.place.empty();
      return {own ? install.place + "/bin/python" : "python3",
              "-m",
              "pip",
              "--disable-pip-version-check",
              "--quiet",
              "install",
              "--dry-run",
              "--ignore-installed",
              "--no-deps",
              "--only-binary",
              ":all:",
              "--report",
              "-",
              std::string(kPackage)};
    }
    case InstallKind::kNpm:
    case InstallKind::kNpmGlobal:
    case InstallKind::kNpx:
      return {"npm", "view", std::string(kPackage), "version", "keywords", "--json"};
    case InstallKind::kSource:
      return {"git", "-C", install.place, "ls-remote", "--tags", "--refs"};
    case InstallKind::kContainer:
    case InstallKind::kDistribution:
    case InstallKind::kBinary:
      break;
  }
  return {};
}

}  // namespace headroom::update
