#include "detect/settings_listing.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/text.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kFewest = 12;       // settings
constexpr std::size_t kLongestKey = 100;  // bytes
constexpr std::size_t kMostKeyWords = 7;
constexpr std::size_t kNearlyAllTenths = 8;  // of the lines that could be settings
constexpr std::size_t kDistinctTenths = 6;   // of the keys
constexpr std::size_t kPlainTenths = 6;      // of the values
constexpr std::size_t kMostPlainWords = 3;   // of a value without quotes
constexpr std::size_t kSharedTenths = 7;     // of the values, where any two words in a line look like a setting

constexpr std::array kMarks = {SettingMark::kEqual, SettingMark::kColon, SettingMark::kBar,
                               SettingMark::kGap,   SettingMark::kBlank, SettingMark::kFront};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool is_comment(std::string_view t) {
  return t.front() == '#' || t.front() == ';' || t.starts_with("//") || t.starts_with("! ");
}

std::size_t words_in(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t';
    words += !blank && !inside;
    inside = !blank;
  }
  return words;
}

/// What stands in no key.
constexpr std::array<bool, 256> kNoKey = [] {
  std::array<bool, 256> none{};
  for (const char c : std::string_view("{}<>;!?,|$`\\\t")) none[static_cast<unsigned char>(c)] = true;
  return none;
}();

/// Names, not numbers, sentences, paths or code.
/// "Nov 02 11:04:09 app-03 sudo": when and where something was said.
bool holds_clock(std::string_view key) {
  const std::size_t colon = key.find(':');
  return colon != std::string_view::npos && colon >= 2 && colon + 5 < key.size() && is_digit(key[colon - 1]) &&
         is_digit(key[colon + 1]) && is_digit(key[colon + 2]) && key[colon + 3] == ':' && is_digit(key[colon + 4]);
}

bool is_key(std::string_view key, SettingMark mark) {
  if (key.empty() || key.size() > kLongestKey || holds_clock(key)) return false;
  const char first = key.front();
  if (!is_letter(first) && (key.size() < 2 || std::string_view("_-.[\"@%").find(first) == std::string_view::npos))
    return false;
  if (key.starts_with("./") || key.starts_with("../")) return false;
  std::size_t words = 1;
  int open = 0;
  char before = '\0';
  for (const char c : key) {
    if (kNoKey[static_cast<unsigned char>(c)]) return false;
    if (c == ' ') {
      if (before == ' ') return false;  // columns of a table
      ++words;
    }
    open += c == '(' ? 1 : c == ')' ? -1 : 0;
    before = c;
  }
  if (open != 0) return false;
  if (mark == SettingMark::kGap) return words == 1;
  if (mark == SettingMark::kFront) return key.find_first_of("/.:=") == std::string_view::npos;
  if (mark == SettingMark::kBlank)
    return words == 1 && before != '.' && before != ',' && before != ':' && key.find('/') == std::string_view::npos;
  return words <= kMostKeyWords;
}

/// Where the key of a trimmed line ends and its value begins; no key where the line is no such setting.
struct Parts {
  std::string_view key, value;
};

Parts split_at(std::string_view t, std::size_t key_end, std::size_t value_begin) {
  return {base::trim(t.substr(0, key_end)), base::trim(t.substr(std::min(value_begin, t.size())))};
}

/// "total memory" of "K total memory".
std::string_view without_unit(std::string_view key) {
  static constexpr std::size_t kLongest = 2;
  const std::size_t blank = key.find(' ');
  return blank <= kLongest ? base::trim(key.substr(blank)) : key;
}

Parts split_setting(std::string_view t, SettingMark mark) {
  std::size_t at = std::string_view::npos;
  switch (mark) {
    case SettingMark::kEqual: {
      at = t.find('=');
      // Some listings have lines of both kinds.
      const std::size_t colon = t.find(": ");
      if (colon < at) return split_at(t, colon, colon + 1);
      if (at == std::string_view::npos) return {};
      std::size_t begin = at + 1;
      while (begin < t.size() && (t[begin] == '=' || t[begin] == '>')) ++begin;
      if (t[at - (at > 0)] == ':') --at;
      return split_at(t, at, begin);
    }
    case SettingMark::kColon:
      // Not of "a::b", which is a name.
      for (at = t.find(':'); at != std::string_view::npos && at + 1 < t.size() && t[at + 1] == ':';)
        at = t.find(':', at + 2);
      return at == std::string_view::npos ? Parts{} : split_at(t, at, at + 1);
    case SettingMark::kBar:
      at = t.find('|');
      // Tables are drawn with blanks around it.
      if (at == std::string_view::npos || at == 0 || t[at - 1] == ' ') return {};
      return split_at(t, at, at + 1);
    case SettingMark::kGap:
      for (at = t.find_first_of(" \t"); at != std::string_view::npos; at = t.find_first_of(" \t", at + 1)) {
        if (t[at] == '\t' || t[at + 1] == ' ' || t[at + 1] == '\t') return split_at(t, at, at);
      }
      return {t, {}};  // what has no value
    case SettingMark::kBlank:
      at = t.find(' ');
      if (at == std::string_view::npos) return {t, {}};
      return at + 1 < t.size() && t[at + 1] == ' ' ? Parts{} : split_at(t, at, at);
    case SettingMark::kFront:
      at = t.find(' ');
      if (at == std::string_view::npos || !std::ranges::all_of(t.substr(0, at), is_digit)) return {};
      return {without_unit(base::trim(t.substr(at))), t.substr(0, at)};
  }
  return {};
}

/// Numbers, switches, names, paths, quoted text: what settings are set to, and sentences and versions are not.
bool is_plain(std::string_view value) {
  if (value.empty()) return true;
  const char first = value.front();
  if (first == '"' || first == '\'' || first == '[' || first == '{' || first == '(' || first == '/') return true;
  return words_in(value) <= kMostPlainWords;
}

/// "1.24.3": of many such values the text lists packages.
bool is_version(std::string_view value) {
  return !value.empty() && is_digit(value.front()) && std::ranges::count(value, '.') >= 2 &&
         value.find(' ') == std::string_view::npos;
}

/// Ends as a line of code or of JSON does. "key 'value';" is a setting all the same.
bool is_open(std::string_view t) {
  const char last = t.back();
  if (last == ';') {
    const std::string_view rest = base::trim(t.substr(0, t.size() - 1));
    return !rest.ends_with('"') && !rest.ends_with('\'');
  }
  return last == '{' || last == ',' || last == '[' || t == "}" || t == "]" || t == ")";
}

struct Shape {
  std::size_t lines = 0;   ///< neither blank nor comment
  std::size_t indent = 0;  ///< where most of them begin
  std::size_t there = 0;   ///< lines that begin there
  std::size_t deeper = 0;
  std::size_t flush = 0;   ///< lines whose first words end in the same column
  std::size_t mark = 0;    ///< the column in which most marks stand, blanks on both sides
  std::size_t marked = 0;  ///< lines whose mark stands there
  std::size_t comments = 0;
  std::size_t open = 0;  ///< lines that end as those of code and JSON do
};

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

Shape shape_of(std::span<const std::string_view> lines) {
  static constexpr std::size_t kDeepest = 16;
  static constexpr std::size_t kFarthestMark = 64;
  Shape shape;
  std::array<std::size_t, kDeepest> at{};
  std::array<std::size_t, kDeepest> ends{};
  std::array<std::size_t, kFarthestMark> marks{};
  for (std::string_view line : lines) {
    const std::string_view t = base::trim(line);
    if (t.empty()) continue;
    if (is_comment(t)) {
      ++shape.comments;
      continue;
    }
    ++shape.lines;
    const std::size_t indent = indent_of(line);
    ++at[std::min(indent, kDeepest - 1)];
    if (const std::size_t end = line.find(' ', indent); end < kDeepest) ++ends[end];
    if (const std::size_t mark = std::min(line.find(" : "), line.find(" = ")); mark < kFarthestMark) ++marks[mark];
    shape.open += is_open(t);
  }
  const auto most = std::ranges::max_element(at);
  shape.indent = static_cast<std::size_t>(most - at.begin());
  shape.there = *most;
  shape.flush = *std::ranges::max_element(ends);
  const auto aligned = std::ranges::max_element(marks);
  shape.mark = static_cast<std::size_t>(aligned - marks.begin());
  shape.marked = *aligned;
  for (std::size_t k = shape.indent + 1; k < at.size(); ++k) shape.deeper += at[k];
  return shape;
}

/// Columns of "type name = value" are set flush right, so that lines begin anywhere.
bool is_ragged(const Shape& shape) {
  return shape.there * 10 < shape.lines * kNearlyAllTenths && shape.flush * 10 >= shape.lines * kNearlyAllTenths;
}

/// Keys are set flush right to a mark of one column; what begins behind that goes on with a value.
bool is_flush_right(const Shape& shape) {
  return shape.there * 10 < shape.lines * kNearlyAllTenths && shape.marked * 10 >= shape.lines * kDistinctTenths;
}

class Reader {
 public:
  Reader(std::span<const std::string_view> lines, const Shape& shape, SettingMark mark, bool known)
      : lines_(lines),
        shape_(shape),
        ragged_(is_ragged(shape)),
        right_(!ragged_ && is_flush_right(shape)),
        known_(known) {
    out_.mark = mark;
    out_.comments = shape.comments;
  }

  std::optional<SettingsListing> run() {
    std::uint32_t comments = 0;  // of the comment that stands right above
    bool above = false;
    for (std::uint32_t i = 0; i < lines_.size(); ++i) {
      const std::string_view t = base::trim(lines_[i]);
      if (!t.empty() && is_comment(t)) {
        if (!above) comments = i;
        above = true;
        continue;
      }
      const std::uint32_t begin = above ? comments : i;
      above = false;
      if (t.empty()) continue;
      read(i, begin, t);
      if (others_ * 10 > shape_.lines * (10 - kNearlyAllTenths)) return std::nullopt;
    }
    if (!fits()) return std::nullopt;
    return std::move(out_);
  }

 private:
  void read(std::uint32_t i, std::uint32_t begin, std::string_view t) {
    const std::size_t indent = indent_of(lines_[i]);
    const bool deeper = right_ ? indent > shape_.mark : !ragged_ && indent > shape_.indent;
    if (deeper && !out_.settings.empty()) {
      out_.settings.back().end = i + 1;
      return;
    }
    const Parts parts = split_setting(t, out_.mark);
    const bool section = t.front() == '[' && t.back() == ']';
    const bool title = !ragged_ && !right_ && indent < shape_.indent;
    if (section || title) title_ = t;
    if (section || title || !is_key(parts.key, out_.mark)) {
      others_ += !section && !title;
      values_above_ += title && is_key(parts.key, out_.mark) && !parts.value.empty();
      return;
    }
    // In front of a name that is set flush right stands its type.
    const std::size_t type =
        ragged_ && out_.mark != SettingMark::kFront ? parts.key.find_last_of(' ') : std::string_view::npos;
    const std::string_view key = type == std::string_view::npos ? parts.key : parts.key.substr(type + 1);
    out_.settings.push_back({begin, i, i + 1, key, parts.value, title_});
  }

  bool fits() const {
    const std::size_t n = out_.settings.size();
    if (n < kFewest || n * 10 < (right_ ? shape_.marked : ragged_ ? shape_.lines : shape_.there) * kNearlyAllTenths)
      return false;
    // Fields with values at several depths describe one thing, its state and what went wrong with it.
    if (values_above_ * 6 > n) return false;
    std::unordered_set<std::string_view> keys;
    std::size_t plain = 0;
    std::size_t versions = 0;
    std::size_t valued = 0;
    std::size_t columns = 0;
    for (const Setting& setting : out_.settings) {
      columns += is_row(setting.value);
      keys.insert(setting.key);
      plain += is_plain(setting.value);
      versions += is_version(setting.value);
      valued += !setting.value.empty();
    }
    return keys.size() * 10 >= n * kDistinctTenths && plain * 10 >= n * kPlainTenths && versions * 2 < n &&
           columns * 4 < n && valued * 4 >= n &&
           (known_ || is_clear() || (out_.mark != SettingMark::kFront && shares_values()));
  }

  /// Of a line with more columns: "root:x:0:0:", "a=1      b=2", "hits:1|c|#env:prod".
  bool is_row(std::string_view value) const {
    if (out_.mark == SettingMark::kColon) return value.find(':') < value.find(' ');
    if (out_.mark == SettingMark::kBar) return value.find('|') != std::string_view::npos;
    const std::size_t gap = value.find("  ");
    return out_.mark == SettingMark::kEqual && gap != std::string_view::npos &&
           value.find('=', gap) != std::string_view::npos;
  }

  /// The mark stands in hardly anything but settings.
  bool is_clear() const {
    if (out_.mark == SettingMark::kGap || out_.mark == SettingMark::kBlank) return false;
    // Counts of words are a list.
    if (out_.mark == SettingMark::kFront)
      return std::ranges::count_if(out_.settings, [](const Setting& s) { return words_in(s.key) > 1; }) * 10 >=
             std::ssize(out_.settings) * static_cast<std::ptrdiff_t>(kNearlyAllTenths);
    // "libc.so.6 => /lib/libc.so.6 (0x7f1c...)" is a list.
    const std::string_view first = lines_[out_.settings.front().line];
    return out_.mark != SettingMark::kEqual || first.find("=>") == std::string_view::npos ||
           (first.find(" => ") != std::string_view::npos && first.find("(0x") == std::string_view::npos);
  }

  /// Values are from few, and there are two columns and no more.
  bool shares_values() const {
    std::unordered_set<std::string_view> values;
    std::size_t columns = 0;
    for (const Setting& setting : out_.settings) {
      values.insert(setting.value);
      columns += out_.mark == SettingMark::kGap && words_in(setting.value) > 1;
    }
    const std::size_t n = out_.settings.size();
    return values.size() * 10 <= n * kSharedTenths && columns * 5 <= n;
  }

  std::span<const std::string_view> lines_;
  const Shape& shape_;
  const bool ragged_;
  const bool right_;
  const bool known_;
  std::string_view title_;        ///< of the part that is read
  std::size_t others_ = 0;        ///< lines that are nothing of a listing
  std::size_t values_above_ = 0;  ///< lines further out that have a value, too
  SettingsListing out_;
};

/// At least a third of the first lines are such settings; what is something else is told by few lines.
bool begins_so(std::span<const std::string_view> lines, SettingMark mark) {
  static constexpr std::size_t kGlance = 48;
  std::size_t seen = 0;
  std::size_t fit = 0;
  for (std::string_view line : lines) {
    const std::string_view t = base::trim(line);
    if (t.empty() || is_comment(t)) continue;
    fit += is_key(split_setting(t, mark).key, mark);
    if (++seen == kGlance) break;
  }
  return fit * 3 >= seen;
}

}  // namespace

std::optional<SettingsListing> read_settings(std::span<const std::string_view> lines, bool known) {
  if (lines.size() < kFewest) return std::nullopt;
  const Shape shape = shape_of(lines);
  if (shape.lines < kFewest || shape.deeper * 3 > shape.lines * (is_ragged(shape) || is_flush_right(shape) ? 3 : 1) ||
      shape.open * 12 > shape.lines)
    return std::nullopt;
  for (const SettingMark mark : kMarks) {
    if (!begins_so(lines, mark)) continue;
    if (auto listing = Reader(lines, shape, mark, known).run()) return listing;
  }
  return std::nullopt;
}

bool is_nested_listing(std::span<const std::string_view> lines) {
  static constexpr std::size_t kFewestLines = 20;
  static constexpr std::size_t kFewestBlocks = 3;
  std::size_t all = 0;
  std::size_t fit = 0;
  std::size_t plain = 0;
  std::size_t blocks = 0;
  std::size_t before = 0;  // indentation of the line above, and whether it could head a block
  bool head = false;
  std::unordered_set<std::string_view> keys;
  for (std::string_view line : lines) {
    const std::string_view t = base::trim(line);
    if (t.empty()) continue;
    const std::size_t indent = indent_of(line);
    ++all;
    if (is_open(t) || is_comment(t) || t.front() == '-') return false;
    blocks += all > 1 && indent > before && head;
    const Parts parts = split_setting(t, SettingMark::kEqual);
    const bool setting = is_key(parts.key, SettingMark::kEqual);
    head = setting ? parts.value.empty() : t.back() == ':' || words_in(t) <= kMostPlainWords;
    fit += setting || head;
    plain += setting && is_plain(parts.value);
    if (setting) keys.insert(parts.key);
    before = indent;
  }
  return all >= kFewestLines && blocks >= kFewestBlocks && fit * 10 >= all * 9 && plain * 10 >= all * kDistinctTenths &&
         keys.size() * 2 >= plain;
}

}  // namespace headroom::detect
