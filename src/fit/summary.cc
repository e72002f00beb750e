#include "fit/summary.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/text.h"

namespace headroom::fit {
namespace {

using wire::Block;
using wire::BlockKind;

/// At most `limit` bytes, cut between characters, white space runs as one blank.
std::string brief(std::string_view text, std::size_t limit) {
  std::string out;
  bool blank = false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ') {
      blank = !out.empty();
      continue;
    }
    if (out.size() >= limit && (static_cast<unsigned char>(c) & 0xC0) != 0x80) return out + "...";
    if (blank) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

/// The argument that tells what a call was about: the first short string, as clients put the path or the command first.
std::string subject_of(std::string_view arguments) {
  const auto document = base::JsonDocument::parse(arguments);
  if (!document || document->root().kind != base::JsonKind::kObject) return brief(arguments, 80);
  for (std::string_view key : {"command", "cmd", "file_path", "path", "filename", "url", "pattern", "query"}) {
    const base::JsonNode* value = document->find_last(document->root(), key);
    if (value != nullptr && value->kind == base::JsonKind::kString && value->decoded) return brief(value->text, 80);
  }
  for (const base::JsonNode& value : document->children(document->root())) {
    if (value.kind == base::JsonKind::kString && value.decoded) return brief(value.text, 80);
  }
  return brief(arguments, 80);
}

std::string first_error(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (is_error_line(line)) return brief(line, 160);
    at = end + 1;
  }
  return {};
}

std::string_view name_of(wire::Role role) {
  switch (role) {
    case wire::Role::kSystem:
      return "system";
    case wire::Role::kUser:
      return "user";
    case wire::Role::kAssistant:
      return "assistant";
    case wire::Role::kTool:
      return "tool";
  }
  return "unknown";
}

}  // namespace

bool is_error_line(std::string_view line) {
  for (std::string_view word : {"error", "Error", "ERROR", "FAIL", "fatal", "panic", "Traceback", "Exception"}) {
    if (line.find(word) != std::string_view::npos) return true;
  }
  return false;
}

std::string summary_of(const Block& block, std::size_t tokens) {
  const std::size_t lines = base::count_lines(block.text);
  const std::string size = fmt::format("{} {}, {} tokens", lines, lines == 1 ? "line" : "lines", tokens);
  if (block.kind == BlockKind::kText) {
    const std::string_view whose = block.role == wire::Role::kUser ? "text of the user" : "text of the assistant";
    return fmt::format("{} left out to fit the window, {}: {}", whose, size, brief(block.text, 160));
  }
  std::string out = "result";
  if (!block.tool_name.empty()) out.append(" of ").append(block.tool_name);
  if (const std::string subject = subject_of(block.tool_arguments); !subject.empty()) out += " " + subject;
  out += " left out to fit the window, " + size;
  if (const std::string error = first_error(block.text); !error.empty()) {
    out += "; first error: " + error;
  } else if (block.is_error) {
    out += "; an error: " + brief(block.text, 160);
  }
  return out;
}

std::string transcript_of(const wire::Conversation& conversation, std::span<const Removal> removals) {
  std::string out;
  for (const Removal& removal : removals) {
    for (std::uint32_t m = removal.first_message; m < removal.end_message; ++m) {
      const wire::Message& message = conversation.messages[m];
      out += fmt::format("[message {}, {}]\n", m, name_of(message.role));
      for (std::uint32_t b = message.first_block; b < message.end_block; ++b) {
        const Block& block = conversation.blocks[b];
        if (block.kind == BlockKind::kToolCall)
          out += fmt::format("[call {} {}]\n", block.tool_name, block.tool_call_id);
        if (block.kind == BlockKind::kToolResult) {
          out +=
              fmt::format("[{} of {} {}]\n", block.is_error ? "error" : "result", block.tool_name, block.tool_call_id);
        }
        out += block.text;
        if (!block.text.ends_with('\n')) out += '\n';
      }
      out += '\n';
    }
  }
  return out;
}

}  // namespace headroom::fit
