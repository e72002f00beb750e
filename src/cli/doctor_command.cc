#include "cli/doctor_command.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "cli/doctor_checks.h"
#include "cli/program.h"

namespace headroom::cli {
namespace {

using Status = Finding::Status;

std::string_view status_name(Status status) {
  return status == Status::kPass ? "pass" : status == Status::kWarn ? "warn" : "fail";
}

std::string as_json(const std::vector<Finding>& findings, int code, int port) {
  base::JsonWriter json;
  json.begin_object().member("version", version()).member("port", port).member("exit_code", code);
  json.key("checks").begin_array();
  for (const Finding& one : findings) {
    json.begin_object().member("name", one.name).member("status", status_name(one.status));
    json.member("summary", one.summary).member("hint", one.mend).end_object();
  }
  json.end_array().end_object();
  return json.text() + "\n";
}

std::string as_text(const std::vector<Finding>& findings, const Console& console) {
  std::string out;
  for (const Finding& one : findings) {
    const Colour colour = one.status == Status::kPass   ? Colour::kGreen
                          : one.status == Status::kWarn ? Colour::kYellow
                                                        : Colour::kRed;
    out += fmt::format("{}  {:<20} {}\n", console.paint(colour, status_name(one.status)), one.name, one.summary);
    if (!one.mend.empty()) out += fmt::format("      {:<20} -> {}\n", "", one.mend);
  }
  return out;
}

base::Result<ExitCode> run(const Invocation& invocation) {
  AgentContext context(invocation);
  const auto findings = examine(invocation, context, invocation.has("--fix"));
  Status worst = Status::kPass;
  for (const Finding& one : findings) worst = std::max(worst, one.status);
  const int code = static_cast<int>(worst);
  const bool printed =
      invocation.console().print(invocation.has("--json") ? as_json(findings, code, invocation.options().port)
                                                          : as_text(findings, invocation.console()));
  if (!printed) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return static_cast<ExitCode>(code);
}

}  // namespace

CommandSpec doctor_command() {
  return {
      .name = "doctor",
      .summary = "Look for what is wrong, and say what mends it.",
      .description =
          "Looks at the proxy, the addresses that each agent on this machine has (by a request that stays on it), "
          "keys, "
          "certificates, network proxies, the workspace and its store, the disk, MCP entries and changes that a wrap "
          "left behind. Exit code 0: all is well, 1: warnings, 2: something does not work.",
      .args = {{"--fix", "", "Mend what can be mended without loss.", {}},
               {"--json", "", "Write one JSON object.", {}}},
      .config_options = config::kForProxy | config::kForConfig,
      .examples = {"headroom doctor", "headroom doctor --fix"},
      .run = run,
  };
}

}  // namespace headroom::cli
