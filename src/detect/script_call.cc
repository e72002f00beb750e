#include "detect/script_call.h"

#include <cstddef>
#include <string>

#include "base/text.h"
#include "detect/argument_names.h"

namespace headroom::detect {
namespace {

constexpr std::string_view kTools = "tools.";

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

/// Reads JavaScript from the front, as much as arguments need.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  /// Behind the next call of a tool and its parenthesis; false when there is none.
  bool next_call() {
    for (std::size_t at = 0; (at = rest_.find(kTools, at)) != std::string_view::npos;) {
      const bool begins = at == 0 || (!is_name(rest_[at - 1]) && rest_[at - 1] != '.');
      at += kTools.size();
      const std::size_t name = at;
      while (at < rest_.size() && is_name(rest_[at])) ++at;
      if (!begins || at == name || at == rest_.size() || rest_[at] != '(') continue;
      rest_.remove_prefix(at + 1);
      return true;
    }
    rest_ = {};
    return false;
  }

  bool take(char c) {
    skip_space();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// A name, or a string in its place; empty when there is none.
  std::string key() {
    skip_space();
    if (std::string text; string(text)) return text;
    std::size_t end = 0;
    while (end < rest_.size() && is_name(rest_[end])) ++end;
    std::string name(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return name;
  }

  /// A string that is written out: not one that holds what is computed.
  bool string(std::string& text) {
    skip_space();
    if (rest_.empty() || (rest_.front() != '"' && rest_.front() != '\'' && rest_.front() != '`')) return false;
    const char quote = rest_.front();
    std::string read;
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (c == quote) {
        rest_.remove_prefix(at + 1);
        text = std::move(read);
        return true;
      }
      if (quote == '`' && c == '$' && rest_.substr(at).starts_with("${")) return false;
      if (c != '\\') {
        read += c;
        continue;
      }
      if (++at == rest_.size()) return false;
      const char escaped = rest_[at];
      read += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
    }
    return false;
  }

  /// To the end of a value that says nothing here: a comma or a closing bracket of the object around it.
  void skip_value() {
    int depth = 0;
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (depth == 0 && (c == ',' || c == '}' || c == ')')) return;
      if (std::string text; (c == '"' || c == '\'' || c == '`') && string(text)) continue;
      if (c == '{' || c == '[' || c == '(') ++depth;
      if (c == '}' || c == ']' || c == ')') --depth;
      rest_.remove_prefix(1);
    }
  }

 private:
  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

  std::string_view rest_;
};

void take_member(ToolCall& call, std::string_view key, std::string value) {
  const auto set = [&](std::string& member, ArgumentNames names) {
    if (member.empty() && is_one_of(names, key)) member = std::move(value);
  };
  set(call.command, kCommandNames);
  set(call.path, kPathNames);
  set(call.pattern, kPatternNames);
  set(call.url, kUrlNames);
}

ToolCall read_arguments(Scanner& scanner) {
  ToolCall call;
  if (!scanner.take('{')) {
    scanner.string(call.command);
    return call;
  }
  do {
    const std::string key = scanner.key();
    if (key.empty() || !scanner.take(':')) break;
    std::string value;
    if (scanner.string(value)) take_member(call, key, std::move(value));
    scanner.skip_value();
  } while (scanner.take(','));
  return call;
}

}  // namespace

ToolCall read_script_call(std::string_view script) {
  ToolCall all;
  std::size_t calls = 0;
  for (Scanner scanner(script); scanner.next_call(); ++calls) {
    ToolCall call = read_arguments(scanner);
    if (calls == 0) {
      all = std::move(call);
      continue;
    }
    all.path.clear();
    all.pattern.clear();
    all.url.clear();
    if (!all.command.empty() && !call.command.empty()) all.command += " ; ";
    all.command += call.command;
  }
  return all;
}

}  // namespace headroom::detect
