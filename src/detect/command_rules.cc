#include "detect/command_rules.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "detect/command_rules_text.h"

namespace headroom::detect {
namespace {

CommandWords split_words(std::string_view text) {
  CommandWords words;
  while (!(text = base::trim(text)).empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    words.emplace_back(word);
    text.remove_prefix(word.size());
  }
  return words;
}

std::vector<CommandWords> split_commands(std::string_view text) {
  std::vector<CommandWords> commands;
  while (true) {
    const std::size_t comma = text.find(',');
    if (CommandWords words = split_words(text.substr(0, comma)); !words.empty()) commands.push_back(std::move(words));
    if (comma == std::string_view::npos) return commands;
    text.remove_prefix(comma + 1);
  }
}

/// Takes one "KEY: VALUE" line; false when the key is unknown or the value no good.
bool take(std::string_view key, std::string_view value, CommandRule& rule) {
  if (key == "drop") {
    rule.drop.emplace_back(value);
  } else if (key == "keep") {
    rule.keep.emplace_back(value);
  } else if (key == "fold") {
    rule.fold.emplace_back(value);
  } else if (key == "type") {
    bool known = false;
    rule.type = content_type_from_name(value, known);
    return known;
  } else {
    return false;
  }
  return !value.empty();
}

/// The program and the words that are no options, as far as a rule could name them.
CommandWords plain_words(const CommandWords& command) {
  static constexpr std::array<std::string_view, 15> kValues = {
      "-C", "-c",        "-n",          "--namespace", "--context", "--profile", "--region", "--kubeconfig",
      "-H", "--git-dir", "--work-tree", "--prefix",    "-f",        "--file",    "-p"};
  static constexpr std::size_t kMost = 6;
  CommandWords words;
  for (std::size_t i = 0; i < command.size() && words.size() < kMost; ++i) {
    if (i > 0 && command[i].starts_with("-")) {
      if (words.size() == 1 && std::ranges::find(kValues, command[i]) != kValues.end()) ++i;
      continue;
    }
    words.push_back(command[i]);
  }
  return words;
}

bool begins_with(const CommandWords& words, const CommandWords& rule) {
  return rule.size() <= words.size() && std::equal(rule.begin(), rule.end(), words.begin());
}

}  // namespace

std::vector<CommandRule> parse_command_rules(std::string_view text, std::string& problems) {
  std::vector<CommandRule> rules;
  std::size_t number = 0;
  for (std::string_view line : base::split_lines(text)) {
    ++number;
    line = base::trim(line);
    if (line.empty() || line.starts_with("#")) continue;
    const std::size_t colon = line.find(": ");
    const std::string_view key = line.substr(0, colon);
    const std::string_view value =
        colon == std::string_view::npos ? std::string_view() : base::trim(line.substr(colon + 2));
    if (key == "command") {
      rules.emplace_back();
      rules.back().commands = split_commands(value);
      if (!rules.back().commands.empty()) continue;
    } else if (!rules.empty() && take(key, value, rules.back())) {
      continue;
    }
    problems += fmt::format("line {}: {}\n", number, line);
  }
  return rules;
}

std::span<const CommandRule> command_rules() {
  static const std::vector<CommandRule> rules = [] {
    std::string problems;
    return parse_command_rules(kCommandRulesText, problems);
  }();
  return rules;
}

const CommandRule* find_command_rule(const CommandWords& command) {
  const CommandWords words = plain_words(command);
  const CommandRule* best = nullptr;
  std::size_t length = 0;
  for (const CommandRule& rule : command_rules()) {
    for (const CommandWords& named : rule.commands) {
      if (named.size() <= length || (!begins_with(words, named) && !begins_with(command, named))) continue;
      best = &rule;
      length = named.size();
    }
  }
  return best;
}

std::vector<const CommandRule*> rules_for_line(std::string_view shell_line) {
  std::vector<const CommandRule*> found;
  for (const CommandWords& command : deciding_commands(shell_line)) {
    const CommandRule* rule = find_command_rule(command);
    if (rule != nullptr && std::ranges::find(found, rule) == found.end()) found.push_back(rule);
  }
  return found;
}

}  // namespace headroom::detect
