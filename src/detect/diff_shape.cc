#include "detect/diff_shape.h"

#include <charconv>

#include <fmt/format.h>

namespace headroom::detect {
namespace {

constexpr std::uint32_t kMostLines = 100'000'000;

/// "12" or "12,14".
bool take_range(std::string_view& rest, std::uint32_t& first, std::uint32_t& last) {
  const auto take = [&](std::uint32_t& value) {
    if (rest.empty() || rest[0] < '0' || rest[0] > '9') return false;
    const auto [at, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc() || value > kMostLines) return false;
    rest.remove_prefix(static_cast<std::size_t>(at - rest.data()));
    return true;
  };
  if (!take(first)) return false;
  last = first;
  if (!rest.starts_with(',')) return true;
  rest.remove_prefix(1);
  return take(last) && last > first;
}

bool is_side(std::string_view line, char mark) {
  return line.starts_with(mark) && (line.size() == 1 || line[1] == ' ');
}

bool between_files(std::string_view line) {
  return line.starts_with("diff ") || line.starts_with("Only in ") || line.starts_with("Binary files ") ||
         line.starts_with("Common subdirectories: ");
}

}  // namespace

std::optional<NormalHeading> read_normal_heading(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::uint32_t old_first = 0;
  std::uint32_t old_last = 0;
  std::uint32_t new_first = 0;
  std::uint32_t new_last = 0;
  if (!take_range(line, old_first, old_last) || line.empty()) return std::nullopt;
  const char command = line[0];
  if (command != 'a' && command != 'c' && command != 'd') return std::nullopt;
  line.remove_prefix(1);
  if (!take_range(line, new_first, new_last) || !line.empty()) return std::nullopt;
  if ((command == 'a' && old_first != old_last) || (command == 'd' && new_first != new_last)) return std::nullopt;
  return NormalHeading{.removed = command == 'a' ? 0 : old_last - old_first + 1,
                       .added = command == 'd' ? 0 : new_last - new_first + 1,
                       .place = new_first};
}

std::size_t normal_hunk_size(std::span<const std::string_view> lines) {
  const auto heading = lines.empty() ? std::nullopt : read_normal_heading(lines[0]);
  if (!heading) return 0;
  std::size_t at = 1;
  const auto side = [&](char mark, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i, ++at) {
      if (at >= lines.size() || !is_side(lines[at], mark)) return false;
    }
    if (at < lines.size() && lines[at].starts_with("\\ ")) ++at;
    return true;
  };
  if (heading->removed > 0 && !side('<', heading->removed)) return 0;
  if (heading->removed > 0 && heading->added > 0) {
    if (at >= lines.size() || !lines[at].starts_with("---")) return 0;
    ++at;
  }
  if (heading->added > 0 && !side('>', heading->added)) return 0;
  return at;
}

std::optional<Detection> diff_shape(std::span<const std::string_view> lines) {
  std::size_t hunks = 0;
  std::size_t fit = 0;
  std::size_t at = 0;
  while (at < lines.size()) {
    const std::size_t size = normal_hunk_size(lines.subspan(at));
    hunks += size > 0;
    fit += size > 0 ? size : between_files(lines[at]) ? 1 : 0;
    at += size > 0 ? size : 1;
  }
  if (hunks == 0 || fit * 10 < lines.size() * 8) return std::nullopt;
  return Detection{ContentType::kDiff, 0.95, fmt::format("{} hunks of diff's normal format", hunks)};
}

}  // namespace headroom::detect
