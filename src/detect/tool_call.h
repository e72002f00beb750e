#pragma once

#include <string>
#include <string_view>

namespace headroom::detect {

/// What a tool call says about the text that it returns, read from the names of its arguments. Members that the call
/// does not tell are empty.
struct ToolCall {
  std::string command;  ///< of a shell: "git diff main | head -50"
  std::string path;     ///< the file or folder that is read or searched
  std::string pattern;  ///< what is searched for: a regular expression, a phrase
  std::string url;
};

/// `arguments`: the call's input as a JSON object, or a bare command line (as `headroom compress --args` gives it).
ToolCall read_tool_call(std::string_view tool_name, std::string_view arguments);

/// The tool shows a file of the user's, and nothing else: Read, view, mcp__fs__read_file, ...
bool reads_file(std::string_view tool_name);

/// The same by way of a shell: a command that prints a file, or a part of it by way of others that do, also in a
/// folder.
bool prints_file(const ToolCall& call);

/// The file that the call shows; empty when it shows none or several.
std::string shown_file(std::string_view tool_name, const ToolCall& call);

/// The call gives back what was taken out of a text: a tool for it, or a command. Compressing its answer would take it
/// out again.
bool gives_back_original(std::string_view tool_name, std::string_view arguments);

}  // namespace headroom::detect
