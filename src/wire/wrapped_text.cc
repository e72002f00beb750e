#include "wire/wrapped_text.h"

#include <algorithm>
#include <utility>

#include "base/json_string.h"

namespace headroom::wire {

std::optional<WrappedText> unwrap(std::string_view all) {
  constexpr std::size_t kShortest = 800, kLeastPercent = 70;
  if (all.size() < kShortest || all.front() != '{') return std::nullopt;
  const auto skip = [&](std::size_t at) { return std::min(all.find_first_not_of(" \t\r\n", at), all.size()); };
  const auto string_end = [&](std::size_t at) {
    for (++at; (at = base::plain_until(all, at)) < all.size() && all[at] == '\\';) at += 2;
    return at < all.size() && all[at] == '"' ? at + 1 : all.size();
  };
  std::size_t at = skip(1);
  if (at == all.size() || all[at] != '"') return std::nullopt;
  at = skip(string_end(at));
  if (at == all.size() || all[at] != ':') return std::nullopt;
  at = skip(at + 1);
  if (at == all.size() || all[at] != '"') return std::nullopt;
  const std::size_t end = string_end(at);
  if ((end - at) * 100 < all.size() * kLeastPercent) return std::nullopt;
  const std::size_t next = skip(end);
  if (next == all.size() || (all[next] != ',' && all[next] != '}') || !all.ends_with('}')) return std::nullopt;
  auto inner = base::decode_json_string(all.substr(at, end - at));
  if (!inner) return std::nullopt;
  return WrappedText{all.substr(0, at), *std::move(inner), all.substr(end)};
}

std::string wrap(std::string_view before, std::string_view text, std::string_view after) {
  std::string whole(before);
  base::append_json_string(whole, text);
  return whole.append(after);
}

}  // namespace headroom::wire
