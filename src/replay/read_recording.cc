#include "replay/read_recording.h"

#include <array>
#include <charconv>
#include <chrono>

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

/// Digits at `at`, as many as asked for; -1 for others.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  const char* from = text.data() + at;
  const auto [end, error] = std::from_chars(from, from + count, value);
  return error == std::errc() && end == from + count && value >= 0 ? value : -1;
}

}  // namespace

std::int64_t parse_time(std::string_view text) {
  const std::array<int, 6> part = {digits(text, 0, 4),  digits(text, 5, 2),  digits(text, 8, 2),
                                   digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)};
  for (int value : part) {
    if (value < 0) return 0;
  }
  const std::chrono::year_month_day day{std::chrono::year(part[0]), std::chrono::month(static_cast<unsigned>(part[1])),
                                        std::chrono::day(static_cast<unsigned>(part[2]))};
  if (!day.ok() || part[0] < 1970 || part[3] > 23 || part[4] > 59 || part[5] > 60) return 0;
  std::int64_t ms = std::chrono::sys_days(day).time_since_epoch().count() * 86'400'000LL;
  ms += ((part[3] * 60LL + part[4]) * 60 + part[5]) * 1000;
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.') {
    int scale = 100;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
      ms += static_cast<std::int64_t>(text[at] - '0') * scale;
    }
  }
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    const int hours = digits(text, at + 1, 2);
    const int minutes = digits(text, at + 4, 2);
    if (hours >= 0 && minutes >= 0) ms -= (text[at] == '+' ? 1 : -1) * (hours * 60LL + minutes) * 60'000;
  }
  return ms;
}

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
