#include "cli/models_command.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "cli/table.h"
#include "cli/workspace.h"
#include "learned/models.h"

namespace headroom::cli {
namespace {

using learned::ModelState;

std::string state_of(const ModelState& model) {
  if (!model.problem.empty()) return model.problem;
  return model.proof.empty() ? "found" : model.proof;
}

std::string as_text(const std::vector<ModelState>& models, const Console& console) {
  Table table({{"model"}, {"state", false, 70}, {"version"}, {"file", false, 120}});
  for (const ModelState& model : models) table.add({model.name, state_of(model), model.version, model.path});
  std::string out = table.text([&](std::string_view heading) { return console.paint(Colour::kBold, heading); });
  out += "\n";
  for (const ModelState& model : models) out += fmt::format("  {}: {}\n", model.name, model.purpose);
  return out;
}

std::string as_json(const std::vector<ModelState>& models) {
  base::JsonWriter json;
  json.begin_object().key("models").begin_array();
  for (const ModelState& model : models) {
    json.begin_object()
        .member("name", model.name)
        .member("purpose", model.purpose)
        .member("found", !model.path.empty())
        .member("file", model.path)
        .member("version", model.version)
        .member("sha256", model.sha256)
        .member("proof", model.proof)
        .member("problem", model.problem)
        .end_object();
  }
  json.end_array().end_object();
  return json.text() + "\n";
}

/// What fetches the models that are Python packages: their files are all that is used, so nothing they depend on is
/// needed.
std::vector<std::string> fetch_command(const std::string& folder) {
  return {"python3",       "-m",    "pip",      "install", "--upgrade",   "--no-deps",
          "--only-binary", ":all:", "--target", folder,    "onnxruntime", "magika"};
}

/// Runs a program of the PATH with our standard streams; its exit code, or -1 when it could not be started.
int run_program(const std::vector<std::string>& words) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));  // the interface's type
  argv.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0) return -1;
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// A file of a model hub, and where it goes.
struct HubFile {
  std::string url, path;
};

/// What Kompress needs: its weights, and the tokenizer of the model that it was made from.
std::vector<HubFile> kompress_files(const std::string& folder) {
  const std::string hub = learned::process_environment()("HF_ENDPOINT").value_or("https://huggingface.co");
  return {
      {hub + "/chopratejas/kompress-v2-base/resolve/main/onnx/kompress-int8-wo.onnx",
       folder + "/kompress-v2-base/kompress-int8-wo.onnx"},
      {hub + "/answerdotai/ModernBERT-base/resolve/main/tokenizer.json", folder + "/kompress-v2-base/tokenizer.json"}};
}

base::Result<ExitCode> fetch_kompress(const Invocation& invocation) {
  for (const HubFile& file : kompress_files(models_dir(invocation.options()))) {
    // What broke off half-way must not look like a model.
    const std::string part = file.path + ".part";
    const std::vector<std::string> command = {"curl",     "--fail", "--location", "--create-dirs",
                                              "--output", part,     file.url};
    invocation.console().note(fmt::format("{}\n", fmt::join(command, " ")));
    if (invocation.has("--dry-run")) continue;
    if (const int code = run_program(command); code != 0) {
      return base::fail(base::ErrorCode::kUnavailable,
                        fmt::format("{}; to fetch it another way, put the file at {}",
                                    code < 0 ? "curl cannot be started" : "curl did not succeed", file.path));
    }
    std::error_code failed;
    std::filesystem::rename(part, file.path, failed);
    if (failed) return base::fail(base::ErrorCode::kIo, fmt::format("{}: {}", file.path, failed.message()));
  }
  return ExitCode::kOk;
}

base::Result<ExitCode> fetch(const Invocation& invocation) {
  if (invocation.has("--kompress")) return fetch_kompress(invocation);
  const std::string folder = models_dir(invocation.options());
  const std::vector<std::string> command = fetch_command(folder);
  const std::string line = fmt::format("{}", fmt::join(command, " "));
  Console& console = invocation.console();
  console.note(fmt::format("{}\n", line));
  if (invocation.has("--dry-run")) return ExitCode::kOk;
  if (const int code = run_program(command); code != 0) {
    return base::fail(base::ErrorCode::kUnavailable,
                      fmt::format("{}; to fetch them another way, put the packages' files into {}",
                                  code < 0 ? "python3 cannot be started" : "pip did not succeed", folder));
  }
  console.note("Kompress is another 260 MB: headroom models fetch --kompress\n");
  return ExitCode::kOk;
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const std::string_view action = invocation.get("ACTION", "list");
  if (action == "fetch") return fetch(invocation);
  const learned::Places places = learned::find_places(models_dir(invocation.options()), learned::process_environment());
  const bool verify = action == "verify";
  const std::vector<ModelState> models = verify ? learned::verify_models(places) : learned::list_models(places);
  const std::string text = invocation.has("--json") ? as_json(models) : as_text(models, invocation.console());
  if (!invocation.console().print(text)) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  // What is not installed is no failure; what is and does not work is.
  bool broken = false;
  for (const ModelState& model : models) broken = broken || (verify && !model.path.empty() && !model.problem.empty());
  return broken ? ExitCode::kFailure : ExitCode::kOk;
}

}  // namespace

CommandSpec models_command() {
  return {
      .name = "models",
      .summary = "Show, check or fetch the learned models that may help.",
      .description =
          "Headroom needs no learned model, and never fetches one by itself. Where ONNX Runtime and a model are "
          "installed (in the models folder, or as packages of a Python on the PATH), they are asked about what the "
          "structure of a text does not settle. `list` looks at files only, `verify` opens and runs each, `fetch` has "
          "pip install onnxruntime and magika into the models folder; with --kompress it has curl fetch Kompress, "
          "which "
          "ranks the sentences of prose, from the model hub (HF_ENDPOINT, if it is set).",
      .args = {{"ACTION", "", "What to do; without it, list.", {"list", "verify", "fetch"}},
               {"--kompress", "", "With fetch: Kompress (260 MB) from its model hub, instead of the others.", {}},
               {"--dry-run", "", "With fetch: only show the commands.", {}},
               {"--json", "", "Write one JSON object.", {}}},
      .config_options = config::kForModels,
      .examples = {"headroom models", "headroom models verify", "headroom models fetch --dry-run"},
      .run = run,
  };
}

}  // namespace headroom::cli
