#include "compress/config/key_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"

namespace headroom::compress::config {
namespace {

constexpr std::string_view kMarks = "._:/- |";
constexpr std::size_t kShortestPrefix = 3;  // bytes
constexpr std::size_t kLongestKey = 60;     // bytes that are shown
constexpr std::size_t kFewestFamily = 3;    // keys that are worth no name of their own

constexpr std::array<bool, 256> kIsMark = [] {
  std::array<bool, 256> marks{};
  for (const char c : kMarks) marks[static_cast<unsigned char>(c)] = true;
  return marks;
}();

bool is_mark(char c) {
  return kIsMark[static_cast<unsigned char>(c)];
}

/// Where the first `parts` parts of the key end, the mark behind them included; npos: it has no more.
std::size_t prefix_of(std::string_view key, std::size_t parts) {
  std::size_t at = 0;
  while (at < key.size() && is_mark(key[at])) ++at;
  for (std::size_t part = 0; part < parts; ++part) {
    while (at < key.size() && !is_mark(key[at])) ++at;
    if (at == key.size()) return std::string_view::npos;
    while (at < key.size() && is_mark(key[at])) ++at;
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
      out += base::beginning(names[i], kLongestKey);
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
    bool told = false;
  };
  std::vector<Family> found;
  std::vector<std::uint32_t> of_key(keys.size());
  std::unordered_map<std::string_view, std::uint32_t> places;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string_view prefix = keys[i].substr(0, prefix_of(keys[i], parts));
    // Keys that begin alike mostly stand together.
    if (i > 0 && found[of_key[i - 1]].name == prefix) {
      of_key[i] = of_key[i - 1];
    } else {
      const auto [place, fresh] = places.try_emplace(prefix, static_cast<std::uint32_t>(found.size()));
      if (fresh) found.push_back({prefix});
      of_key[i] = place->second;
    }
    ++found[of_key[i]].keys;
  }
  std::string out;
  std::size_t others = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Family& family = found[of_key[i]];
    if (family.told) continue;
    if (family.keys >= kFewestFamily) {
      out.append(out.empty() ? "" : " ").append(family.name).append("* ").append(std::to_string(family.keys));
      family.told = true;
    } else if (name_others) {
      out.append(out.empty() ? "" : " ").append(base::beginning(keys[i], kLongestKey));
    } else {
      ++others;
    }
  }
  if (others > 0) out += fmt::format("{}{} other{}", out.empty() ? "" : " ", others, others == 1 ? "" : "s");
  return out;
}

}  // namespace

std::string_view first_part(std::string_view key) {
  return key.substr(0, prefix_of(key, 1));
}

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
