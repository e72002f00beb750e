#include "detect/record_shape.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/byte_set.h"
#include "base/text.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kLongestKey = 40;
constexpr std::size_t kLeastLabelled = 8;
constexpr std::size_t kLeastRows = 20;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Up to three words before a colon that a blank or the line's end follows.
std::string_view key_of(std::string_view line) {
  const std::size_t colon = line.substr(0, kLongestKey).find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(line.front())) return {};
  if (colon + 1 < line.size() && line[colon + 1] != ' ' && line[colon + 1] != '\t') return {};
  const std::string_view key = base::trim(line.substr(0, colon));
  const bool plain = std::ranges::all_of(key, [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ' ' || c == '.';
  });
  return plain && std::ranges::count(key, ' ') <= 2 ? key : std::string_view();
}

/// "name:" at the margin, fields indented below, the same ones below most names.
std::optional<Detection> named_records(std::span<const std::string_view> lines) {
  std::map<std::string_view, std::size_t> keys;
  std::size_t outer = 0, names = 0;
  for (const std::string_view line : lines) {
    const std::string_view text = base::trim(line);
    if (text.empty()) continue;
    if (line.front() == ' ' || line.front() == '\t') {
      if (const std::string_view key = key_of(text); names > 0 && !key.empty()) ++keys[key];
      continue;
    }
    ++outer;
    names += text.size() > 1 && text.ends_with(':') && text.find(' ') == std::string_view::npos;
  }
  if (names < 2 || names * 10 < outer * 9) return std::nullopt;
  const auto shared = std::ranges::count_if(keys, [&](const auto& key) { return key.second * 10 >= names * 8; });
  if (shared < 2) return std::nullopt;
  return Detection{ContentType::kLog, 0.7, fmt::format("{} names with {} fields each", names, shared)};
}

/// Nearly all lines begin with one and the same "key=": records that are numbered or timed, and no settings.
std::optional<Detection> keyed_lines(std::span<const std::string_view> lines) {
  std::map<std::string_view, std::size_t> keys;
  std::size_t filled = 0, most = 0;
  for (const std::string_view line : lines) {
    if (base::trim(line).empty()) continue;
    ++filled;
    const std::size_t equal = line.substr(0, kLongestKey).find('=');
    if (equal == std::string_view::npos || equal == 0) continue;
    const std::string_view key = line.substr(0, equal);
    if (std::ranges::all_of(key, [](char c) { return is_letter(c) || c == '_'; })) most = std::max(most, ++keys[key]);
  }
  if (most < kLeastLabelled || most * 10 < filled * 8) return std::nullopt;
  return Detection{ContentType::kLog, 0.7, fmt::format("{} lines that begin with one key", most)};
}

}  // namespace

std::optional<Detection> labelled_shape(std::span<const std::string_view> lines) {
  if (auto keyed = keyed_lines(lines)) return keyed;
  std::string_view label;
  std::size_t labelled = 0;
  for (const std::string_view line : lines) {
    if (base::trim(line).empty()) continue;
    const std::string_view key = key_of(line);
    if (key.empty() || (labelled > 0 && key != label)) return std::nullopt;
    label = key;
    ++labelled;
  }
  if (labelled < kLeastLabelled) return std::nullopt;
  return Detection{ContentType::kLog, 0.7, fmt::format("{} lines behind the label {}", labelled, label)};
}

std::optional<Detection> record_shape(std::span<const std::string_view> lines) {
  std::map<std::string_view, std::size_t> keys;
  std::size_t filled = 0, outer = 0, fields = 0;
  std::string_view first;
  for (const std::string_view line : lines) {
    const std::string_view text = base::trim(line);
    if (text.empty() || text == "---") continue;
    ++filled;
    if (line.front() == ' ' || line.front() == '\t') continue;  // goes on with a value
    ++outer;
    const std::string_view key = key_of(line);
    if (key.empty()) continue;
    if (fields++ == 0) first = key;
    ++keys[key];
  }
  if (auto named = named_records(lines)) return named;
  if (fields < 6 || fields * 10 < outer * 9 || fields * 4 < filled) return std::nullopt;
  const std::size_t records = keys[first];
  const auto shared = std::ranges::count_if(keys, [](const auto& entry) { return entry.second >= 2; });
  if (records < 2 || records * 3 > fields || shared < 3) return std::nullopt;
  return Detection{ContentType::kLog, 0.7, fmt::format("{} records of fields", records)};
}

std::optional<Detection> row_shape(std::span<const std::string_view> lines) {
  std::size_t filled = 0, rows = 0;
  for (std::string_view line : lines) {
    const bool margin = !line.empty() && line.front() != ' ' && line.front() != '\t';
    line = base::trim(line);
    if (line.empty() || line.front() == '#') continue;
    ++filled;
    const std::size_t gap = std::min(line.find('\t'), line.find("  "));
    rows += margin && gap < kLongestKey;
  }
  if (filled < kLeastRows || rows * 10 < filled * 9) return std::nullopt;
  return Detection{ContentType::kLog, 0.5, fmt::format("{} rows with cells apart", rows)};
}

namespace {

/// The first words of a line, each as 'n' (holds a digit) or 'w'; empty where there are few, or no number among them.
std::string kind_of(std::string_view line) {
  static constexpr base::ByteSet kBlanks(" \t");
  static constexpr base::ByteSet kDigits("0123456789");
  constexpr std::size_t kWords = 4;
  std::string kind;
  while (kind.size() < kWords) {
    while (!line.empty() && kBlanks.has(line.front())) line.remove_prefix(1);
    if (line.empty()) break;
    const std::size_t end = std::min(kBlanks.first_in(line), line.size());
    const std::string_view word = line.substr(0, end);
    kind += kDigits.any_in(word) ? 'n' : std::ranges::any_of(word, is_letter) ? 'w' : word.front();
    line.remove_prefix(end);
  }
  return kind.size() < 3 || kind.find('n') == std::string::npos ? std::string() : kind;
}

}  // namespace

std::optional<Detection> folder_shape(std::span<const std::string_view> lines) {
  static constexpr std::array<std::string_view, 5> kLabels = {"[FILE] ", "[DIR] ", "[LINK] ", "[DIRECTORY] ",
                                                              "[SYMLINK] "};
  constexpr std::size_t kLeastNames = 3;
  std::size_t filled = 0, names = 0;
  for (const std::string_view line : lines) {
    const std::string_view text = base::trim(line);
    filled += !text.empty();
    names += std::ranges::any_of(kLabels, [&](std::string_view label) { return text.starts_with(label); });
  }
  if (names < kLeastNames || names * 10 < filled * 8) return std::nullopt;
  return Detection{ContentType::kSearch, 0.8, fmt::format("{} names of a folder", names)};
}

std::optional<Detection> keyword_shape(std::span<const std::string_view> lines) {
  constexpr std::size_t kLeastOfAKind = 8, kMostKinds = 12, kLeastLines = 40;
  std::map<std::string_view, std::size_t> words;
  std::size_t filled = 0, quoted = 0;
  for (const std::string_view line : lines) {
    if (base::trim(line).empty()) continue;
    ++filled;
    quoted += line.front() == '"';
    ++words[line.substr(0, line.find_first_of(" \t:=;"))];
  }
  std::size_t kinds = 0, alike = 0, spelled = 0;
  for (const auto& [word, count] : words) {
    if (count < kLeastOfAKind || word.empty() || word.front() == '"') continue;
    ++kinds;
    alike += count;
    spelled += word.size() >= 3 && std::ranges::all_of(word, is_letter);
  }
  if (filled < kLeastLines || kinds > kMostKinds || spelled < 2 || (alike + quoted) * 10 < filled * 8)
    return std::nullopt;
  return Detection{ContentType::kLog, 0.4,
                   fmt::format("{} of {} lines begin with one of {} words", alike, filled, kinds)};
}

std::optional<Detection> numbers_shape(std::span<const std::string_view> lines) {
  constexpr std::size_t kLeastOfAKind = 8;
  std::map<std::string, std::size_t> kinds;
  std::size_t filled = 0;
  for (const std::string_view line : lines) {
    if (base::trim(line).empty()) continue;
    ++filled;
    if (std::string kind = kind_of(line); !kind.empty()) ++kinds[std::move(kind)];
  }
  std::size_t alike = 0;
  for (const auto& [kind, count] : kinds) alike += count >= kLeastOfAKind ? count : 0;
  if (filled < kLeastRows || alike * 10 < filled * 7) return std::nullopt;
  return Detection{ContentType::kLog, 0.4, fmt::format("{} of {} lines differ by their numbers", alike, filled)};
}

}  // namespace headroom::detect
