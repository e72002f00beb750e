#include "compress/config/settings.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/config/asked_settings.h"
#include "compress/config/blocks.h"
#include "compress/config/key_names.h"
#include "compress/config/letters.h"
#include "compress/config/problems.h"
#include "compress/config/selection.h"
#include "compress/focus/asked_lines.h"
#include "compress/focus/walk.h"
#include "compress/json/question.h"
#include "compress/marker.h"
#include "detect/settings_listing.h"

namespace headroom::compress::config {
namespace {

using detect::Setting;
using detect::SettingsListing;

constexpr std::size_t kLongValue = 160;     // bytes
constexpr std::size_t kLongShown = 48;      // bytes of it that a gap tells
constexpr std::size_t kSharedValue = 48;    // bytes of a value that a gap tells for several keys
constexpr std::size_t kSharedBy = 4;        // settings
constexpr std::size_t kRepeatedValue = 24;  // bytes of a value that is not told twice
constexpr std::size_t kMostProblems = 12;
constexpr std::size_t kFewComments = 4;  // lines above a setting that stay with it
constexpr std::size_t kFewTitles = 8;
constexpr std::size_t kNoTitle = static_cast<std::size_t>(-1);
constexpr std::size_t kMostSiblings = 8;      // settings of a block that stays where one of it is asked for
constexpr std::size_t kLargeFamily = 24;      // settings whose keys begin alike
constexpr std::size_t kLargeFamilyShare = 4;  // one in so many of all
constexpr std::size_t kRecords = 8;           // whose keys end alike
constexpr std::size_t kManyAlike = 40;        // settings of one value of which not all are named
/// Tokens that the names of what is left out may take: one in so many of the text's and some, of short texts fewer.
constexpr std::size_t kNamesShare = 8;
constexpr std::size_t kNamesMore = 100;
constexpr std::size_t kNamesMost = 4;

enum class Fate : std::uint8_t {
  kKept,
  kLeft,      ///< not asked for
  kShared,    ///< the gap tells its value, with other keys
  kPart,      ///< the gap tells what of its value has words of the question
  kLong,      ///< the gap tells its size
  kFamily,    ///< one of very many of which the question says nothing
  kRepeated,  ///< the gap tells which setting above has the same value
};

std::string squeezed(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  return out;
}

/// Settings that report a problem; none where many do, as that is what is usual there.
std::vector<std::size_t> problems_of(const SettingsListing& listing) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < listing.settings.size(); ++i) {
    if (is_problem(listing.settings[i].value)) found.push_back(i);
  }
  if (found.size() > kMostProblems || found.size() * 8 > listing.settings.size()) found.clear();
  return found;
}

/// "0", "yes", "'define'", nothing: and no quantity.
bool is_switch(std::string_view value) {
  static constexpr std::size_t kLongest = 10;
  return value.size() <= kLongest && std::ranges::count_if(value, [](char c) { return c >= '0' && c <= '9'; }) < 2;
}

/// The annotation at the end of a value: "{default}" of "-1  {product} {default}", "[enabled]".
std::string_view annotation(std::string_view value) {
  if (value.empty()) return {};
  const char last = value.back();
  const char open = last == '}' ? '{' : last == ']' ? '[' : last == ')' ? '(' : '\0';
  if (open == '\0') return {};
  const std::size_t begin = value.rfind(open);
  return begin == std::string_view::npos ? std::string_view() : value.substr(begin);
}

/// "ARGS = --prefix=/usr --with ...": how a long line begins. Nothing of a value that may hold a secret.
std::string beginning(const Setting& setting, std::string_view line) {
  if (names_secret(setting.key) || setting.value.find('@') != std::string_view::npos) return std::string(setting.key);
  const auto shown = static_cast<std::size_t>(setting.value.data() - line.data()) + kLongShown;
  std::string_view head = base::trim(line.substr(0, shown));
  head = head.substr(0, std::max(head.find_last_of(" ,;:"), setting.key.size()));
  while (!head.empty() && static_cast<unsigned char>(head.back()) >= 0x80) head.remove_suffix(1);
  return fmt::format("{} ...", head);
}

/// "#Port 22", "# http.port=80": a setting that is commented out. Empty: none.
std::string_view commented_out(std::string_view line) {
  static constexpr std::size_t kMostWords = 6;
  std::string_view t = base::trim(line);
  if (t.empty() || (t.front() != '#' && t.front() != ';')) return {};
  t.remove_prefix(1);
  const bool apart = !t.empty() && (t.front() == ' ' || t.front() == '\t');
  t = base::trim(t);
  std::size_t end = 0;
  const auto in_key = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.'; };
  while (end < t.size() && in_key(t[end])) ++end;
  if (end < 2 || end == t.size() || !is_letter(t.front())) return {};
  const std::size_t mark = t.find_first_not_of(" \t", end);
  if (mark == std::string_view::npos) return {};
  if (t[mark] == '=') return t;
  // A sentence stands apart from the mark of its comment, and is long.
  const bool blank = mark > end || t[mark] == ':';
  return !apart && blank && split(t, " \t").size() <= kMostWords && !t.ends_with('.') ? t : std::string_view();
}

/// The lines with settings that are commented out as if they were none. Empty: there are too few, or more
/// that are not.
std::vector<std::string_view> uncommented(const std::vector<std::string_view>& lines) {
  static constexpr std::size_t kFewest = 6;
  std::vector<std::string_view> out;
  std::size_t found = 0;
  std::size_t active = 0;
  for (std::string_view line : lines) {
    const std::string_view setting = commented_out(line);
    found += !setting.empty();
    active += !line.empty() && line.front() != '#' && line.front() != ';';
    out.push_back(setting.empty() ? line : setting);
  }
  if (found < kFewest || active > found) out.clear();
  return out;
}

class Settings {
 public:
  /// `comments`: the listing has settings that are commented out.
  Settings(const Input& input, const std::vector<std::string_view>& lines, const SettingsListing& listing,
           bool comments)
      : input_(input),
        lines_(lines),
        listing_(listing),
        comments_(comments),
        fates_(listing.settings.size(), Fate::kKept),
        asked_(ask_settings(listing, problems_of(listing), input.query)) {}

  std::optional<SettingsOutput> run() {
    const std::vector<std::uint8_t> named_lines = focus::asked_lines(input_.text, lines_, input_.query);
    const bool odd = keep_deviations();
    const bool said = asked_.said >= enough_said(input_.text.size());
    const bool named = input_.profile != Profile::kGentle && (odd || (said && few_named()));
    if (named) {
      keep_siblings();
      leave_others();
    } else {
      share_values(named_lines);
      if (input_.profile != Profile::kGentle) leave_families();
    }
    if (comments_) keep_active();
    SettingsOutput out{.named = named};
    write(out.output, naming_for(named));
    if (input_.target_tokens > 0 && tokens(out.output) > input_.target_tokens) {
      leave_others();
      write(out.output, Naming::kCount);
    }
    return out;
  }

 private:
  std::size_t tokens(const Output& out) const { return input_.tokenizer.count(out.text); }

  bool few_named() const {
    const auto n = static_cast<std::size_t>(std::ranges::count(asked_.named, 1)) + asked_.parts.size();
    return n > 0 && n * 2 <= asked_.named.size();
  }

  /// Of "which are not at their defaults": annotations that few settings have, where most have one. False: there are
  /// none, or it is not asked for.
  bool keep_deviations() {
    const json::Question question(input_.query);
    if (!question.deviation()) return false;
    std::unordered_map<std::string_view, std::size_t> counts;
    std::size_t marked = 0;
    for (const Setting& setting : listing_.settings) {
      const std::string_view mark = annotation(setting.value);
      marked += !mark.empty();
      ++counts[mark];
    }
    const std::size_t n = listing_.settings.size();
    if (marked * 10 < n * 9 || counts.size() > n / 8) return false;
    const auto usual = std::ranges::max_element(counts, {}, [](const auto& each) { return each.second; });
    if (usual->second * 10 < n * 7 || usual->second == n) return false;
    for (std::size_t i = 0; i < n; ++i) {
      if (annotation(listing_.settings[i].value) != usual->first) asked_.named[i] = 1;
    }
    return true;
  }

  /// Of settings that are mostly commented out those that are not.
  void keep_active() {
    for (std::size_t i = 0; i < fates_.size(); ++i) {
      const std::string_view line = base::trim(lines_[listing_.settings[i].line]);
      if (line.front() != '#' && line.front() != ';') fates_[i] = Fate::kKept;
    }
  }

  /// A small block of settings whose keys begin alike stays where one of it is named.
  void keep_siblings() {
    const std::vector<std::uint8_t> named = asked_.named;
    for (std::size_t i = 0; i < named.size(); ++i) {
      if (named[i] == 0) continue;
      const std::string_view key = listing_.settings[i].key;
      const std::size_t mark = key.find_last_of("._:-/");
      if (mark == std::string_view::npos || mark == 0) continue;
      const std::string_view prefix = key.substr(0, mark + 1);
      std::size_t begin = i;
      std::size_t end = i + 1;
      while (begin > 0 && i - begin <= kMostSiblings && listing_.settings[begin - 1].key.starts_with(prefix)) --begin;
      while (end < named.size() && end - i <= kMostSiblings && listing_.settings[end].key.starts_with(prefix)) ++end;
      if (end - begin > kMostSiblings) continue;
      std::fill(asked_.named.begin() + static_cast<std::ptrdiff_t>(begin),
                asked_.named.begin() + static_cast<std::ptrdiff_t>(end), std::uint8_t{1});
    }
  }

  void leave_others() {
    for (std::size_t i = 0; i < fates_.size(); ++i) fates_[i] = asked_.named[i] != 0 ? Fate::kKept : Fate::kLeft;
    for (const auto& [i, parts] : asked_.parts)
      fates_[i] = names_secret(listing_.settings[i].key) ? Fate::kKept : Fate::kPart;
  }

  void share_values(const std::vector<std::uint8_t>& named_lines) {
    std::unordered_map<std::string, std::vector<std::size_t>> by_value;
    for (std::size_t i = 0; i < fates_.size(); ++i) {
      const Setting& setting = listing_.settings[i];
      if (asked_.named[i] != 0 || asked_.parts.contains(i) || named_lines[setting.line] != 0 ||
          setting.end > setting.line + 1)
        continue;
      by_value[squeezed(setting.value)].push_back(i);
    }
    for (const auto& [value, settings] : by_value) {
      for (const std::size_t i : settings) {
        const bool secret = names_secret(listing_.settings[i].key);
        if (value.size() > kLongValue) {
          fates_[i] = Fate::kLong;
        } else if (value.size() <= kSharedValue && settings.size() >= kSharedBy && !secret) {
          fates_[i] = Fate::kShared;
        }
        if (value.size() >= kRepeatedValue && i != settings.front()) {
          fates_[i] = Fate::kRepeated;
          first_.emplace(i, settings.front());
        }
      }
    }
  }

  /// Of a family that much of the listing is, and of which the question says nothing where it says something of others:
  /// what is alike in it. These are switches that several have alike, and keys that end alike, as those of records do
  /// ("branch.NAME.remote").
  void leave_families() {
    if (asked_.said == Said::kNothing) return;
    std::unordered_map<std::string_view, std::size_t> sizes;
    std::unordered_map<std::string_view, std::size_t> ends;
    for (const Setting& setting : listing_.settings) {
      ++sizes[first_part(setting.key)];
      ++ends[last_part(setting.key)];
    }
    for (std::size_t i = 0; i < fates_.size(); ++i) {
      if (asked_.touched[i] != 0 || asked_.named[i] != 0) continue;
      const std::string_view key = listing_.settings[i].key;
      const std::size_t size = sizes[first_part(key)];
      const bool large = size >= kLargeFamily && size * kLargeFamilyShare >= fates_.size();
      const bool alike = fates_[i] == Fate::kShared && is_switch(listing_.settings[i].value);
      if (large && (alike || ends[last_part(key)] >= kRecords)) fates_[i] = Fate::kFamily;
    }
  }

  static std::string_view last_part(std::string_view key) {
    const std::size_t mark = key.find_last_of(".:/");
    return mark == std::string_view::npos ? key : key.substr(mark);
  }

  /// Comments above a setting that stays: few where it is asked for, what warns anywhere.
  void keep_comments(std::size_t i, std::vector<std::uint8_t>& out) const {
    const Setting& setting = listing_.settings[i];
    const bool all = asked_.named[i] != 0 && setting.line - setting.begin <= kFewComments;
    for (std::uint32_t k = setting.begin; k < setting.line; ++k) {
      if (all || warns(lines_[k])) out[k] = 1;
    }
  }

  /// Lines that stay, by the fates of their settings.
  std::vector<std::uint8_t> stays() const {
    std::vector<std::uint8_t> out(lines_.size(), 0);
    std::vector<std::uint8_t> owned(lines_.size(), 0);
    for (std::uint32_t i = 0; i < fates_.size(); ++i) {
      const Setting& setting = listing_.settings[i];
      std::fill(owned.begin() + setting.begin, owned.begin() + setting.end, std::uint8_t{1});
      if (fates_[i] != Fate::kKept) continue;
      keep_comments(i, out);
      std::fill(out.begin() + setting.line, out.begin() + setting.end, std::uint8_t{1});
    }
    // Titles stay where they are few, or something under them does.
    std::size_t titles = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i) titles += owned[i] == 0 && !base::trim(lines_[i]).empty();
    std::size_t title = kNoTitle;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (owned[i] == 0 && !base::trim(lines_[i]).empty()) {
        title = i;
        if (titles <= kFewTitles) out[i] = 1;
      } else if (out[i] != 0 && title != kNoTitle) {
        out[title] = 1;
        title = kNoTitle;
      }
    }
    return out;
  }

  /// What a gap says of the settings whose lines are in it.
  std::string told(std::uint32_t begin, std::uint32_t end, Naming naming) const {
    const auto first = std::ranges::lower_bound(listing_.settings, begin, {}, &Setting::line);
    std::vector<std::string_view> left;
    std::vector<std::string_view> family;
    std::vector<std::pair<std::string, std::vector<std::string_view>>> shared;
    std::string out;
    const auto part = [&](const std::string& text) {
      if (!text.empty()) out += (out.empty() ? "" : "; ") + text;
    };
    std::string apart;
    for (auto at = first; at != listing_.settings.end() && at->line < end; ++at) {
      const auto i = static_cast<std::size_t>(at - listing_.settings.begin());
      switch (fates_[i]) {
        case Fate::kKept:
        case Fate::kLeft:
          left.push_back(at->key);
          break;
        case Fate::kFamily:
          family.push_back(at->key);
          break;
        case Fate::kShared: {
          std::string value = squeezed(at->value);
          if (value.empty()) value = "empty";
          auto group = std::ranges::find(shared, value, &decltype(shared)::value_type::first);
          if (group == shared.end()) group = shared.insert(group, {std::move(value), {}});
          group->second.push_back(at->key);
          break;
        }
        case Fate::kPart:
          apart += fmt::format("{}{}: {} among {} bytes", apart.empty() ? "" : "; ", at->key, asked_.parts.at(i),
                               at->value.size());
          break;
        case Fate::kLong:
          apart += fmt::format("{}{}, {} bytes", apart.empty() ? "" : "; ", beginning(*at, lines_[at->line]),
                               at->value.size());
          break;
        case Fate::kRepeated:
          apart += fmt::format("{}{} as {}", apart.empty() ? "" : "; ", at->key, listing_.settings[first_.at(i)].key);
          break;
      }
    }
    part(key_names(left, naming));
    part(key_names(family, Naming::kOne));
    for (const auto& [value, keys] : shared) {
      part(fmt::format("{}: {}", value, key_names(keys, keys.size() < kManyAlike ? Naming::kWhole : naming)));
    }
    part(apart);
    if (comments_ && !out.empty()) out.insert(0, "in comments: ");
    return out;
  }

  /// How much of the names there is room for.
  Naming naming_for(bool named) const {
    const std::size_t all = focus::estimated_tokens(input_.text);
    const std::size_t most = named ? std::min(all / kNamesShare + kNamesMore, all / kNamesMost) : all;
    const auto end = static_cast<std::uint32_t>(lines_.size());
    for (int at = 0; at < static_cast<int>(Naming::kCount); ++at) {
      const auto naming = static_cast<Naming>(at);
      if (focus::estimated_tokens(told(0, end, naming)) <= most) return naming;
    }
    return Naming::kCount;
  }

  /// Puts lines back where a gap would cost as much as they do; blank lines go with what is around them.
  void settle(std::vector<std::uint8_t>& stays, Naming naming) const {
    static constexpr std::size_t kLeastGain = 2;  // tokens
    for (std::size_t i = 1; i < stays.size(); ++i) {
      if (base::trim(lines_[i]).empty() && stays[i - 1] != 0 && i + 1 < stays.size() && stays[i + 1] != 0) stays[i] = 1;
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> back;
    focus::walk(
        stays, std::uint8_t{1},
        [&](std::uint32_t begin, std::uint32_t end) {
          std::size_t cost = 0;
          for (std::uint32_t i = begin; i < end; ++i) cost += focus::estimated_tokens(lines_[i]);
          if (focus::gap_tokens(begin + 1, end, told(begin, end, naming)) + kLeastGain > cost)
            back.emplace_back(begin, end);
        },
        [](std::uint32_t) {});
    for (const auto& [begin, end] : back) std::fill(stays.begin() + begin, stays.begin() + end, std::uint8_t{1});
  }

  void write(Output& out, Naming naming) const {
    std::vector<std::uint8_t> kept = stays();
    settle(kept, naming);
    out.text.clear();
    out.notes.clear();
    focus::walk(
        kept, std::uint8_t{1},
        [&](std::uint32_t begin, std::uint32_t end) {
          out.text.append(gap_marker(begin + 1, end, told(begin, end, naming))).push_back('\n');
          out.notes.push_back(fmt::format("lines {}-{} left out: settings", begin + 1, end));
        },
        [&](std::uint32_t i) { out.text.append(lines_[i]).push_back('\n'); });
    out.records_before = lines_.size();
    out.records_kept = static_cast<std::size_t>(std::ranges::count(kept, 1));
    out.text += handle_marker(
        input_.id, fmt::format("{} of {} lines left out", out.records_before - out.records_kept, out.records_before));
    if (input_.text.ends_with('\n')) out.text.push_back('\n');
    out.lossy = true;
    out.strategy = "config:settings";
  }

  const Input& input_;
  const std::vector<std::string_view>& lines_;
  const SettingsListing& listing_;
  const bool comments_;
  std::vector<Fate> fates_;  ///< by setting
  AskedSettings asked_;
  std::unordered_map<std::size_t, std::size_t> first_;  ///< of a repeated value: the setting that has it first
};

}  // namespace

std::optional<SettingsOutput> compress_settings(const Input& input) {
  const std::vector<std::string_view> lines = base::split_lines(input.text);
  if (const auto listing = detect::read_settings(lines)) return Settings(input, lines, *listing, false).run();
  const std::vector<std::string_view> live = uncommented(lines);
  if (live.empty()) return std::nullopt;
  const auto listing = detect::read_settings(live, true);
  if (!listing) return std::nullopt;
  return Settings(input, lines, *listing, true).run();
}

}  // namespace headroom::compress::config
