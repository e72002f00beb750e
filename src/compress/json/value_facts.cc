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

/// What a byte may be part of; 0 for signs and white space.
using Marks = std::uint8_t;
constexpr Marks kLetter = 1, kDigit = 2, kHex = 4;

constexpr auto kMarks = [] {
  std::array<Marks, 256> marks{};
  for (unsigned c = 0; c < marks.size(); ++c) {
    const unsigned low = c >= 'A' && c <= 'Z' ? c + 32 : c;
    if ((low >= 'a' && low <= 'z') || c >= 0x80) marks[c] |= kLetter;
    if (c >= '0' && c <= '9') marks[c] |= kDigit | kHex;
    if (low >= 'a' && low <= 'f') marks[c] |= kHex;
  }
  return marks;
}();

Marks marks_of(char c) {
  return kMarks[static_cast<unsigned char>(c)];
}

constexpr std::size_t kLongestUnit = 7;

/// Units and their factors; "m" is a minute here, which orders a column of one unit rightly whatever it means.
constexpr std::array<std::pair<std::string_view, double>, 50> kUnits = {{
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
    {"hour", 3600},
    {"minutes", 60},
    {"minute", 60},
    {"seconds", 1},
    {"second", 1},
    {"day", 86400},
    {"week", 604800},
    {"weeks", 604800},
    {"w", 604800},
    {"month", 2629800},
    {"months", 2629800},
    {"year", 31557600},
    {"years", 31557600},
    {"y", 31557600},
}};

/// Size and bytes of a unit as one number.
constexpr std::uint64_t packed(std::string_view text) {
  std::uint64_t bytes = text.size();
  for (const char c : text) bytes = bytes << 8 | static_cast<unsigned char>(c);
  return bytes;
}

struct PackedUnit {
  std::uint64_t name;
  double factor;
};

constexpr auto kPackedUnits = [] {
  std::array<PackedUnit, kUnits.size()> out{};
  std::ranges::transform(kUnits, out.begin(),
                         [](const auto& unit) { return PackedUnit{packed(unit.first), unit.second}; });
  std::ranges::sort(out, {}, &PackedUnit::name);
  return out;
}();

std::optional<double> unit_factor(std::string_view unit) {
  if (unit.empty()) return 1;
  if (unit.size() > kLongestUnit) return std::nullopt;
  const std::uint64_t name = packed(unit);
  const auto found = std::ranges::lower_bound(kPackedUnits, name, {}, &PackedUnit::name);
  return found != kPackedUnits.end() && found->name == name ? std::optional(found->factor) : std::nullopt;
}

/// Numbers of up to 15 digits without an exponent: both parts and the power of ten are exact, so one division rounds
/// as from_chars() does. 0 bytes: something else.
std::size_t plain_number(std::string_view text, double& value) {
  static constexpr std::array<double, 16> kPowers = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const char* const begin = text.data() + (text.starts_with('-') ? 1 : 0);
  const char* const end = text.data() + text.size();
  const char* const limit = end - begin > 17 ? begin + 17 : end;
  const char* at = begin;
  std::int64_t digits = 0;
  const auto read = [&] {
    for (; at < limit && is_digit(*at); ++at) digits = digits * 10 + (*at - '0');
  };
  read();
  if (at == begin) return 0;
  auto count = at - begin;
  std::ptrdiff_t decimals = 0;
  if (at < end && *at == '.') {
    const char* const point = at++;
    read();
    decimals = at - point - 1;
    count += decimals;
    if (decimals == 0) return 0;
  }
  if (count > 15 || (at < end && (is_digit(*at) || (*at | 0x20) == 'e'))) return 0;
  value = static_cast<double>(digits);
  if (decimals > 0) value /= kPowers[static_cast<std::size_t>(decimals)];
  if (begin != text.data()) value = -value;
  return static_cast<std::size_t>(at - text.data());
}

std::optional<double> parse_number(std::string_view text, std::size_t& used) {
  if (double plain = 0; const std::size_t size = plain_number(text, plain)) {
    used = size;
    return plain;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  used = static_cast<std::size_t>(end - text.data());
  return value;
}

/// "0:07", "12:34:56.7", "3-01:02:03": parts in sixties, days before a dash.
std::optional<double> clock_quantity(std::string_view text) {
  if (text.find(':') == std::string_view::npos || text.front() == '-') return std::nullopt;
  double value = 0;
  int parts = 0;
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    std::size_t used = 0;
    const std::optional<double> days = parse_number(text.substr(0, dash), used);
    if (!days || used != dash) return std::nullopt;
    value = *days * 24;  // of the sixties that follow: hours
    text.remove_prefix(dash + 1);
    if (std::ranges::count(text, ':') != 2) return std::nullopt;
    // 24 hours are no sixty, so the days are added to the hours.
    std::size_t hours_used = 0;
    const std::optional<double> hours = parse_number(text, hours_used);
    if (!hours || hours_used >= text.size() || text[hours_used] != ':') return std::nullopt;
    value += *hours;
    text.remove_prefix(hours_used + 1);
    ++parts;
  }
  while (!text.empty()) {
    std::size_t used = 0;
    if (!is_digit(text.front())) return std::nullopt;
    const std::optional<double> part = parse_number(text, used);
    const bool last = used == text.size();
    if (!part || ++parts > 3 || (!last && text[used] != ':')) return std::nullopt;
    if (!last && text.substr(0, used).find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    value = value * 60 + *part;
    text.remove_prefix(last ? used : used + 1);
  }
  return parts >= 2 ? std::optional(value) : std::nullopt;
}

/// "1,234,567.8" without its commas, written to `plain`; any other text as it is.
std::string_view without_thousands(std::string_view text, std::array<char, 24>& plain) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos || comma == 0 || text.size() > plain.size()) return text;
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != ',') {
      plain[size++] = text[at];
      continue;
    }
    const auto digit = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
    if (at > 3 + static_cast<std::size_t>(text.front() == '-') && at == comma) return text;
    if (!digit(at + 1) || !digit(at + 2) || !digit(at + 3) || digit(at + 4)) return text;
  }
  return {plain.data(), size};
}

/// "5d3h", "1m30s", "2h 5m": the sum of its parts.
std::optional<double> compound_quantity(std::string_view text) {
  double sum = 0;
  int parts = 0;
  while (!text.empty()) {
    std::size_t used = 0;
    const std::optional<double> value = is_digit(text.front()) ? parse_number(text, used) : std::nullopt;
    if (!value) return std::nullopt;
    text.remove_prefix(used);
    std::size_t unit = 0;
    while (unit < text.size() && is_letter(text[unit])) ++unit;
    const std::optional<double> factor = unit == 0 ? std::nullopt : unit_factor(text.substr(0, unit));
    if (!factor) return std::nullopt;
    sum += *value * *factor;
    ++parts;
    text = base::trim(text.substr(unit));
  }
  return parts >= 2 ? std::optional(sum) : std::nullopt;
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
  if (const std::optional<double> value = clock_quantity(text)) return value;
  std::array<char, 24> plain{};
  text = without_thousands(text, plain);
  const std::optional<double> value = parse_number(text, used);
  if (!value) return std::nullopt;
  std::string_view unit = base::trim(text.substr(used));
  unit = base::trim(unit.substr(0, unit.find('(')));  // "57 (2m1s ago)", "9830Mi (10%)"
  if (unit.ends_with(" ago")) unit.remove_suffix(4);
  if (const std::optional<double> factor = unit_factor(unit)) return *value * *factor;
  // "45.48 ns/op", "12 allocs/op", "3.1 MB/s": so much of it each time.
  if (const std::size_t each = unit.find('/'); each != std::string_view::npos && each > 0 && is_letter(unit.front()))
    return *value * unit_factor(unit.substr(0, each)).value_or(1);
  return compound_quantity(text);
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
  const std::string_view text = node.raw.substr(1, std::min<std::size_t>(node.raw.size() - 2, 160));
  const char* at = text.data();
  const char* const end = at + text.size();
  char last = 0;
  while (at < end) {
    Marks marks = marks_of(*at);
    if (marks == 0) {
      // Words in a row are one word of any number, so that sentences have few shapes.
      const bool joins = (*at == ' ' || *at == '_') && last == 'a';
      if (!joins) mix(last = *at);
      ++at;
      continue;
    }
    const char* const begin = at;
    Marks any = 0, all = kHex;
    for (; marks != 0; marks = marks_of(*at)) {
      any |= marks;
      all &= marks;
      if (++at == end) break;
    }
    const char kind = (any & kDigit) != 0 || (all != 0 && at - begin >= 3) ? '#' : 'a';
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
