#include "compress/marker.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"

namespace headroom::compress {
namespace {

constexpr std::string_view kHandleStart = "<<ccr:";

std::string cleaned(std::string_view what) {
  std::string out;
  out.reserve(what.size());
  for (char c : what) {
    if (c == '\n' || c == '\r') {
      out.push_back(' ');
    } else if (c == '>' && !out.empty() && out.back() == '>') {
      out.append(" >");
    } else {
      out.push_back(c);
    }
  }
  if (!out.empty() && out.back() == '>') out.push_back(' ');
  return out;
}

std::size_t hex_run(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || (text[end] >= 'a' && text[end] <= 'f'))) ++end;
  return end - at;
}

}  // namespace

std::string handle_marker(std::string_view id, std::string_view what) {
  return fmt::format("{}{} {}>>", kHandleStart, id, cleaned(what));
}

std::string gap_marker(std::size_t first, std::size_t last, std::string_view what) {
  std::string range = first == last ? fmt::format("<<{}", first) : fmt::format("<<{}-{}", first, last);
  if (!what.empty()) range += fmt::format(": {}", cleaned(what));
  return range + ">>";
}

std::vector<std::string> marker_ids(std::string_view text) {
  std::vector<std::string> ids;
  for (std::size_t at = text.find(kHandleStart); at != std::string_view::npos; at = text.find(kHandleStart, at)) {
    at += kHandleStart.size();
    const std::size_t length = hex_run(text, at);
    if (length < base::kMinIdPrefix || length > 64) continue;
    std::string id(text.substr(at, length));
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(std::move(id));
  }
  return ids;
}

bool has_gap_line(std::string_view text) {
  for (std::size_t at = text.find("<<"); at != std::string_view::npos; at = text.find("<<", at + 2)) {
    const std::size_t before = at == 0 ? std::string_view::npos : text.find_last_not_of(" \t", at - 1);
    const bool starts_line = before == std::string_view::npos || text[before] == '\n';
    const bool digit = at + 2 < text.size() && text[at + 2] >= '0' && text[at + 2] <= '9';
    if (!starts_line || !digit) continue;
    const std::string_view rest = text.substr(at, text.substr(at).find('\n'));
    const std::size_t end = rest.find_first_not_of("0123456789-", 2);
    if (end != std::string_view::npos && (rest[end] == ':' || rest.substr(end).starts_with(">>")) &&
        rest.find(">>") != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

bool has_marker(std::string_view text) {
  return !marker_ids(text).empty();
}

}  // namespace headroom::compress
