#include "proxy/repeated_event.h"

#include <charconv>
#include <cstdint>

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
  const auto at = static_cast<std::size_t>(text.data() - event.data());
  before_ = event.substr(0, at);
  behind_ = event.substr(at + text.size());
}

std::optional<std::string_view> RepeatedEvent::text_of(std::string_view event) const {
  if (before_.empty() || event.size() < before_.size() + behind_.size()) return std::nullopt;
  if (!event.starts_with(before_) || !event.ends_with(behind_)) return std::nullopt;
  const std::string_view text = event.substr(before_.size(), event.size() - before_.size() - behind_.size());
  std::size_t size = base::plain_until(text, 0);
  while (size < text.size()) {
    const std::size_t escape = simple_escape(text.substr(size));
    if (escape == 0) return std::nullopt;
    size = base::plain_until(text, size + escape);
  }
  if (!base::is_utf8(text)) return std::nullopt;
  return text;
}

std::string unescaped(std::string_view text) {
  if (!text.contains('\\')) return std::string(text);
  return base::decode_json_string(std::string("\"").append(text).append("\"")).value_or(std::string());
}

}  // namespace headroom::proxy
