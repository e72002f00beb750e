#include "replay/read_recording.h"

#include "base/json_document.h"
#include "base/text.h"
#include "replay/formats.h"

namespace headroom::replay {
namespace {

enum class Format : std::uint8_t { kUnknown, kClaudeCode, kCodex, kRequests };

/// What a line's members say of the file.
Format format_of(const JsonLine& line) {
  const std::string_view type = line.text("type");
  if (line.find("payload") != nullptr && (type == "session_meta" || type == "response_item" || type == "turn_context" ||
                                          type == "event_msg" || type == "compacted")) {
    return Format::kCodex;
  }
  if (line.find("messages") != nullptr || line.find("body") != nullptr || line.find("request") != nullptr) {
    return Format::kRequests;
  }
  if (line.find("uuid") != nullptr && line.find("parentUuid") != nullptr) return Format::kClaudeCode;
  if (type == "function_call" || type == "function_call_output" || type == "reasoning" ||
      (type == "message" && line.find("role") != nullptr && line.find("content") != nullptr)) {
    return Format::kCodex;  // as it wrote them at first, without an envelope
  }
  if (line.find("role") != nullptr && line.find("content") != nullptr) return Format::kRequests;
  return Format::kUnknown;
}

Format format_of(const std::vector<std::string_view>& lines) {
  constexpr int kEnough = 200;
  int tried = 0;
  for (std::string_view text : lines) {
    if (++tried > kEnough) break;
    const auto line = JsonLine::parse(text);
    if (!line) continue;
    if (const Format format = format_of(*line); format != Format::kUnknown) return format;
  }
  return Format::kUnknown;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::string_view line : base::split_lines(text)) {
    if (line = base::trim(line); !line.empty()) lines.push_back(line);
  }
  return lines;
}

Recording one_session(std::string_view json, std::string_view name) {
  Recording recording;
  Session session = session_of_messages(json, name);
  if (session.turns.empty()) return recording;
  recording.format = session.format;
  recording.sessions.push_back(std::move(session));
  return recording;
}

}  // namespace

Recording read_recording(std::string_view text, std::string_view name) {
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.empty()) return {};
  switch (format_of(lines)) {
    case Format::kClaudeCode:
      return read_claude_code(lines, name);
    case Format::kCodex:
      return read_codex(lines, name);
    case Format::kRequests:
      // One body alone is a conversation that was sent bit by bit, not a log of one request.
      if (lines.size() == 1) {
        if (Recording whole = one_session(lines[0], name); !whole.sessions.empty()) return whole;
      }
      return read_requests(lines, name);
    case Format::kUnknown:
      break;
  }
  if (Recording whole = one_session(base::trim(text), name); !whole.sessions.empty()) return whole;
  if (lines[0].front() == '[') return read_requests(lines, name);
  return {};
}

}  // namespace headroom::replay
