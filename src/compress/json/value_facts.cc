#include "compress/json/value_facts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace headroom::compress::json {
namespace {

using base::JsonKind;
using base::JsonNode;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Factor of a unit; "m" is a minute here, which orders a column of one unit rightly whatever it means.
std::optional<double> unit_factor(std::string_view unit) {
  static constexpr std::array<std::pair<std::string_view, double>, 38> kUnits = {{
      {"", 1},
      {"%", 1},
      {"b", 1},
      {"B", 1},
      {"k", 1e3},
      {"K", 1e3},
      {"kB", 1e3},
      {"KB", 1e3},
      {"Ki", 1024},
      {"KiB", 1024},
      {"M", 1e6},
      {"MB", 1e6},
      {"Mi", 1048576.0},
      {"MiB", 1048576.0},
      {"G", 1e9},
      {"GB", 1e9},
      {"Gi", 1073741824.0},
      {"GiB", 1073741824.0},
      {"T", 1e12},
      {"TB", 1e12},
      {"Ti", 1099511627776.0},
      {"TiB", 1099511627776.0},
      {"ns", 1e-9},
      {"us", 1e-6},
      {"µs", 1e-6},
      {"ms", 1e-3},
      {"s", 1},
      {"sec", 1},
      {"m", 60},
      {"min", 60},
      {"h", 3600},
      {"d", 86400},
      {"days", 86400},
      {"USD", 1},
      {"EUR", 1},
      {"x", 1},
      {"hours", 3600},
      {"minutes", 60},
  }};
  for (const auto& [name, factor] : kUnits) {
    if (name == unit) return factor;
  }
  return std::nullopt;
}

std::optional<double> parse_number(std::string_view text, std::size_t& used) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  used = static_cast<std::size_t>(end - text.data());
  return value;
}

}  // namespace

std::optional<double> quantity_of(const JsonNode& node) {
  std::size_t used = 0;
  if (node.kind == JsonKind::kNumber) return parse_number(node.raw, used);
  if (node.kind == JsonKind::kArray) return static_cast<double>(node.size);
  if (node.kind != JsonKind::kString || node.text.empty() || node.text.size() > 24) return std::nullopt;
  std::string_view text = node.text;
  if (text.starts_with("$")) text.remove_prefix(1);
  if (text.empty() || !(is_digit(text.front()) || text.front() == '-' || text.front() == '.')) return std::nullopt;
  const std::optional<double> value = parse_number(text, used);
  if (!value) return std::nullopt;
  const std::optional<double> factor = unit_factor(base::trim(text.substr(used)));
  if (!factor) return std::nullopt;
  return *value * *factor;
}

std::optional<double> time_of(std::string_view text) {
  if (text.size() < 10 || text.size() > 40 || text[4] != '-' || text[7] != '-') return std::nullopt;
  double value = 0;
  int digits = 0;
  for (std::size_t at = 0; at < text.size() && digits < 17; ++at) {
    if (is_digit(text[at])) {
      value = value * 10 + (text[at] - '0');
      ++digits;
    } else if (at < 10 ? text[at] != '-' : std::string_view("T :.,").find(text[at]) == std::string_view::npos) {
      break;
    }
  }
  if (digits < 8) return std::nullopt;
  for (; digits < 17; ++digits) value *= 10;
  return value;
}

std::uint64_t shape_of(const JsonNode& node) {
  std::uint64_t hash = 1469598103934665603ULL;
  const auto mix = [&](char c) { hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL; };
  if (node.kind != JsonKind::kString) {
    mix(static_cast<char>('0' + static_cast<int>(node.kind)));
    return hash;
  }
  std::string_view text = node.raw.substr(1, node.raw.size() - 2);
  text = text.substr(0, 160);
  char last = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_letter(text[at]) && !is_digit(text[at])) {
      // Words in a row are one word of any number, so that sentences have few shapes.
      const bool joins = (text[at] == ' ' || text[at] == '_') && last == 'a';
      if (!joins) mix(last = text[at]);
      ++at;
      continue;
    }
    const std::size_t begin = at;
    bool digit = false, hex = true;
    for (; at < text.size() && (is_letter(text[at]) || is_digit(text[at])); ++at) {
      digit = digit || is_digit(text[at]);
      hex = hex && is_hex(text[at]);
    }
    const char kind = digit || (hex && at - begin >= 3) ? '#' : 'a';
    if (kind != last) mix(last = kind);
  }
  return hash;
}

bool is_empty_value(const JsonNode& node) {
  switch (node.kind) {
    case JsonKind::kNull:
      return true;
    case JsonKind::kBool:
      return node.raw == "false";
    case JsonKind::kNumber: {
      if (node.raw.front() != '0' && !node.raw.starts_with("-0")) return false;
      const std::optional<double> value = quantity_of(node);
      return value && *value == 0;
    }
    case JsonKind::kString: {
      static constexpr std::array<std::string_view, 8> kNothing = {"-",   "none", "None", "null",
                                                                   "n/a", "N/A",  "nil",  "NONE"};
      if (node.text.size() > 4 && node.text.front() > ' ') return false;
      return base::trim(node.text).empty() || std::ranges::find(kNothing, node.text) != kNothing.end();
    }
    default:
      return node.size == 0;
  }
}

}  // namespace headroom::compress::json
