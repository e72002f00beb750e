#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/console.h"
#include "config/resolve.h"

namespace headroom::cli {

/// An argument that only one command has. Options that belong to the whole program are in config's table.
struct ArgSpec {
  std::string_view name;        ///< "--lines", or "FILE" for an argument without a flag
  std::string_view value_name;  ///< empty: a switch
  std::string_view help;
  std::vector<std::string_view> choices;  ///< empty: any value
  bool required = false;
  bool many = false;  ///< an argument without a flag: any number of them
};

/// A command line that has been understood.
class Invocation {
 public:
  Invocation(std::map<std::string, std::string, std::less<>> values, std::vector<std::string> rest,
             config::Resolved config, Console& console)
      : values_(std::move(values)), rest_(std::move(rest)), config_(std::move(config)), console_(console) {}

  bool has(std::string_view name) const { return values_.contains(name); }
  /// The value of an argument, or `otherwise`.
  std::string_view get(std::string_view name, std::string_view otherwise = {}) const {
    const auto found = values_.find(name);
    return found == values_.end() ? otherwise : std::string_view(found->second);
  }
  /// All values of an argument that may be given many times.
  std::vector<std::string> list(std::string_view name) const {
    std::vector<std::string> items;
    std::string_view text = get(name);
    while (!text.empty()) {
      items.emplace_back(text.substr(0, text.find(kListSeparator)));
      text.remove_prefix(std::min(items.back().size() + 1, text.size()));
    }
    return items;
  }
  /// Words that are another program's (CommandSpec::rest).
  const std::vector<std::string>& rest() const { return rest_; }
  /// What stands between the values of a list.
  static constexpr char kListSeparator = '\n';

  const config::Options& options() const { return config_.options; }
  const config::Resolved& config() const { return config_; }
  Console& console() const { return console_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string> rest_;
  config::Resolved config_;
  Console& console_;
};

/// Help, parsing and completions all come from this.
struct CommandSpec {
  std::string_view name;
  std::string_view summary;      ///< one line
  std::string_view description;  ///< paragraphs for its --help; may be empty
  std::vector<ArgSpec> args;
  unsigned config_options = 0;  ///< config::CommandMask bits: which of the table's options are its flags
  bool compat_flags = false;    ///< also takes config::compat_flags()
  /// The words from the first one on that is neither a flag of this command nor one of its first `rest_after`
  /// arguments, or behind "--", are another program's; shown as this in the help. Empty: there are none.
  std::string_view rest;
  std::size_t rest_after = 0;
  std::vector<std::string_view> examples;  ///< shell lines, "# ..." for what they do
  /// An error becomes a message and an exit code: kInvalidArgument 2, kNotFound 3, others 1.
  base::Result<ExitCode> (*run)(const Invocation&);
};

/// Every command, in the order of the help.
std::span<const CommandSpec> commands();
const CommandSpec* find_command(std::string_view name);

}  // namespace headroom::cli
