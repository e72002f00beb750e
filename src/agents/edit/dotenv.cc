#include "agents/edit/dotenv.h"

#include <algorithm>

namespace headroom::agents {
namespace {

constexpr std::string_view kBlanks = " \t";

bool is_of_name(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '.' || c == '-';
}

/// Where the quotes are closed that `text` begins with; npos when they are not.
std::size_t closing(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == text.front()) {
      return at;
    }
  }
  return std::string_view::npos;
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
}

void skip_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
}

/// A value without quotes: up to the end of the line, or to a comment.
std::string_view plain_value(std::string_view text) {
  text = text.substr(0, text.find_first_of("\r\n"));
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '#' && (at == 0 || kBlanks.contains(text[at - 1]))) text = text.substr(0, at);
  }
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

}  // namespace

std::optional<std::string> dotenv_value(std::string_view text, std::string_view name) {
  std::optional<std::string> found;
  for (; !text.empty(); skip_line(text)) {
    skip_blanks(text);
    if (text.starts_with("export ")) text.remove_prefix(7);
    skip_blanks(text);
    const auto end = std::ranges::find_if_not(text, is_of_name);
    const std::string_view own = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(own.size());
    skip_blanks(text);
    if (own.empty() || !text.starts_with('=')) continue;
    text.remove_prefix(1);
    skip_blanks(text);
    const bool quoted = !text.empty() && std::string_view("'\"`").contains(text.front());
    const std::size_t close = quoted ? closing(text) : std::string_view::npos;
    const std::string_view value = close == std::string_view::npos ? plain_value(text) : text.substr(1, close - 1);
    if (own == name) found = value;
    if (close != std::string_view::npos) text.remove_prefix(close);
  }
  return found;
}

}  // namespace headroom::agents
