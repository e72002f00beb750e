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

bool has_marker(std::string_view text) {
  return !marker_ids(text).empty();
}

}  // namespace headroom::compress
