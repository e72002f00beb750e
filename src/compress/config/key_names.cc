#include "compress/config/key_names.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

namespace headroom::compress::config {
namespace {

constexpr std::string_view kMarks = "._:/- |";
constexpr std::size_t kShortestPrefix = 3;  // bytes
constexpr std::size_t kLongestKey = 60;     // bytes that are shown
constexpr std::size_t kFewestFamily = 3;    // keys that are worth no name of their own

/// Where the first `parts` parts of the key end, the mark behind them included; npos: it has no more.
std::size_t prefix_of(std::string_view key, std::size_t parts) {
  std::size_t at = std::min(key.find_first_not_of(kMarks), key.size());
  for (std::size_t part = 0; part < parts; ++part) {
    at = key.find_first_of(kMarks, at);
    if (at == std::string_view::npos) return at;
    at = std::min(key.find_first_not_of(kMarks, at), key.size());
  }
  return at == key.size() ? std::string_view::npos : at;
}

std::size_t last_prefix(std::string_view key) {
  const std::size_t mark = key.find_last_of(kMarks, key.empty() ? 0 : key.size() - 2);
  return mark == std::string_view::npos || mark + 1 < kShortestPrefix ? 0 : mark + 1;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  if (text.empty() || (text.front() == '0' && text.size() > 1) || text.size() > 12) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "a b 3-9 c"
std::string listed(std::span<const std::string_view> names) {
  std::string out;
  for (std::size_t i = 0; i < names.size();) {
    if (!out.empty()) out += ' ';
    const auto first = number(names[i]);
    std::size_t end = i + 1;
    while (first && end < names.size() && number(names[end]) == *first + (end - i)) ++end;
    if (end - i >= kFewestFamily) {
      out += fmt::format("{}-{}", names[i], names[end - 1]);
    } else {
      end = i + 1;
      out += names[i].substr(0, kLongestKey);
    }
    i = end;
  }
  return out;
}

std::string whole_names(std::span<const std::string_view> keys) {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : " ") + text; };
  for (std::size_t i = 0; i < keys.size();) {
    const std::size_t size = last_prefix(keys[i]);
    const std::string_view prefix = keys[i].substr(0, size);
    std::vector<std::string_view> rests;
    std::size_t end = i;
    for (; size > 0 && end < keys.size() && keys[end].size() > size && keys[end].starts_with(prefix); ++end)
      rests.push_back(keys[end].substr(size));
    if (rests.size() >= 2) {
      add(fmt::format("{}{{{}}}", prefix, listed(rests)));
    } else {
      // Single names, up to where the next ones share something.
      end = i + 1;
      add(listed(keys.subspan(i, 1)));
    }
    i = end;
  }
  return out;
}

/// Keys with `parts` parts in common as one; the others by name, or counted.
std::string families(std::span<const std::string_view> keys, std::size_t parts, bool name_others) {
  struct Family {
    std::string_view name;
    std::size_t keys = 0;
  };
  std::vector<Family> found;
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::string_view key : keys) {
    const std::string_view prefix = key.substr(0, prefix_of(key, parts));
    const auto [place, fresh] = places.try_emplace(prefix, found.size());
    if (fresh) found.push_back({prefix, 0});
    ++found[place->second].keys;
  }
  std::string out;
  std::size_t others = 0;
  for (std::string_view key : keys) {
    const auto place = places.find(key.substr(0, prefix_of(key, parts)));
    if (place == places.end()) continue;  // told
    const Family& family = found[place->second];
    if (family.keys >= kFewestFamily) {
      out += fmt::format("{}{}* {}", out.empty() ? "" : " ", family.name, family.keys);
      places.erase(place);
    } else if (name_others) {
      out += fmt::format("{}{}", out.empty() ? "" : " ", key.substr(0, kLongestKey));
    } else {
      ++others;
    }
  }
  if (others > 0) out += fmt::format("{}{} other{}", out.empty() ? "" : " ", others, others == 1 ? "" : "s");
  return out;
}

}  // namespace

std::string key_names(std::span<const std::string_view> keys, Naming naming) {
  if (keys.empty()) return {};
  switch (naming) {
    case Naming::kWhole:
      return whole_names(keys);
    case Naming::kCount:
      return fmt::format("{} setting{}", keys.size(), keys.size() == 1 ? "" : "s");
    case Naming::kFamilies:
      return families(keys, 1, false);
    default:
      return families(keys, 1 + static_cast<std::size_t>(Naming::kOne) - static_cast<std::size_t>(naming), true);
  }
}

}  // namespace headroom::compress::config
