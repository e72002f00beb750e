#pragma once

#include <charconv>
#include <string_view>
#include <system_error>

namespace headroom::compress::focus {

/// Takes a number off the front of `text`; false, and nothing taken, when none stands there.
template <typename Number>
bool take_number(std::string_view& text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

/// Takes `what` off the front of `text`, if it stands there.
inline bool take(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

}  // namespace headroom::compress::focus
