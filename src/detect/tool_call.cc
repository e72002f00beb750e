#include "detect/tool_call.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/json_document.h"
#include "base/text.h"
#include "detect/argument_names.h"
#include "detect/file_type.h"
#include "detect/script_call.h"

namespace headroom::detect {
namespace {

/// What a list of words runs: a shell's script (["bash", "-lc", "cat a | head"]), else the words, joined.
std::string command_of(const std::vector<std::string_view>& words) {
  static constexpr std::array<std::string_view, 5> kShells = {"bash", "sh", "zsh", "dash", "ash"};
  if (words.size() >= 3) {
    const std::string_view program = words[0].substr(words[0].rfind('/') + 1);
    const bool runs_script = words[1].starts_with('-') && words[1].ends_with('c');
    if (runs_script && std::ranges::find(kShells, program) != kShells.end()) return std::string(words[2]);
  }
  std::string joined;
  for (std::string_view word : words) {
    if (!joined.empty()) joined += ' ';
    joined += word;
  }
  return joined;
}

/// The first of the names that the object has as a string or as a list of words.
std::string member(const base::JsonDocument& document, ArgumentNames names) {
  for (std::string_view name : names) {
    for (const base::JsonNode& child : document.children(document.root())) {
      if (!base::equals_ci(child.key, name)) continue;
      if (child.kind == base::JsonKind::kString) return std::string(child.text);
      if (child.kind != base::JsonKind::kArray) continue;
      std::vector<std::string_view> words;
      for (const base::JsonNode& word : document.children(child)) {
        if (word.kind == base::JsonKind::kString) words.push_back(word.text);
      }
      return command_of(words);
    }
  }
  return {};
}

/// The tool's own name: "mcp__server__tool" and "server.tool" end with it.
std::string_view bare_name(std::string_view tool) {
  if (const std::size_t prefix = tool.rfind("__"); prefix != std::string_view::npos) tool.remove_prefix(prefix + 2);
  if (const std::size_t dot = tool.rfind('.'); dot != std::string_view::npos) tool.remove_prefix(dot + 1);
  return tool;
}

/// Of a command that only prints a file, or a part of it, what names the file: "nl -ba a.c" of "cd src && nl -ba a.c |
/// sed -n '1,9p'". Empty for others.
std::string_view printing_part(std::string_view command) {
  static constexpr std::array<std::string_view, 6> kPrograms = {"cat", "nl", "bat", "sed", "head", "tail"};
  command = base::trim(command);
  if (command.starts_with("cd ")) {
    const std::size_t behind = command.find(" && ");
    if (behind == std::string_view::npos ||
        command.substr(0, behind).find_first_of("|;&<>\n") != std::string_view::npos)
      return {};
    command = base::trim(command.substr(behind + 4));
  }
  if (command.find_first_of(";&<>\n") != std::string_view::npos) return {};
  const std::string_view part = base::trim(command.substr(0, command.find('|')));
  while (!command.empty()) {
    const std::string_view stage = base::trim(command.substr(0, command.find('|')));
    if (!is_one_of(kPrograms, stage.substr(0, stage.find(' ')))) return {};
    command.remove_prefix(std::min(command.size(), command.find('|')));
    if (!command.empty()) command.remove_prefix(1);
  }
  return part;
}

}  // namespace

ToolCall read_tool_call(std::string_view /*tool_name*/, std::string_view arguments) {
  ToolCall call;
  const std::string_view text = base::trim(arguments);
  if (text.empty()) return call;
  if (text.front() != '{') {
    call = read_script_call(text);
    const bool says_nothing = call.command.empty() && call.path.empty() && call.pattern.empty() && call.url.empty();
    if (says_nothing) call.command = text;
    return call;
  }
  const auto document = base::JsonDocument::parse(text);
  if (!document) return call;
  call.command = member(*document, kCommandNames);
  call.path = member(*document, kPathNames);
  call.pattern = member(*document, kPatternNames);
  call.url = member(*document, kUrlNames);
  return call;
}

bool reads_file(std::string_view tool_name) {
  static constexpr std::array<std::string_view, 20> kReaders = {"read",
                                                                "view",
                                                                "cat",
                                                                "open",
                                                                "read_file",
                                                                "readfile",
                                                                "view_file",
                                                                "open_file",
                                                                "fs_read",
                                                                "notebookread",
                                                                "file_read",
                                                                "get_file_contents",
                                                                "read_text_file",
                                                                "read_many_files",
                                                                "fsread",
                                                                "str_replace_based_edit_tool",
                                                                "str_replace_editor",
                                                                "file_editor",
                                                                "text_editor",
                                                                "open_entire_file"};
  return is_one_of(kReaders, bare_name(tool_name));
}

bool prints_file(const ToolCall& call) {
  return !printing_part(call.command).empty();
}

std::string shown_file(std::string_view tool_name, const ToolCall& call) {
  const bool alone = tool_name.empty() && call.command.empty() && call.pattern.empty();  // a file, and no tool between
  if (alone || reads_file(tool_name)) return call.path;
  if (!prints_file(call)) return {};
  std::string file;
  std::string_view rest = printing_part(call.command);
  rest.remove_prefix(std::min(rest.size(), rest.find(' ')));
  while (!(rest = base::trim(rest)).empty()) {
    const char quote = rest.front() == '\'' || rest.front() == '"' ? rest.front() : ' ';
    if (quote != ' ') rest.remove_prefix(1);
    const std::string_view word = rest.substr(0, rest.find(quote));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    if (word.starts_with("-") || !looks_like_path(word)) continue;
    if (!file.empty()) return {};
    file = word;
  }
  return file;
}

bool gives_back_original(std::string_view tool_name, std::string_view arguments) {
  return tool_name.ends_with("headroom_retrieve") || tool_name == "retrieve_original_content" ||
         tool_name == "ccr_retrieve" || arguments.find("headroom retrieve ") != std::string_view::npos ||
         arguments.find("/v1/retrieve") != std::string_view::npos;
}

}  // namespace headroom::detect
