#include "cli/program.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/parse.h"
#include "cli/update_command.h"
#include "config/compat_flags.h"

namespace headroom::cli {
namespace {

ExitCode exit_code_for(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kInvalidArgument:
    case base::ErrorCode::kAmbiguous:
      return ExitCode::kUsage;
    case base::ErrorCode::kNotFound:
      return ExitCode::kNotFound;
    default:
      return ExitCode::kFailure;
  }
}

/// Says what each flag of another release means here; an error when one may not be ignored.
base::Result<void> report_compat_flags(std::span<const config::FlagValue> given, Console& console) {
  for (const config::CompatFlag& flag : config::compat_flags()) {
    const auto found = std::ranges::find(given, flag.name, &config::FlagValue::name);
    if (found == given.end()) continue;
    const bool accepted = flag.effect == config::CompatFlag::Effect::kNone ||
                          (!flag.accepted_value.empty() && found->text == flag.accepted_value);
    if (!accepted) {
      return base::fail(base::ErrorCode::kInvalidArgument,
                        fmt::format("--{} is not supported: {}", flag.name, flag.meaning));
    }
    console.note(fmt::format("headroom: --{} has no effect: {}\n", flag.name, flag.meaning));
  }
  return {};
}

base::Result<void> check_environment(const config::Environment& environment) {
  for (const config::RefusedVariable& variable : config::refused_variables()) {
    if (environment(variable.name).value_or("").empty()) continue;
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("environment {} is not supported: {}", variable.name, variable.meaning));
  }
  return {};
}

base::Result<ExitCode> run_command(const CommandSpec& command, ParsedLine line, Console& console) {
  const config::Environment environment = config::process_environment();
  if (command.compat_flags) {
    if (auto checked = check_environment(environment); !checked) return std::unexpected(checked.error());
  }
  if (auto reported = report_compat_flags(line.compat, console); !reported) return std::unexpected(reported.error());
  auto config = config::resolve(line.flags, environment);
  if (!config) return base::fail(base::ErrorCode::kInvalidArgument, config.error().message);
  const config::Options options = config->options;
  auto code = command.run(Invocation(std::move(line.values), std::move(line.rest), *std::move(config), console));
  mention_update(command, options, console);
  return code;
}

int finish(ExitCode code) {
  return static_cast<int>(code);
}

int usage_error(std::string_view message, std::string_view command, Console& console) {
  console.error(message);
  console.note(fmt::format("Try `headroom {}{}--help`.\n", command, command.empty() ? "" : " "));
  return finish(ExitCode::kUsage);
}

int print_all(std::string_view text, Console& console) {
  return finish(console.print(text) ? ExitCode::kOk : ExitCode::kFailure);
}

}  // namespace

std::string_view version() {
  return HEADROOM_VERSION;
}

int run_program(std::span<const std::string> words, Console& console) {
  if (words.empty()) return print_all(program_help(console), console);
  const std::string& first = words.front();
  if (first == "--version" || first == "-v" || first == "-V") {
    return print_all(fmt::format("headroom {}\n", version()), console);
  }
  if (first == "--help" || first == "-h" || first == "-?" || (first == "help" && words.size() == 1)) {
    return print_all(program_help(console), console);
  }
  const bool help_wanted = first == "help";
  const std::string& name = help_wanted ? words[1] : first;
  const CommandSpec* command = find_command(name);
  if (command == nullptr) return usage_error(fmt::format("there is no command '{}'", name), "", console);
  if (help_wanted) return print_all(command_help(*command, console), console);
  auto line = parse_line(*command, words.subspan(1));
  if (!line) return usage_error(line.error().message, command->name, console);
  if (line->help) return print_all(command_help(*command, console), console);
  const auto code = run_command(*command, *std::move(line), console);
  if (code) return finish(*code);
  const ExitCode failed = exit_code_for(code.error().code);
  if (failed == ExitCode::kUsage) return usage_error(code.error().message, command->name, console);
  console.error(code.error().message);
  return finish(failed);
}

}  // namespace headroom::cli
