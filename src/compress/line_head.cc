#include "compress/line_head.h"

#include <charconv>

#include <fmt/format.h>

namespace headroom::compress {
namespace {

constexpr std::string_view kClose = ">>";

}  // namespace

std::string line_head(std::size_t lines, std::string_view how, std::string_view shared) {
  return fmt::format("{}{}{}{}{}\n", kLineHeadOpen, lines, how, shared, kClose);
}

std::optional<LineHead> read_line_head(std::string_view line, std::string_view how) {
  if (!line.starts_with(kLineHeadOpen) || !line.ends_with(kClose)) return std::nullopt;
  LineHead head;
  const auto read = std::from_chars(line.data() + kLineHeadOpen.size(), line.data() + line.size(), head.lines);
  if (read.ec != std::errc()) return std::nullopt;
  const std::string_view rest(read.ptr, static_cast<std::size_t>(line.data() + line.size() - read.ptr));
  if (!rest.starts_with(how) || rest.size() < how.size() + kClose.size()) return std::nullopt;
  head.shared = rest.substr(how.size(), rest.size() - how.size() - kClose.size());
  return head;
}

}  // namespace headroom::compress
