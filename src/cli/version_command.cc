#include "cli/version_command.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/program.h"

namespace headroom::cli {
namespace {

base::Result<ExitCode> run(const Invocation& invocation) {
  std::string text = fmt::format("headroom {}\n", version());
  if (invocation.has("--json")) {
    base::JsonWriter json;
    json.begin_object().member("version", version()).end_object();
    text = json.text() + "\n";
  }
  if (!invocation.console().print(text)) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec version_command() {
  return {
      .name = "version",
      .summary = "Show the version.",
      .description = "",
      .args = {{"--json", "", "Write one JSON object.", {}}},
      .examples = {"headroom version --json"},
      .run = run,
  };
}

}  // namespace headroom::cli
