#include "compress/text/blobs.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/utf8.h"

namespace headroom::compress::text {
namespace {

constexpr std::size_t kLongRun = 600;        // bytes of base64 or hex in one piece
constexpr std::size_t kLongMinified = 2000;  // bytes of a line

bool is_base64(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
}

struct Run {
  std::size_t begin = 0, size = 0;
};

Run longest_run(std::string_view line) {
  Run best;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && is_base64(line[end])) ++end;
    if (end - at > best.size) best = {at, end - at};
    at = end + 1;
  }
  return best;
}

/// A path or a name in words is no blob: those have no capitals, digits and small letters all mixed.
bool is_mixed(std::string_view run) {
  std::size_t changes = 0;
  const auto kind = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isdigit(byte) != 0 ? 0 : std::isupper(byte) != 0 ? 1 : std::islower(byte) != 0 ? 2 : 3;
  };
  for (std::size_t i = 1; i < run.size(); ++i) changes += kind(run[i]) != kind(run[i - 1]);
  return changes * 4 > run.size();
}

/// The line's beginning up to the blob, so that one knows what it belongs to.
std::string led_by(std::string_view before, std::string kind) {
  static constexpr std::size_t kMost = 80;
  if (before.size() > kMost) {
    std::size_t from = before.size() - kMost;
    while (from < before.size() && (static_cast<unsigned char>(before[from]) & 0xC0U) == 0x80U) ++from;
    before = before.substr(from);
  }
  while (!before.empty() && before.front() == ' ') before.remove_prefix(1);
  while (!before.empty() && before.back() == ' ') before.remove_suffix(1);
  return before.empty() ? kind : fmt::format("{} {}", before, kind);
}

}  // namespace

std::string blob_kind(std::string_view line) {
  if (line.size() < kLongRun) return {};
  const Run run = longest_run(line);
  const std::string_view piece = line.substr(run.begin, run.size);
  if (run.size >= kLongRun && run.size * 10 >= line.size() * 8) {
    const bool hex =
        std::ranges::all_of(piece, [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
    if (hex) return led_by(line.substr(0, run.begin), fmt::format("{} bytes of hex", run.size));
    if (is_mixed(piece)) return led_by(line.substr(0, run.begin), fmt::format("{} bytes of base64", run.size));
  }
  if (line.size() < kLongMinified || line.front() == '{' || line.front() == '[') return {};
  const auto spaces = static_cast<std::size_t>(std::ranges::count(line, ' '));
  const auto signs = static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return c == ';' || c == '{' || c == '}' || c == '(' || c == ')' || c == ':' || c == '='; }));
  if (spaces * 12 < line.size() && signs * 14 > line.size()) {
    return led_by(base::beginning(line, 60), fmt::format("... {} bytes of minified code", line.size()));
  }
  return {};
}

}  // namespace headroom::compress::text
