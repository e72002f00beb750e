#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "cli/command.h"

namespace headroom::cli {

/// The words after the command's name, sorted out.
struct ParsedLine {
  std::map<std::string, std::string, std::less<>> values;  ///< by ArgSpec::name; a switch has "true"
  std::vector<config::FlagValue> flags;                    ///< of the option table
  std::vector<config::FlagValue> compat;                   ///< compat flags that were given
  std::vector<std::string> rest;                           ///< words of another program
  bool help = false;
};

/// kInvalidArgument says which word is wrong.
base::Result<ParsedLine> parse_line(const CommandSpec& command, std::span<const std::string> words);

}  // namespace headroom::cli
