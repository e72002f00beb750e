#include "config/options_doc.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/compat_flags.h"
#include "config/option_table.h"

namespace headroom::config {
namespace {

std::string command_names(unsigned commands) {
  std::vector<std::string_view> names;
  if ((commands & kForProxy) != 0) names.emplace_back("proxy");
  if ((commands & kForCompress) != 0) names.emplace_back("compress");
  if ((commands & kForRetrieve) != 0) names.emplace_back("retrieve");
  if ((commands & kForPerf) != 0) names.emplace_back("perf");
  if ((commands & kForReplay) != 0) names.emplace_back("replay");
  if ((commands & kForConfig) != 0) names.emplace_back("config");
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string flag_text(const OptionSpec& spec) {
  std::string text = spec.short_flag.empty() ? std::string() : fmt::format("-{}, ", spec.short_flag);
  text += fmt::format("--{}", spec.name);
  if (spec.value_name.empty()) return fmt::format("{} / --{}", text, opposite_flag(spec));
  return fmt::format("{} {}", text, spec.value_name);
}

std::string allowed_text(const OptionSpec& spec) {
  if (!spec.choices.empty()) return fmt::format("{}", fmt::join(spec.choices, ", "));
  if (option_type_name(spec) == "number") return fmt::format("{} to {}", spec.min, spec.max);
  return std::string(option_type_name(spec));
}

std::string default_text(const OptionSpec& spec) {
  const std::string value = option_text(spec, Options{});
  if (spec.default_note.empty()) return fmt::format("`{}`", value);
  return value.empty() ? std::string(spec.default_note) : fmt::format("`{}`: {}", value, spec.default_note);
}

void append_option(std::string& out, const OptionSpec& spec) {
  out += fmt::format("### `{}`\n\n{}\n\n", flag_text(spec), spec.help);
  out += fmt::format("| | |\n|---|---|\n| Default | {} |\n| Allowed | {} |\n", default_text(spec), allowed_text(spec));
  out += fmt::format("| Environment | `{}` |\n", fmt::join(spec.env, "`, `"));
  if (!spec.key.empty()) out += fmt::format("| File | `{}` |\n", spec.key);
  out += fmt::format("| Flag of | {} |\n| Shown to work by | `{}` |\n\n", command_names(spec.commands),
                     spec.behaviour_test);
}

std::string here_text(const CompatFlag& flag) {
  if (flag.effect == CompatFlag::Effect::kNone) return "accepted, no effect";
  return flag.accepted_value.empty() ? "refused" : fmt::format("refused, but for `{}`", flag.accepted_value);
}

}  // namespace

std::string options_markdown() {
  std::string out =
      "# Options\n\n"
      "Made from the option table by `headroom config docs`; do not edit.\n\n"
      "A flag wins over the environment, the environment over the config file, the file over the default. Of several\n"
      "environment names the first that is set and not empty counts. The file is `config.toml` in the config folder;\n"
      "`headroom config` shows every value and where it came from. A value that is not allowed stops the program with\n"
      "a message that names its origin.\n\n";
  for (const OptionSpec& spec : option_table()) append_option(out, spec);
  out +=
      "## Flags of other releases\n\n"
      "`headroom proxy` knows these so that existing scripts either work or stop with a reason. An accepted flag has "
      "no\n"
      "effect and is reported in one line.\n\n| Flag | Here | Why |\n|---|---|---|\n";
  for (const CompatFlag& flag : compat_flags()) {
    out += fmt::format("| `--{}{}` | {} | {} |\n", flag.name, flag.takes_value ? " VALUE" : "", here_text(flag),
                       flag.meaning);
  }
  out += "\n`headroom proxy` does not start while one of these variables is set:\n\n| Variable | Why |\n|---|---|\n";
  for (const RefusedVariable& variable : refused_variables()) {
    out += fmt::format("| `{}` | {} |\n", variable.name, variable.meaning);
  }
  return out;
}

}  // namespace headroom::config
