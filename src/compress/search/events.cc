#include "compress/search/events.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/json_string.h"
#include "base/text.h"

namespace headroom::compress::search {
namespace {

/// Reads an event from front to back; once something is not as expected, nothing more is.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}

  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  std::string_view digits() { return until("0123456789"); }
  /// A JSON string, decoded; null when it is none or cannot be written the same way again.
  std::optional<std::string> text() {
    if (!rest_.starts_with('"')) return std::nullopt;
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
    if (end >= rest_.size()) return std::nullopt;
    const std::string_view literal = rest_.substr(0, end + 1);
    auto decoded = base::decode_json_string(literal);
    rest_.remove_prefix(end + 1);
    if (!decoded || decoded->find('\n') < decoded->size() - 1) return std::nullopt;
    return *std::move(decoded);
  }
  bool done() const { return rest_.empty(); }
  /// Up to the character, which is skipped.
  std::optional<std::string_view> to(char stop) {
    const std::size_t end = rest_.find(stop);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view found = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return found;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view until(std::string_view set) {
    const std::size_t end = std::min(rest_.find_first_not_of(set), rest_.size());
    const std::string_view found = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return found;
  }
  std::string_view rest_;
};

constexpr std::array<std::string_view, 9> kFigures = {
    ",\"binary_offset\":null,\"stats\":{\"elapsed\":{\"secs\":",
    ",\"nanos\":",
    ",\"human\":\"",
    "\"},\"searches\":",
    ",\"searches_with_match\":",
    ",\"bytes_searched\":",
    ",\"bytes_printed\":",
    ",\"matched_lines\":",
    ",\"matches\":",
};

std::string found_event(std::string_view line, bool match) {
  Cursor at(line);
  if (!at.take(match ? R"({"type":"match","data":{"path":{"text":)" : R"({"type":"context","data":{"path":{"text":)"))
    return {};
  const auto path = at.text();
  if (!path || !at.take(R"(},"lines":{"text":)")) return {};
  auto text = at.text();
  if (!text || !text->ends_with('\n') || !at.take(R"(},"line_number":)")) return {};
  text->pop_back();
  const std::string_view number = at.digits();
  if (!at.take(R"(,"absolute_offset":)")) return {};
  const std::string_view offset = at.digits();
  if (!at.take(R"(,"submatches":[)")) return {};
  const char mark = match ? ':' : '-';
  std::string out = *path;
  out.append(1, mark).append(number).append(1, mark).append("@").append(offset);
  for (bool first = true; at.take(R"({"match":{"text":)"); first = false) {
    const auto part = at.text();
    if (!part || !at.take(R"(},"start":)")) return {};
    const std::string_view start = at.digits();
    if (!at.take(R"(,"end":)")) return {};
    out.append(first ? " " : ",").append(start).append("-").append(at.digits());
    if (!at.take("}")) return {};
    at.take(",");
  }
  return out.append(":").append(*text);
}

std::string edge_event(std::string_view line) {
  Cursor at(line);
  const bool begin = at.take(R"({"type":"begin","data":{"path":{"text":)");
  if (!begin && !at.take(R"({"type":"end","data":{"path":{"text":)")) return {};
  const auto path = at.text();
  if (!path || path->find('\t') != std::string::npos || !at.take("}")) return {};
  if (begin) return "begin: " + *path;
  std::string out = "end: " + *path + "\t";
  for (std::size_t k = 0; k < kFigures.size(); ++k) {
    if (!at.take(kFigures[k])) return {};
    const std::string_view rest = at.rest();
    const std::string_view value = rest.substr(0, rest.find_first_not_of("0123456789.s"));
    at.take(value);
    out.append(k == 0 ? "" : " ").append(value);
  }
  return out;
}

std::string flat_line(std::string_view line) {
  if (line.starts_with(R"({"type":"match")")) return found_event(line, true);
  if (line.starts_with(R"({"type":"context")")) return found_event(line, false);
  return edge_event(line);
}

/// Restores "path:12:@34 5-6:text" whose place ends at `at` ("@").
std::string restore_found(std::string_view line, std::size_t path, std::size_t at, bool match) {
  Cursor rest(line.substr(at + 1));
  const std::string_view offset = rest.digits();
  const auto spans = rest.to(':');
  if (offset.empty() || !spans) return std::string(line);
  const std::string_view text = rest.rest();
  std::string out =
      match ? R"({"type":"match","data":{"path":{"text":)" : R"({"type":"context","data":{"path":{"text":)";
  base::append_json_string(out, line.substr(0, path));
  out += R"(},"lines":{"text":)";
  base::append_json_string(out, std::string(text) + '\n');
  out.append(R"(},"line_number":)").append(line.substr(path + 1, at - path - 2));
  out.append(R"(,"absolute_offset":)").append(offset).append(R"(,"submatches":[)");
  Cursor parts(spans->starts_with(' ') ? spans->substr(1) : *spans);
  for (bool first = true; !parts.done(); first = false) {
    const std::string_view from = parts.digits();
    if (!parts.take("-")) return std::string(line);
    const std::string_view to = parts.digits();
    if (from.empty() || to.empty() || from.size() > 9 || to.size() > 9) return std::string(line);
    const std::size_t a = std::stoul(std::string(from));
    const std::size_t b = std::stoul(std::string(to));
    if (a > b || b > text.size()) return std::string(line);
    out += first ? R"({"match":{"text":)" : R"(,{"match":{"text":)";
    base::append_json_string(out, text.substr(a, b - a));
    out.append(R"(},"start":)").append(from).append(R"(,"end":)").append(to).append("}");
    if (!parts.done() && !parts.take(",")) return std::string(line);
  }
  return out.append("]}}");
}

}  // namespace

std::string restore_event(std::string_view line) {
  Cursor at(line);
  if (at.take("begin: ")) {
    std::string out = R"({"type":"begin","data":{"path":{"text":)";
    base::append_json_string(out, at.rest());
    return out.append("}}}");
  }
  if (at.take("end: ")) {
    const auto path = at.to('\t');
    if (!path) return std::string(line);
    std::string out = R"({"type":"end","data":{"path":{"text":)";
    base::append_json_string(out, *path);
    out += "}";
    Cursor values(at.rest());
    for (std::size_t k = 0; k < kFigures.size(); ++k) {
      const auto value = k + 1 < kFigures.size() ? values.to(' ') : values.rest();
      if (!value) return std::string(line);
      out.append(kFigures[k]).append(*value);
    }
    return out.append("}}}");
  }
  for (std::size_t mark = line.find('@'); mark != std::string_view::npos; mark = line.find('@', mark + 1)) {
    if (mark < 4 || (line[mark - 1] != ':' && line[mark - 1] != '-')) continue;
    std::size_t number = mark - 1;
    while (number > 0 && line[number - 1] >= '0' && line[number - 1] <= '9') --number;
    if (number == mark - 1 || number < 2 || line[number - 1] != line[mark - 1]) continue;
    return restore_found(line, number - 1, mark, line[mark - 1] == ':');
  }
  return std::string(line);
}

std::optional<std::string> flatten_events(std::string_view text) {
  if (!text.starts_with(R"({"type":"begin","data":{"path":{"text":)")) return std::nullopt;
  std::string out;
  std::size_t events = 0;
  const std::vector<std::string_view> lines = base::split_lines(text);
  for (std::string_view line : lines) {
    std::string flat = flat_line(line);
    if (!flat.empty() && flat.find_first_of("\r\n") == std::string::npos && restore_event(flat) == line) {
      out += flat;
      ++events;
    } else if (restore_event(line) == line && !line.starts_with(' ')) {
      out += line;
    } else {
      return std::nullopt;
    }
    out.push_back('\n');
  }
  if (!text.ends_with('\n')) out.pop_back();
  if (events * 10 < lines.size() * 7) return std::nullopt;
  return out;
}

}  // namespace headroom::compress::search
