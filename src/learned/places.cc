#include "learned/places.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace headroom::learned {
namespace {

namespace fs = std::filesystem;

/// Entries of a folder whose name starts with `start`, the greatest name first; none when there is no such folder.
std::vector<std::string> entries(const fs::path& folder, std::string_view start) {
  std::vector<std::string> found;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->path().filename().string().starts_with(start)) found.push_back(at->path().string());
  }
  std::ranges::sort(found, std::ranges::greater());
  return found;
}

bool is_there(const fs::path& path) {
  std::error_code failed;
  return fs::exists(path, failed);
}

void add_packages(const fs::path& prefix, std::vector<std::string>& out) {
  for (std::string_view lib : {"lib", "lib64"}) {
    for (const std::string& python : entries(prefix / lib, "python3")) {
      for (std::string_view name : {"site-packages", "dist-packages"}) {
        const std::string folder = (fs::path(python) / name).string();
        if (is_there(folder) && std::ranges::find(out, folder) == out.end()) out.push_back(folder);
      }
    }
  }
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

Places find_places(const std::string& models_dir, const Environment& environment) {
  Places places{.models_dir = models_dir, .packages = {}, .hubs = {}};
  if (!models_dir.empty()) places.packages.push_back(models_dir);
  const std::string home = environment("HOME").value_or("");
  for (std::string_view variable : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
    if (const auto prefix = environment(std::string(variable))) add_packages(*prefix, places.packages);
  }
  if (!home.empty()) add_packages(fs::path(home) / ".local", places.packages);
  // The pythons that the user would start.
  const std::string path = environment("PATH").value_or("");
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    const fs::path bin = path.substr(at, end - at);
    at = end + 1;
    if (bin.is_absolute() && is_there(bin / "python3")) add_packages(bin.parent_path(), places.packages);
  }
  if (!home.empty()) {
    for (const std::string& version : entries(fs::path(home) / ".pyenv/versions", "")) {
      add_packages(version, places.packages);
    }
  }
  add_packages("/usr/local", places.packages);
  if (is_there("/usr/lib/python3/dist-packages")) places.packages.emplace_back("/usr/lib/python3/dist-packages");
  if (const auto hub = environment("HF_HUB_CACHE")) places.hubs.push_back(*hub);
  if (const auto hub = environment("HF_HOME")) places.hubs.push_back(*hub + "/hub");
  if (!home.empty()) places.hubs.push_back(home + "/.cache/huggingface/hub");
  return places;
}

std::vector<std::string> runtime_candidates(const Places& places) {
  std::vector<std::string> out;
  for (const std::string& packages : places.packages) {
    for (const std::string& file : entries(fs::path(packages) / "onnxruntime/capi", "libonnxruntime.so")) {
      out.push_back(file);
    }
  }
  if (!places.models_dir.empty()) {
    for (const std::string& file : entries(places.models_dir, "libonnxruntime.so")) out.push_back(file);
  }
  out.emplace_back("libonnxruntime.so.1");
  out.emplace_back("libonnxruntime.so");
  return out;
}

std::string find_magika(const Places& places) {
  for (const std::string& packages : places.packages) {
    for (const std::string& model : entries(fs::path(packages) / "magika/models", "standard_v")) {
      if (is_there(fs::path(model) / "model.onnx") && is_there(fs::path(model) / "config.min.json")) return model;
    }
  }
  return {};
}

std::string onnx_file(const std::string& folder) {
  // Small and exact before large; "wo" has only its weights in 8 bits.
  static constexpr std::array<std::string_view, 6> kNames = {"kompress-int8-wo.onnx", "kompress-fp32.onnx",
                                                             "kompress-int8.onnx",    "model_quantized.onnx",
                                                             "model_int8.onnx",       "model.onnx"};
  for (std::string_view name : kNames) {
    for (std::string_view sub : {"", "onnx"}) {
      const fs::path file = fs::path(folder) / sub / name;
      if (is_there(file)) return file.string();
    }
  }
  for (std::string_view sub : {"", "onnx"}) {
    for (const std::string& file : entries(fs::path(folder) / sub, "")) {
      if (file.ends_with(".onnx")) return file;
    }
  }
  return {};
}

namespace {

/// The folders that may hold a model of that name, best first.
std::vector<std::string> model_folders(const Places& places, std::string_view name) {
  std::vector<std::string> folders;
  if (!places.models_dir.empty()) folders.push_back((fs::path(places.models_dir) / name).string());
  for (const std::string& hub : places.hubs) {
    for (const std::string& model : entries(hub, "models--")) {
      if (!model.ends_with(name)) continue;
      for (const std::string& snapshot : entries(fs::path(model) / "snapshots", "")) folders.push_back(snapshot);
    }
  }
  return folders;
}

std::string tokenizer_for(const Places& places, const std::string& folder) {
  std::vector<std::string> folders = model_folders(places, "ModernBERT-base");
  folders.insert(folders.begin(), folder);
  for (const std::string& in : folders) {
    const fs::path file = fs::path(in) / "tokenizer.json";
    if (is_there(file)) return file.string();
  }
  return {};
}

}  // namespace

KompressFiles find_kompress(const Places& places) {
  for (const std::string& folder : model_folders(places, "kompress-v2-base")) {
    KompressFiles files{.model = onnx_file(folder), .tokenizer = tokenizer_for(places, folder)};
    if (!files.model.empty() && !files.tokenizer.empty()) return files;
  }
  return {};
}

}  // namespace headroom::learned
