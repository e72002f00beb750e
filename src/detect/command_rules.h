#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/command_line.h"
#include "detect/content_type.h"

namespace headroom::detect {

/// What is known of the output of some commands. The patterns are globs over whole lines without the white space
/// around them; case does not matter.
struct CommandRule {
  std::vector<CommandWords> commands;      ///< {"git", "status"}: the program and words that must follow
  ContentType type = ContentType::kOther;  ///< of the output, when its lines do not tell; kOther: they must
  std::vector<std::string> drop;           ///< lines that say nothing to a reader: progress, hints, decoration
  std::vector<std::string> keep;           ///< lines that stay although they match one of `drop` or `fold`
  std::vector<std::string> fold;           ///< of neighbours that match the first and the last stay
};

/// The rules of commands.rules, in its order. Built on first use.
std::span<const CommandRule> command_rules();

/// The rule for a command; nullptr when there is none. Options may stand between the words. The rule with most words
/// that fit counts.
const CommandRule* find_command_rule(const CommandWords& command);

/// The rules for what a shell line prints, in order, each once.
std::vector<const CommandRule*> rules_for_line(std::string_view shell_line);

/// Reads the text of a rule file. Problems are told, one a line, in `problems`.
std::vector<CommandRule> parse_command_rules(std::string_view text, std::string& problems);

}  // namespace headroom::detect
