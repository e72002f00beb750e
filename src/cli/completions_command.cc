#include "cli/completions_command.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace headroom::cli {
namespace {

struct Flag {
  std::string name;
  std::string help;
  std::vector<std::string_view> choices;
  bool takes_value = false;
  bool takes_folder = false;
};

std::vector<Flag> flags_of(const CommandSpec& command) {
  std::vector<Flag> flags;
  for (const ArgSpec& arg : command.args) {
    if (!arg.name.starts_with('-')) continue;
    flags.push_back({std::string(arg.name), std::string(arg.help), arg.choices, !arg.value_name.empty(), false});
  }
  for (const config::OptionSpec& spec : config::option_table()) {
    if ((spec.commands & command.config_options) == 0) continue;
    const bool value = !spec.value_name.empty();
    flags.push_back(
        {fmt::format("--{}", spec.name), std::string(spec.help), spec.choices, value, spec.value_name == "DIR"});
    if (!value) flags.push_back({fmt::format("--{}", config::opposite_flag(spec)), "The opposite.", {}, false, false});
  }
  flags.push_back({"--help", "Show help.", {}, false, false});
  return flags;
}

std::vector<std::string_view> positional_choices(const CommandSpec& command) {
  for (const ArgSpec& arg : command.args) {
    if (!arg.name.starts_with('-')) return arg.choices;
  }
  return {};
}

bool takes_file(const CommandSpec& command) {
  return std::ranges::any_of(command.args, [](const ArgSpec& arg) { return arg.name == "FILE"; });
}

std::string command_words() {
  std::string words;
  for (const CommandSpec& command : commands()) words += fmt::format("{}{}", words.empty() ? "" : " ", command.name);
  return words;
}

/// For inside single quotes of a shell.
std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string bash_case(const CommandSpec& command) {
  std::string values;
  std::string names;
  for (const Flag& flag : flags_of(command)) {
    names += fmt::format("{}{}", names.empty() ? "" : " ", flag.name);
    if (!flag.choices.empty()) {
      values += fmt::format("        {}) COMPREPLY=($(compgen -W '{}' -- \"$cur\")); return ;;\n", flag.name,
                            fmt::join(flag.choices, " "));
    } else if (flag.takes_value) {
      values += fmt::format("        {}) COMPREPLY=({}); return ;;\n", flag.name,
                            flag.takes_folder ? "$(compgen -d -- \"$cur\")" : "");
    }
  }
  std::string out = fmt::format("    {})\n", command.name);
  if (!values.empty()) out += fmt::format("      case \"$prev\" in\n{}      esac\n", values);
  out += fmt::format("      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '{}' -- \"$cur\"))\n", names);
  out += fmt::format("      else COMPREPLY=($(compgen {} -- \"$cur\")); fi ;;\n",
                     takes_file(command) ? "-f" : fmt::format("-W '{}'", fmt::join(positional_choices(command), " ")));
  return out;
}

std::string bash_script() {
  std::string cases;
  for (const CommandSpec& command : commands()) cases += bash_case(command);
  return fmt::format(
      "# bash completion for headroom; put it in a file that your shell reads:\n"
      "#   headroom completions bash > ~/.local/share/bash-completion/completions/headroom\n"
      "_headroom() {{\n"
      "  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}\n"
      "  COMPREPLY=()\n"
      "  if (( COMP_CWORD == 1 )); then COMPREPLY=($(compgen -W '{} --help --version' -- \"$cur\")); return; fi\n"
      "  case ${{COMP_WORDS[1]}} in\n{}  esac\n"
      "}}\n"
      "complete -F _headroom headroom\n",
      command_words(), cases);
}

std::string zsh_text(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_case(const CommandSpec& command) {
  std::string out = fmt::format("    {})\n      _arguments", command.name);
  for (const Flag& flag : flags_of(command)) {
    std::string value;
    if (flag.takes_value) value = flag.takes_folder ? ":folder:_files -/" : ":value: ";
    if (!flag.choices.empty()) value = fmt::format(":value:({})", fmt::join(flag.choices, " "));
    out +=
        fmt::format(" \\\n        {}", single_quoted(fmt::format("{}[{}]{}", flag.name, zsh_text(flag.help), value)));
  }
  if (takes_file(command)) out += " \\\n        '*:file:_files'";
  if (const auto choices = positional_choices(command); !choices.empty()) {
    out += fmt::format(" \\\n        '1:what:({})'", fmt::join(choices, " "));
  }
  return out + " ;;\n";
}

std::string zsh_script() {
  std::string described;
  std::string cases;
  for (const CommandSpec& command : commands()) {
    described += fmt::format("    {}\n", single_quoted(fmt::format("{}:{}", command.name, zsh_text(command.summary))));
    cases += zsh_case(command);
  }
  return fmt::format(
      "#compdef headroom\n"
      "# zsh completion for headroom; put it in a folder of your $fpath as _headroom.\n"
      "_headroom() {{\n"
      "  local -a names\n  names=(\n{}  )\n"
      "  if (( CURRENT == 2 )); then _describe command names; return; fi\n"
      "  local name=$words[2]\n"
      "  shift words\n  (( CURRENT-- ))\n"
      "  case $name in\n{}  esac\n"
      "}}\n"
      "_headroom \"$@\"\n",
      described, cases);
}

std::string fish_text(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish_script() {
  std::string out =
      "# fish completion for headroom:\n#   headroom completions fish > ~/.config/fish/completions/headroom.fish\n"
      "complete -c headroom -f\n";
  for (const CommandSpec& command : commands()) {
    out += fmt::format("complete -c headroom -n __fish_use_subcommand -a {} -d {}\n", command.name,
                       fish_text(command.summary));
    const std::string seen = fmt::format("'__fish_seen_subcommand_from {}'", command.name);
    for (const Flag& flag : flags_of(command)) {
      out += fmt::format("complete -c headroom -n {} -l {} -d {}{}", seen, flag.name.substr(2), fish_text(flag.help),
                         flag.takes_value ? " -r" : "");
      if (!flag.choices.empty()) out += fmt::format(" -a '{}'", fmt::join(flag.choices, " "));
      if (flag.takes_folder) out += " -a '(__fish_complete_directories)'";
      out += "\n";
    }
    if (takes_file(command)) out += fmt::format("complete -c headroom -n {} -F\n", seen);
    if (const auto choices = positional_choices(command); !choices.empty()) {
      out += fmt::format("complete -c headroom -n {} -a '{}'\n", seen, fmt::join(choices, " "));
    }
  }
  return out;
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const std::string_view shell = invocation.get("SHELL");
  const std::string script = shell == "bash" ? bash_script() : shell == "zsh" ? zsh_script() : fish_script();
  if (!invocation.console().print(script)) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec completions_command() {
  return {
      .name = "completions",
      .summary = "Print the completion script of a shell.",
      .description = "",
      .args = {{"SHELL", "", "The shell.", {"bash", "zsh", "fish"}, true}},
      .examples = {"headroom completions bash > ~/.local/share/bash-completion/completions/headroom",
                   "headroom completions fish > ~/.config/fish/completions/headroom.fish"},
      .run = run,
  };
}

}  // namespace headroom::cli
