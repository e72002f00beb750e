#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace headroom::detect {

/// One setting of a listing. Lines count from 0.
struct Setting {
  std::uint32_t begin = 0;  ///< comments above it included
  std::uint32_t line = 0;
  std::uint32_t end = 0;  ///< after the lines that its value goes on in
  std::string_view key;
  std::string_view value;  ///< of its own line, trimmed
  std::string_view title;  ///< of the part that it is in, trimmed; empty: there is none
};

/// What stands between a key and its value in all lines of a listing.
enum class SettingMark : std::uint8_t {
  kEqual,  ///< "key = value", "key: value"
  kColon,  ///< "key:value"
  kBar,    ///< "key|value"
  kGap,    ///< "key     value"
  kBlank,  ///< "key value"
  kFront,  ///< "12 words of a key": the value comes first
};

/// Keys with a value each, one below the other, in one level and with hardly any key twice: what `sysctl -a`, `lscpu`,
/// `ssh -G`, `java -XshowSettings`, `perl -V:.*`, `redis-cli info` print, .env and properties files. Lines that are no
/// setting and belong to none (titles, sections) are in no Setting.
struct SettingsListing {
  SettingMark mark = SettingMark::kEqual;
  std::vector<Setting> settings;
  std::size_t comments = 0;  ///< lines
};

/// nullopt: the lines are something else, or too few. `known`: they are settings for all that is known otherwise, so
/// that any two words in a line may be one.
std::optional<SettingsListing> read_settings(std::span<const std::string_view> lines, bool known = false);

/// Settings in blocks of settings, told by indentation alone: what `docker info` and `nvidia-smi -q` print.
bool is_nested_listing(std::span<const std::string_view> lines);

}  // namespace headroom::detect
