#include "compress/diff/path_kind.h"

#include <algorithm>
#include <array>

namespace headroom::compress::diff {
namespace {

using Names = std::array<std::string_view, 20>;

constexpr Names kLocks = {"package-lock.json", "npm-shrinkwrap.json", "yarn.lock",          "pnpm-lock.yaml",
                          "Cargo.lock",        "poetry.lock",         "Pipfile.lock",       "uv.lock",
                          "pdm.lock",          "composer.lock",       "Gemfile.lock",       "go.sum",
                          "flake.lock",        "Podfile.lock",        "mix.lock",           "pubspec.lock",
                          "bun.lock",          "deno.lock",           "packages.lock.json", "gradle.lockfile"};
constexpr std::array<std::string_view, 5> kMinified = {".min.js", ".min.css", ".min.mjs", ".js.map", ".css.map"};
constexpr std::array<std::string_view, 12> kGenerated = {
    "_pb2.py",       "_pb2_grpc.py", ".pb.go",        ".pb.cc",  ".pb.h",         ".g.dart",
    ".freezed.dart", ".designer.cs", ".generated.ts", ".gen.go", "_generated.go", ".g.cs"};
constexpr std::array<std::string_view, 7> kVendored = {"node_modules/",     "vendor/", "third_party/", "thirdparty/",
                                                       "bower_components/", "dist/",   ".yarn/"};

bool ends_with_one(std::string_view path, auto& endings) {
  return std::ranges::any_of(endings, [&](std::string_view e) { return path.ends_with(e); });
}

}  // namespace

std::string_view machine_made(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (std::ranges::find(kLocks, name) != kLocks.end()) return "lock file";
  if (ends_with_one(path, kMinified)) return "minified";
  if (ends_with_one(path, kGenerated)) return "generated";
  if (path.ends_with(".snap") || path.find("__snapshots__/") != std::string_view::npos) return "snapshot";
  for (std::string_view folder : kVendored) {
    const std::size_t at = path.find(folder);
    if (at != std::string_view::npos && (at == 0 || path[at - 1] == '/')) return "vendored";
  }
  return {};
}

}  // namespace headroom::compress::diff
