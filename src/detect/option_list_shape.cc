#include "detect/option_list_shape.h"

#include <algorithm>
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

}  // namespace

std::optional<Detection> option_list_shape(std::span<const std::string_view> lines) {
  static constexpr std::size_t kFewest = 6;
  std::size_t filled = 0, options = 0, wordy = 0;
  bool headed = false;
  for (const std::string_view line : lines) {
    const std::string_view text = base::trim(line);
    if (text.empty()) continue;
    ++filled;
    options += is_option_line(line);
    wordy += std::ranges::count(text, ' ') >= 4 && text.back() != ']';
    headed = headed || base::contains_ci(text.substr(0, 7), "usage") ||
             (text.size() < 60 && text.ends_with(':') && base::contains_ci(text, "options"));
  }
  if (!headed || options < kFewest || options * 5 < filled || wordy * 3 < filled) return std::nullopt;
  return Detection{ContentType::kProse, 0.85, fmt::format("{} lines begin with an option", options)};
}

}  // namespace headroom::detect
