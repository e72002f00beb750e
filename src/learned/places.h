#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::learned {

/// Reads an environment variable; nullopt when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Where models and ONNX Runtime are looked for, best first. Only files are looked at; nothing is started or fetched.
struct Places {
  std::string models_dir;             ///< the user's own folder, made by `headroom models fetch`
  std::vector<std::string> packages;  ///< folders of Python packages: the models folder, environments, the system
  std::vector<std::string> hubs;      ///< caches of model hubs
};

Places find_places(const std::string& models_dir, const Environment& environment);

/// The process's own environment.
Environment process_environment();

/// Full paths of the shared libraries of ONNX Runtime, and plain names for the loader's own search at the end.
std::vector<std::string> runtime_candidates(const Places& places);

/// Folder of Magika's newest model (model.onnx and config.min.json), or empty.
std::string find_magika(const Places& places);

/// The files of Kompress. All are there, or both names are empty.
struct KompressFiles {
  std::string model;      ///< kompress-v2-base's ONNX file
  std::string tokenizer;  ///< tokenizer.json beside it, or that of ModernBERT-base, which it was made from
  bool found() const { return !model.empty(); }
};

/// Folder kompress-v2-base in the models folder, else the newest snapshot of that name in a hub's cache.
KompressFiles find_kompress(const Places& places);

/// The ONNX file of a model folder, or empty.
std::string onnx_file(const std::string& folder);

}  // namespace headroom::learned
