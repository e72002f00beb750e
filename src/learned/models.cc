#include "learned/models.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "base/hash.h"
#include "learned/kompress.h"
#include "learned/magika.h"
#include "learned/onnx.h"

namespace headroom::learned {
namespace {

namespace fs = std::filesystem;

/// "1.32.0" of "libonnxruntime.so.1.32.0".
std::string library_version(const std::string& path) {
  static constexpr std::string_view kName = ".so.";
  const std::size_t at = path.rfind(kName);
  return at == std::string::npos ? std::string() : path.substr(at + kName.size());
}

ModelState runtime_state(const Places& places) {
  ModelState state{.name = "onnxruntime", .purpose = "runs the models below"};
  for (const std::string& candidate : runtime_candidates(places)) {
    std::error_code failed;
    if (!fs::exists(candidate, failed)) continue;
    state.path = candidate;
    state.version = library_version(candidate);
    return state;
  }
  state.problem = "not found";
  return state;
}

ModelState magika_state(const Places& places) {
  ModelState state{.name = "magika", .purpose = "says what a text is when its structure does not"};
  const std::string folder = find_magika(places);
  if (folder.empty()) {
    state.problem = "not found";
    return state;
  }
  state.path = onnx_file(folder);
  state.version = fs::path(folder).filename().string();
  return state;
}

ModelState kompress_state(const Places& places) {
  ModelState state{.name = "kompress", .purpose = "says which sentences of a text tell most (kompress-v2-base)"};
  const KompressFiles files = find_kompress(places);
  if (!files.found()) {
    state.problem = "not found";
    return state;
  }
  state.path = files.model;
  // A hub's cache names the folder after the revision.
  const std::string folder = fs::path(files.model).parent_path().filename().string();
  state.version = folder == "onnx" ? fs::path(files.model).parent_path().parent_path().filename().string() : folder;
  return state;
}

std::string digest_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return file ? base::sha256_hex(bytes.str()) : std::string();
}

std::int64_t microseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start).count();
}

constexpr std::string_view kSample =
    "#include <stdio.h>\n\nint main(void) {\n  for (int i = 0; i < 10; ++i) {\n    printf(\"%d\\n\", i * i);\n  }\n"
    "  return 0;\n}\n";

void verify_magika(const std::shared_ptr<const OnnxRuntime>& runtime, const std::string& folder, ModelState& state) {
  const auto magika = Magika::load(runtime, folder);
  if (!magika) {
    state.problem = magika.error().message;
    return;
  }
  const auto start = std::chrono::steady_clock::now();
  const auto answer = (*magika)->ask(kSample);
  if (!answer) {
    state.problem = answer.error().message;
    return;
  }
  state.proof = fmt::format("a program in C is \"{}\" ({:.2f}), {:.1f} ms", answer->label, answer->score,
                            static_cast<double>(microseconds_since(start)) / 1000);
  if (answer->label != "c") state.problem = "it does not know a program in C";
}

void verify_kompress(const std::shared_ptr<const OnnxRuntime>& runtime, const KompressFiles& files, ModelState& state) {
  const auto kompress = Kompress::load(runtime, files);
  if (!kompress) {
    state.problem = kompress.error().message;
    return;
  }
  const Kompress::Chunk chunk = (*kompress)->sample();
  const auto start = std::chrono::steady_clock::now();
  const auto values = (*kompress)->run(chunk, base::Deadline::never());
  if (!values) {
    state.problem = values.error().message;
    return;
  }
  const bool sane = std::ranges::all_of(*values, [](float value) { return value >= 0 && value <= 1; });
  if (!sane) state.problem = "its values are not between 0 and 1";
  state.proof =
      fmt::format("reads {} words in {:.0f} ms", values->size(), static_cast<double>(microseconds_since(start)) / 1000);
}

}  // namespace

std::vector<ModelState> list_models(const Places& places) {
  return {runtime_state(places), magika_state(places), kompress_state(places)};
}

std::vector<ModelState> verify_models(const Places& places) {
  std::vector<ModelState> states = list_models(places);
  const auto runtime = OnnxRuntime::open(runtime_candidates(places));
  if (runtime) {
    states[0].path = (*runtime)->path();
    states[0].version = (*runtime)->version();
    states[0].problem.clear();
    states[0].proof = "opens";
  } else {
    states[0].problem = runtime.error().message;
  }
  for (ModelState& state : states) {
    if (!state.path.empty()) state.sha256 = digest_of(state.path);
  }
  for (std::size_t i = 1; i < states.size(); ++i) {
    if (states[i].path.empty()) continue;
    if (!runtime) {
      states[i].problem = "ONNX Runtime cannot be used";
    } else if (i == 1) {
      verify_magika(*runtime, find_magika(places), states[i]);
    } else {
      verify_kompress(*runtime, find_kompress(places), states[i]);
    }
  }
  return states;
}

}  // namespace headroom::learned
