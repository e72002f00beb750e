#include "cli/parse.h"

#include <algorithm>
#include <deque>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "config/compat_flags.h"

namespace headroom::cli {
namespace {

using config::OptionSpec;

/// CLI11 writes into variables that must stay where they are while it parses.
struct Sink {
  std::string name;
  std::string text;
  bool given = false;
  CLI::Option* option = nullptr;
};

class LineParser {
 public:
  explicit LineParser(const CommandSpec& command) : app_(std::string(command.summary)) {
    app_.set_help_flag();
    app_.add_flag("-h,-?,--help", help_);
    for (const ArgSpec& arg : command.args) add_arg(arg);
    for (const OptionSpec& spec : config::option_table()) {
      if ((spec.commands & command.config_options) != 0) add_option(spec);
    }
    if (command.compat_flags) add_compat_flags();
  }

  base::Result<ParsedLine> parse(std::span<const std::string> words) {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    try {
      app_.parse(reversed);
    } catch (const CLI::ParseError& error) {
      if (!help_) return base::fail(base::ErrorCode::kInvalidArgument, error.what());
    }
    ParsedLine line;
    line.help = help_;
    for (const Sink& sink : args_) {
      if (sink.option->count() > 0) line.values[sink.name] = sink.text;
    }
    for (const Sink& sink : options_) {
      if (sink.option->count() > 0) line.flags.push_back({sink.name, sink.text});
    }
    for (const Sink& sink : compat_) {
      if (sink.option->count() > 0) line.compat.push_back({sink.name, sink.text});
    }
    return line;
  }

 private:
  Sink& new_sink(std::deque<Sink>& sinks, std::string_view name) {
    return sinks.emplace_back(Sink{std::string(name), {}, false, nullptr});
  }

  void add_arg(const ArgSpec& arg) {
    Sink& sink = new_sink(args_, arg.name);
    const bool is_switch = arg.value_name.empty() && arg.name.starts_with('-');
    sink.option = is_switch ? app_.add_flag(sink.name, sink.text) : app_.add_option(sink.name, sink.text);
    if (arg.many) {
      sink.option->expected(-1)->join(Invocation::kListSeparator);
    } else if (!is_switch) {
      sink.option->take_last();
    }
    if (arg.required) sink.option->required();
    if (!arg.choices.empty()) {
      sink.option->check(CLI::IsMember(std::vector<std::string>(arg.choices.begin(), arg.choices.end())));
    }
  }

  void add_option(const OptionSpec& spec) {
    Sink& sink = new_sink(options_, spec.name);
    const std::string names =
        spec.short_flag.empty() ? fmt::format("--{}", spec.name) : fmt::format("-{},--{}", spec.short_flag, spec.name);
    if (spec.value_name.empty()) {
      sink.option = app_.add_flag(fmt::format("{},!--{}", names, config::opposite_flag(spec)), sink.text);
    } else {
      sink.option = app_.add_option(names, sink.text);
    }
    sink.option->take_last();
  }

  void add_compat_flags() {
    for (const config::CompatFlag& flag : config::compat_flags()) {
      Sink& sink = new_sink(compat_, flag.name);
      const std::string name = fmt::format("--{}", flag.name);
      sink.option = flag.takes_value ? app_.add_option(name, sink.text) : app_.add_flag(name, sink.text);
      sink.option->take_last();
    }
  }

  CLI::App app_;
  bool help_ = false;
  std::deque<Sink> args_, options_, compat_;
};

}  // namespace

namespace {

/// Whether a word is a flag of the command, and takes a value.
std::optional<bool> flag_with_value(const CommandSpec& command, std::string_view name) {
  if (!name.starts_with("--")) {
    if (name == "-h" || name == "-?") return false;
    for (const OptionSpec& spec : config::option_table()) {
      const bool here = !spec.short_flag.empty() && (spec.commands & command.config_options) != 0;
      if (here && name.substr(1).starts_with(spec.short_flag)) return name.size() == 2 && !spec.value_name.empty();
    }
    return std::nullopt;
  }
  if (name == "--help") return false;
  for (const ArgSpec& arg : command.args) {
    if (arg.name == name) return !arg.value_name.empty();
  }
  for (const OptionSpec& spec : config::option_table()) {
    if ((spec.commands & command.config_options) != 0 && name.substr(2) == spec.name) return !spec.value_name.empty();
  }
  return std::nullopt;
}

/// The words that are another program's are an agent's.
bool is_of_an_agent(const CommandSpec& command) {
  return !command.args.empty() && command.args.front().name == "AGENT";
}

/// Whether a flag is the command's own also behind its first arguments. Behind an agent's name, settings are the
/// agent's, but for where the proxy is; and agents write JSON, too.
bool is_own_behind(const CommandSpec& command, std::string_view name) {
  if (!is_of_an_agent(command)) return true;
  if (name == "--json") return false;
  return name == "--port" || name == "--help" || name == "-h" || name == "-?" ||
         std::ranges::find(command.args, name, &ArgSpec::name) != command.args.end();
}

/// How many words are the command's own.
std::size_t own_words(const CommandSpec& command, std::span<const std::string> words) {
  std::size_t arguments = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "--") return i;
    if (!word.starts_with('-')) {
      if (arguments++ >= command.rest_after) return i;
      continue;
    }
    const std::string_view name = word.substr(0, word.find('='));
    const bool behind = arguments >= command.rest_after;
    const auto takes_value = flag_with_value(command, name);
    if (behind && (!takes_value || !is_own_behind(command, name))) return i;
    if (takes_value.value_or(false) && !word.contains('=')) ++i;
  }
  return words.size();
}

}  // namespace

base::Result<ParsedLine> parse_line(const CommandSpec& command, std::span<const std::string> words) {
  if (command.rest.empty()) return LineParser(command).parse(words);
  const std::size_t own = std::min(own_words(command, words), words.size());
  auto line = LineParser(command).parse(words.first(own));
  if (!line) {
    if (!is_of_an_agent(command)) return line;
    return base::fail(line.error().code,
                      fmt::format("{}; settings stand before the agent's name, what is the agent's stands behind it: "
                                  "`headroom {} AGENT -- ...`",
                                  line.error().message, command.name));
  }
  const auto rest = words.subspan(own < words.size() && words[own] == "--" ? own + 1 : own);
  line->rest.assign(rest.begin(), rest.end());
  return line;
}

}  // namespace headroom::cli
