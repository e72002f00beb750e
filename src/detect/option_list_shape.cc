#include "detect/option_list_shape.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::detect {
namespace {

bool letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

/// "  -x, --long=VALUE   what it does"
bool is_option_line(std::string_view line) {
  const std::string_view text = base::trim(line);
  if (text.size() < 2 || text.front() != '-') return false;
  if (text[1] == '-') return text.size() > 3 && letter(text[2]);
  return letter(text[1]) && (text.size() == 2 || !letter(text[2]) || text.find("  ") != std::string_view::npos);
}

constexpr std::size_t kColumns = 48;

/// "    build    compiles packages": where in the line it is said what the name means; 0: no such line.
std::size_t command_column(std::string_view line) {
  const std::size_t name = line.find_first_not_of(" \t");
  if (name == 0 || name == std::string_view::npos || !letter(line[name])) return 0;
  const std::size_t end = line.find("  ", name);
  if (end == std::string_view::npos || line.substr(name, end - name).contains(' ')) return 0;
  const std::size_t said = line.find_first_not_of(' ', end);
  if (said == std::string_view::npos || said >= kColumns || !letter(line[said])) return 0;
  return line.substr(said).contains(' ') && !line.substr(said).contains("  ") ? said : 0;
}

}  // namespace

std::optional<Detection> option_list_shape(std::span<const std::string_view> lines) {
  static constexpr std::size_t kFewest = 6;
  std::size_t filled = 0, options = 0, wordy = 0;
  std::array<std::size_t, kColumns> commands{};  // by the column of what they do
  bool headed = false;
  for (const std::string_view line : lines) {
    const std::string_view text = base::trim(line);
    if (text.empty()) continue;
    ++filled;
    options += is_option_line(line);
    if (const std::size_t column = command_column(line); column > 0) ++commands[column];
    wordy += std::ranges::count(text, ' ') >= 4 && text.back() != ']';
    headed = headed || base::contains_ci(text.substr(0, 7), "usage") ||
             (text.size() < 60 && text.ends_with(':') &&
              (base::contains_ci(text, "options") || base::contains_ci(text, "commands")));
  }
  static constexpr std::size_t kFewestOfList = 3;
  std::size_t listed = 0;
  for (const std::size_t count : commands) listed += count >= kFewestOfList ? count : 0;
  if (headed && listed >= kFewest && listed * 2 >= filled) {
    return Detection{ContentType::kProse, 0.85, fmt::format("{} lines say what a command does", listed)};
  }
  if (!headed || options < kFewest || options * 5 < filled || wordy * 3 < filled) return std::nullopt;
  return Detection{ContentType::kProse, 0.85, fmt::format("{} lines begin with an option", options)};
}

}  // namespace headroom::detect
