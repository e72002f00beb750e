#include "proxy/repeated_event.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <functional>

#include "base/json_string.h"
#include "base/utf8.h"

namespace headroom::proxy {
namespace {

/// How long the escape is that the text begins with, where it is one of a character by itself; 0 for half a surrogate
/// pair, which may lack the other half, for what JSON does not know, and for none.
std::size_t simple_escape(std::string_view text) {
  if (text.size() < 2 || text[0] != '\\') return 0;
  if (text[1] != 'u') return std::string_view(R"("\/bfnrt)").contains(text[1]) ? 2 : 0;
  std::uint16_t unit = 0;
  const std::string_view digits = text.substr(2, 4);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
  const bool whole = digits.size() == 4 && error == std::errc() && end == digits.data() + digits.size();
  return whole && (unit < 0xd800 || unit > 0xdfff) ? 2 + digits.size() : 0;
}

}  // namespace

void RepeatedEvent::learn(std::string_view event, std::string_view text) {
  const std::less_equal<> at_most;
  const bool part =
      at_most(event.data(), text.data()) && at_most(text.data() + text.size(), event.data() + event.size());
  if (!part) return forget();
  const auto at = static_cast<std::size_t>(text.data() - event.data());
  expect(event.substr(0, at), event.substr(at + text.size()));
}

void RepeatedEvent::expect(std::string_view before, std::string_view behind) {
  before_ = before;
  const std::size_t end = std::min(behind.rfind('}'), behind.size());
  end_ = behind.substr(end);
  behind_ = behind.substr(0, behind.substr(0, end).find_last_not_of(' ') + 1);
}

std::optional<RepeatedEvent::Found> RepeatedEvent::next(std::string_view stream) const {
  if (before_.empty() || !stream.starts_with(before_)) return std::nullopt;
  const std::string_view rest = stream.substr(before_.size());
  std::size_t size = base::plain_until(rest, 0);
  while (size < rest.size() && rest[size] == '\\') {
    const std::size_t escape = simple_escape(rest.substr(size));
    if (escape == 0) return std::nullopt;
    size = base::plain_until(rest, size + escape);
  }
  const std::string_view text = rest.substr(0, size);
  if (!rest.substr(size).starts_with(behind_)) return std::nullopt;
  std::size_t end = size + behind_.size();
  while (end < rest.size() && rest[end] == ' ') ++end;
  if (!rest.substr(end).starts_with(end_) || !base::is_utf8(text)) return std::nullopt;
  return Found{text, stream.substr(0, before_.size() + end + end_.size())};
}

std::string unescaped(std::string_view text) {
  if (!text.contains('\\')) return std::string(text);
  return base::decode_json_string(std::string("\"").append(text).append("\"")).value_or(std::string());
}

}  // namespace headroom::proxy
