#include "cli/help.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace headroom::cli {
namespace {

constexpr std::size_t kWidth = 100;

constexpr std::string_view kExitCodes =
    "  0  done\n"
    "  1  failed\n"
    "  2  the command line or a setting is wrong\n"
    "  3  not found\n";

struct HelpLine {
  std::string left;
  std::string right;
};

std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    if (column > indent && column + space + 1 > kWidth) {
      out += fmt::format("\n{:{}}", "", indent);
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += text.substr(0, space);
    column += space;
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return out;
}

std::string two_columns(const std::vector<HelpLine>& lines) {
  std::size_t width = 0;
  for (const HelpLine& line : lines) width = std::max(width, line.left.size());
  width = std::min<std::size_t>(width, 34);
  std::string out;
  for (const HelpLine& line : lines) {
    out += fmt::format("  {:<{}}  ", line.left, width);
    if (line.left.size() > width) out += fmt::format("\n{:{}}", "", width + 4);
    out += wrapped(line.right, width + 4) + "\n";
  }
  return out;
}

HelpLine arg_line(const ArgSpec& arg) {
  std::string left(arg.name);
  if (!arg.value_name.empty() && arg.name.starts_with('-')) left += fmt::format(" {}", arg.value_name);
  std::string right(arg.help);
  if (!arg.choices.empty()) right += fmt::format(" [{}]", fmt::join(arg.choices, ", "));
  return {std::move(left), std::move(right)};
}

HelpLine option_line(const config::OptionSpec& spec) {
  std::string left = spec.short_flag.empty() ? "" : fmt::format("-{}, ", spec.short_flag);
  left += fmt::format("--{}", spec.name);
  if (spec.value_name.empty()) {
    left += fmt::format(", --{}", config::opposite_flag(spec));
  } else {
    left += fmt::format(" {}", spec.value_name);
  }
  const std::string value = config::option_text(spec, {});
  std::string right = fmt::format("{} [{}; {}]", spec.help, spec.default_note.empty() ? value : spec.default_note,
                                  spec.env.empty() ? "" : spec.env.front());
  return {std::move(left), std::move(right)};
}

std::string usage_line(const CommandSpec& command) {
  std::string usage = fmt::format("headroom {} [OPTIONS]", command.name);
  for (const ArgSpec& arg : command.args) {
    if (!arg.name.starts_with('-')) {
      const std::string name = fmt::format("{}{}", arg.name, arg.many ? "..." : "");
      usage += arg.required ? fmt::format(" {}", name) : fmt::format(" [{}]", name);
    }
  }
  if (!command.rest.empty()) usage += fmt::format("{} {}...", command.rest_after > 0 ? " [--]" : "", command.rest);
  return usage;
}

std::string examples_text(std::span<const std::string_view> examples) {
  std::string out;
  for (std::string_view line : examples) out += fmt::format("  {}\n", line);
  return out;
}

}  // namespace

std::string program_help(const Console& console) {
  const auto heading = [&](std::string_view text) { return console.paint(Colour::kBold, text); };
  std::vector<HelpLine> lines;
  for (const CommandSpec& command : commands()) {
    lines.push_back({std::string(command.name), std::string(command.summary)});
  }
  std::string out = fmt::format(
      "Headroom makes what an agent reads cost fewer tokens, and never costs the agent an answer.\n\n"
      "{}\n  headroom COMMAND [OPTIONS]\n  headroom COMMAND --help\n\n{}\n{}\n",
      heading("Usage"), heading("Commands"), two_columns(lines));
  out += fmt::format(
      "{}\n{}\n", heading("Options"),
      two_columns({{"-h, --help", "Show this, or a command's help."}, {"-v, --version", "Show the version."}}));
  out +=
      fmt::format("{}\n{}\n", heading("Examples"),
                  examples_text(std::vector<std::string_view>{
                      "headroom proxy --port 8787              # then: ANTHROPIC_BASE_URL=http://127.0.0.1:8787 claude",
                      "headroom compress build.log --explain   # what goes, what stays, and why",
                      "headroom demo                           # real sessions through a real proxy, measured"}));
  out += fmt::format("{}\n{}", heading("Exit codes"), kExitCodes);
  return out;
}

std::string command_help(const CommandSpec& command, const Console& console) {
  const auto heading = [&](std::string_view text) { return console.paint(Colour::kBold, text); };
  std::string out = fmt::format("{}\n\n{}\n  {}\n", command.summary, heading("Usage"), usage_line(command));
  if (!command.description.empty()) out += fmt::format("\n{}\n", wrapped(command.description, 0));
  std::vector<HelpLine> own;
  for (const ArgSpec& arg : command.args) own.push_back(arg_line(arg));
  own.push_back({"-h, --help", "Show this."});
  out += fmt::format("\n{}\n{}", heading("Options"), two_columns(own));
  std::vector<HelpLine> shared;
  for (const config::OptionSpec& spec : config::option_table()) {
    if ((spec.commands & command.config_options) != 0) shared.push_back(option_line(spec));
  }
  if (!shared.empty()) {
    out += fmt::format("\n{} (also from the environment and the config file, see `headroom config`)\n{}",
                       heading("Settings"), two_columns(shared));
  }
  if (command.compat_flags) {
    out +=
        "\nFlags of other releases that have no effect here are accepted and reported; docs/OPTIONS.md lists them.\n";
  }
  if (!command.examples.empty()) out += fmt::format("\n{}\n{}", heading("Examples"), examples_text(command.examples));
  out += fmt::format("\n{}\n{}", heading("Exit codes"), kExitCodes);
  return out;
}

}  // namespace headroom::cli
