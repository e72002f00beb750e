#include "detect/cuts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/byte_set.h"
#include "base/text.h"
#include "detect/file_type.h"
#include "detect/gutter.h"
#include "detect/json_extent.h"
#include "detect/line_shape.h"
#include "detect/xml_shape.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kMostSections = 256;

/// The lines of a text with the offsets where they begin.
struct Lines {
  explicit Lines(std::string_view text) : all(base::split_lines(text)), size(text.size()), base(text.data()) {}

  std::size_t count() const { return all.size(); }
  std::string_view operator[](std::size_t i) const { return all[i]; }
  /// Offset of line `i`; of the end of the text for the line after the last.
  std::size_t begin(std::size_t i) const {
    return i < all.size() ? static_cast<std::size_t>(all[i].data() - base) : size;
  }

  std::vector<std::string_view> all;
  std::size_t size;
  const char* base;
};

/// The value of an attribute in a tag: path of <file path="a.py" lines="3">.
std::string attribute(std::string_view tag, std::string_view name) {
  const std::size_t at = tag.find(name);
  if (at == kNone || at + name.size() + 1 >= tag.size() || tag[at + name.size()] != '=') return {};
  std::string_view value = tag.substr(at + name.size() + 1);
  const char quote = value.front();
  if (quote != '"' && quote != '\'') return {};
  value.remove_prefix(1);
  return std::string(value.substr(0, value.find(quote)));
}

constexpr std::array<std::string_view, 13> kTags = {
    "file",   "document", "file_content", "source_file",   "document_content", "documentcontent", "stdout",
    "stderr", "output",   "result",       "search_result", "tool_output",      "content"};

/// The name of the tag that the line opens and does not close; empty when it does none.
std::string_view opened_tag(std::string_view line) {
  const std::string_view t = base::trim(line);
  if (t.size() < 5 || t.front() != '<' || t.back() != '>') return {};
  const std::size_t end = t.find_first_of(" >", 1);
  const std::string_view name = t.substr(1, end - 1);
  if (t[t.size() - 2] == '/' || t.find('<', 1) != kNone) return {};
  const auto known = std::ranges::find_if(kTags, [&](std::string_view tag) { return base::equals_ci(name, tag); });
  return known == kTags.end() ? std::string_view() : name;
}

bool closes_tag(std::string_view line, std::string_view name) {
  const std::string_view t = base::trim(line);
  return t.size() == name.size() + 3 && t.starts_with("</") && t.substr(2, name.size()) == name && t.back() == '>';
}

/// A line of at least eight equal signs: "========", "::::::::".
bool is_ruler(std::string_view line) {
  const std::string_view t = base::trim(line);
  return t.size() >= 8 && std::string_view("=-:#*~_").find(t.front()) != kNone &&
         t.find_first_not_of(t.front()) == kNone;
}

std::string_view without_label(std::string_view text) {
  for (std::string_view label : {std::string_view("file:"), std::string_view("path:"), std::string_view("filename:"),
                                 std::string_view("file ")}) {
    if (text.size() > label.size() && base::equals_ci(text.substr(0, label.size()), label)) {
      return base::trim(text.substr(label.size()));
    }
  }
  return text;
}

/// The path that line `i` announces; empty when it is no header of a file.
std::string_view announced_path(const Lines& lines, std::size_t i) {
  static constexpr std::string_view kFrame = "-=#*~<>+";
  const std::string_view t = base::trim(lines[i]);
  if (t.size() < 5 || t.size() > 300) return {};
  const std::size_t left = t.find_first_not_of(kFrame);
  if (left == kNone) return {};
  const std::size_t right = t.size() - 1 - t.find_last_not_of(kFrame);
  std::string_view inside = base::trim(t.substr(left, t.size() - left - right));
  const std::string_view path = without_label(inside);
  if (!looks_like_path(path)) return {};
  if (left >= 2 && right >= 2 && t[left] == ' ') return path;
  const bool ruled = i > 0 && i + 1 < lines.count() && is_ruler(lines[i - 1]) && is_ruler(lines[i + 1]);
  return ruled && left <= 2 && right == 0 ? path : std::string_view();
}

/// The first word of a line that is the path of a file of some known kind: in "[File: /w/a.py (90 lines)]",
/// "<file><path>a.py</path>", "### src/a.py", "`cat -n` on a.py:", "12:30:src/a.ts"; empty when there is none.
std::string_view path_in(std::string_view line) {
  static constexpr base::ByteSet kBetween(" \t<>[]()\"'`=,;:*#");
  static constexpr std::size_t kLongest = 400;
  line = line.substr(0, kLongest);
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && !kBetween.has(line[end])) ++end;
    std::string_view word = line.substr(at, end - at);
    if (word.ends_with('.')) word.remove_suffix(1);
    if (looks_like_path(word) && content_type_of_path(word) != ContentType::kOther) return word;
    at = end + 1;
  }
  return {};
}

/// A line of hardly more than one path: "src/a.rb", "### `src/a.rb`", "File: src/a.rb:".
bool announces_file(std::string_view line) {
  const std::string_view path = path_in(line);
  return !path.empty() && base::trim(line).size() <= path.size() + 16;
}

/// The path that one of the few lines before `at` names, the nearest first; lines before `from` do not count.
std::string_view path_before(std::string_view text, std::size_t at, std::size_t from) {
  static constexpr int kLines = 4;
  for (int i = 0; i < kLines && at > from; ++i) {
    const std::size_t end = at - 1;  // of the line before, without its break
    const std::size_t before = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
    const std::size_t begin = std::max(before == std::string_view::npos ? 0 : before + 1, from);
    const std::string_view path = path_in(text.substr(begin, end - begin));
    if (!path.empty()) return path;
    at = begin;
  }
  return {};
}

struct Fence {
  std::size_t width = 0;
  char sign = '`';
  std::string_view info;
};

std::optional<Fence> fence(std::string_view line) {
  const std::string_view t = base::trim(line);
  if (t.size() < 3 || (t.front() != '`' && t.front() != '~')) return std::nullopt;
  Fence f{.sign = t.front()};
  while (f.width < t.size() && t[f.width] == f.sign) ++f.width;
  f.info = base::trim(t.substr(f.width));
  if (f.width < 3 || (f.sign == '`' && f.info.find('`') != kNone)) return std::nullopt;
  return f;
}

/// "### Result 12: ...", "[3] title", "Document #4" -> its number; -1: none.
long section_number(std::string_view line) {
  static constexpr std::array<std::string_view, 12> kWords = {
      "result", "document", "source", "chunk", "section", "hit", "passage", "snippet", "item", "page", "match", "doc"};
  std::string_view t = base::trim(line);
  const bool bracket = t.starts_with("[");
  const std::size_t letters = t.find_first_not_of("#*=-[ ");
  if (letters == kNone || letters > 8) return -1;
  const bool framed = letters > 0;
  t.remove_prefix(letters);
  std::size_t word = 0;
  while (word < t.size() && std::isalpha(static_cast<unsigned char>(t[word])) != 0) ++word;
  const bool known =
      std::ranges::any_of(kWords, [&](std::string_view w) { return base::equals_ci(t.substr(0, word), w); });
  if (word > 0 && !known) return -1;
  if (word == 0 && !bracket) return -1;
  t.remove_prefix(word);
  while (!t.empty() && (t.front() == ' ' || t.front() == '#')) t.remove_prefix(1);
  long value = 0;
  std::size_t digits = 0;
  while (digits < t.size() && digits < 5 && std::isdigit(static_cast<unsigned char>(t[digits])) != 0) {
    value = value * 10 + (t[digits++] - '0');
  }
  if (digits == 0) return -1;
  t.remove_prefix(digits);
  if (!t.empty() && std::string_view(" :.]-)/*=").find(t.front()) == kNone) return -1;
  if (word == 0 && !t.starts_with("]")) return -1;
  // "Result 3 of the run was" is a sentence.
  return framed || t.empty() || t.front() == ':' || t.starts_with(" of ") ? value : -1;
}

/// Adds a note of the client, but for the long list in it, such as of the project's files.
void add_listing_note(std::string_view text, std::size_t begin, std::size_t end, Cuts& cuts) {
  static constexpr std::size_t kLongList = 2 * kSmallestPart;
  std::size_t first = begin, from = begin, to = begin;
  for (std::size_t at = begin; at < end;) {
    const std::size_t line_end = std::min(text.find('\n', at), end - 1) + 1;
    const std::string_view line = base::trim(text.substr(at, line_end - at));
    if (line.empty() || line.find_first_of(" <") != kNone) {
      first = line_end;
    } else if (line_end - first > to - from) {
      from = first;
      to = line_end;
    }
    at = line_end;
  }
  if (to - from < kLongList) from = to = end;
  cuts.push_back({begin, from, ContentType::kOther, "a note of the client", {}, true});
  if (to < end) cuts.push_back({to, end, ContentType::kOther, "a note of the client", {}, true});
}

}  // namespace

Cuts find_reminders(std::string_view text) {
  Cuts cuts;
  // What clients put behind a result: rules for the model, and what the editor shows just now.
  static constexpr std::string_view kListing = "environment_details";
  for (std::string_view name : {std::string_view("system-reminder"), kListing}) {
    const std::string open = "<" + std::string(name) + ">";
    const std::string close = "</" + std::string(name) + ">";
    for (std::size_t at = text.find(open); at != kNone; at = text.find(open, at)) {
      const std::size_t closed = text.find(close, at);
      if (closed == kNone) break;
      std::size_t end = closed + close.size();
      if (at == 0 || text[at - 1] == '\n') {
        if (end < text.size() && text[end] == '\n') ++end;
        if (name == kListing) {
          add_listing_note(text, at, end, cuts);
        } else {
          cuts.push_back({at, end, ContentType::kOther, "a note of the client", {}, true});
        }
      }
      at = end;
    }
  }
  std::ranges::sort(cuts, {}, &Cut::begin);
  // One that stands in another is part of it.
  std::size_t behind = 0;
  std::erase_if(cuts, [&](const Cut& cut) {
    if (cut.begin < behind) return true;
    behind = cut.end;
    return false;
  });
  return cuts;
}

Cuts find_numbered_files(std::string_view text) {
  Cuts cuts;
  std::size_t from = 0;
  for (const LineRun& run : numbered_runs(text)) {
    cuts.push_back({run.begin, run.end, ContentType::kOther, {}, std::string(path_before(text, run.begin, from))});
    from = run.end;
  }
  return cuts;
}

Cuts find_tagged(std::string_view text) {
  Cuts cuts;
  if (text.find("</") == kNone) return cuts;
  const Lines lines(text);
  std::string path;
  for (std::size_t i = 0; i < lines.count() && cuts.size() < kMostSections; ++i) {
    const std::string_view line = base::trim(lines[i]);
    if (line.starts_with("<source>") && line.ends_with("</source>")) path = line.substr(8, line.size() - 17);
    const std::string_view tag = opened_tag(line);
    if (tag.empty()) continue;
    std::string named = attribute(line, "path");
    for (std::string_view key : {"name", "filename", "source", "src"}) {
      if (named.empty()) named = attribute(line, key);
    }
    std::size_t close = i + 1;
    // A document's own tags name its source; what counts is the content inside.
    if (base::equals_ci(tag, "document") || base::equals_ci(tag, "file")) path = named;
    bool nested = false;
    while (close < lines.count() && !closes_tag(lines[close], tag)) {
      nested = nested || (!opened_tag(lines[close]).empty() && close <= i + 3);
      ++close;
    }
    if (close >= lines.count()) continue;
    if (nested) continue;
    cuts.push_back({lines.begin(i + 1), lines.begin(close), ContentType::kOther, {}, named.empty() ? path : named});
    i = close;
  }
  std::erase_if(cuts, [](const Cut& cut) { return cut.end == cut.begin; });
  return cuts;
}

Cuts find_files(std::string_view text) {
  const Lines lines(text);
  Cuts cuts;
  bool distinct = false;
  for (std::size_t i = 0; i < lines.count(); ++i) {
    const std::string_view path = announced_path(lines, i);
    if (path.empty()) continue;
    if (!cuts.empty()) {
      distinct = distinct || cuts.back().path != path;
      // A ruler above the header belongs to it.
      cuts.back().end = lines.begin(i > 0 && is_ruler(lines[i - 1]) ? i - 1 : i);
    }
    if (cuts.size() == kMostSections) return {};
    const std::size_t first = i + 1 < lines.count() && is_ruler(lines[i + 1]) ? i + 2 : i + 1;
    cuts.push_back({lines.begin(first), text.size(), ContentType::kOther, {}, std::string(path)});
  }
  if (cuts.size() < 2 || !distinct) return {};
  std::erase_if(cuts, [](const Cut& cut) { return cut.end <= cut.begin; });
  return cuts;
}

Cuts find_fences(std::string_view text) {
  Cuts cuts;
  if (text.find("```") == kNone && text.find("~~~") == kNone) return cuts;
  const Lines lines(text);
  for (std::size_t i = 0; i < lines.count() && cuts.size() < kMostSections; ++i) {
    const auto open = fence(lines[i]);
    if (!open) continue;
    std::size_t close = i + 1;
    for (; close < lines.count(); ++close) {
      const auto end = fence(lines[close]);
      if (end && end->sign == open->sign && end->width >= open->width && end->info.empty()) break;
    }
    if (close >= lines.count()) return {};  // not balanced: not what it looks like
    Cut cut{lines.begin(i + 1), lines.begin(close), content_type_of_language(open->info)};
    if (cut.type != ContentType::kOther) cut.reason = "fenced as " + std::string(open->info.substr(0, 20));
    // JSON and its like say themselves what they are.
    if (cut.type == ContentType::kJson || cut.type == ContentType::kNdjson) cut.type = ContentType::kOther;
    // "```12:30:src/a.ts", or the path on the line above: a file that is shown, or some of it.
    std::string_view path = path_in(open->info);
    if (path.empty() && i > 0 && announces_file(lines[i - 1])) path = path_in(lines[i - 1]);
    if (!path.empty()) {
      cut.type = ContentType::kOther;
      cut.path = path;
    }
    if (cut.end - cut.begin >= kSmallestPart) cuts.push_back(std::move(cut));
    i = close;
  }
  return cuts;
}

Cuts find_numbered_sections(std::string_view text) {
  const Lines lines(text);
  Cuts cuts;
  long last = -1;
  for (std::size_t i = 0; i < lines.count(); ++i) {
    const long number = section_number(lines[i]);
    if (number < 0 || (last >= 0 && number != last + 1)) continue;
    if (!cuts.empty()) cuts.back().end = lines.begin(i);
    if (cuts.size() == kMostSections) return {};
    cuts.push_back({lines.begin(i + 1), text.size()});
    last = number;
  }
  if (cuts.size() < 3) return {};
  std::erase_if(cuts, [](const Cut& cut) { return cut.end <= cut.begin; });
  return cuts;
}

Cuts find_values(std::string_view text) {
  static constexpr std::size_t kMostValues = 16;
  static constexpr std::size_t kLongestLabel = 120;
  static constexpr base::ByteSet kOpens("{[");
  static constexpr base::ByteSet kEndsLabel(" :=\t");
  Cuts cuts;
  const Lines lines(text);
  std::size_t looked = 0;
  for (std::size_t i = 0; i < lines.count() && looked <= 3 * text.size() + 4096; ++i) {
    const std::string_view line = lines[i];
    if (line.starts_with("<") &&
        (base::contains_ci(line.substr(0, 20), "<!doctype html") || line.starts_with("<html"))) {
      std::size_t end = text.rfind("</html>");
      end = end == kNone || end < lines.begin(i) ? text.size() : std::min(text.size(), end + 8);
      if (end - lines.begin(i) >= kSmallestPart) {
        cuts.push_back({lines.begin(i), end, ContentType::kHtml, "an HTML document after other text"});
      }
      break;
    }
    if (line.starts_with("<?xml ")) {
      const std::size_t from = lines.begin(i);
      const std::size_t end = from + declared_xml_size(text.substr(from));
      looked += end > from ? end - from : text.size() - from;
      const std::size_t rest = text.find_first_not_of(" \t\r", end);
      if (end - from >= kSmallestPart && (rest == kNone || text[rest] == '\n')) {
        cuts.push_back({from, end, ContentType::kXml, "an XML document among other text"});
        while (i + 1 < lines.count() && lines.begin(i + 1) < end) ++i;
        continue;
      }
    }
    // A run of lines that are JSON each.
    std::size_t run = i;
    while (run < lines.count() && lines[run].starts_with("{\"") && is_json_line(lines[run])) ++run;
    if (run - i >= 4) {
      if (lines.begin(run) - lines.begin(i) >= kSmallestPart) {
        cuts.push_back({lines.begin(i), lines.begin(run), ContentType::kNdjson, "lines that are JSON values each"});
      }
      i = run - 1;
      continue;
    }
    const std::size_t open = kOpens.first_in(line.substr(0, kLongestLabel + 1));
    if (open == kNone || (open > 0 && !kEndsLabel.has(line[open - 1]))) continue;
    const std::size_t from = lines.begin(i) + open;
    std::size_t end = json_extent(text, from, looked);
    if (end == kNone) continue;
    const std::size_t rest = text.find_first_not_of(" \t\r", end);
    if (rest != kNone && text[rest] != '\n') continue;
    if (end - from >= kSmallestPart) cuts.push_back({from, end, ContentType::kJson, "a JSON value among other text"});
    while (i + 1 < lines.count() && lines.begin(i + 1) < end) ++i;
  }
  if (cuts.size() > kMostValues) cuts.clear();
  return cuts;
}

Cuts find_tables(std::string_view text) {
  static constexpr std::size_t kFewestRows = 8;
  Cuts cuts;
  const Lines lines(text);
  const auto row = [&](std::size_t i) {
    const std::string_view t = base::trim(lines[i]);
    return t.size() > 2 && t.front() == '|' && t.back() == '|';
  };
  for (std::size_t i = 0; i < lines.count();) {
    std::size_t end = i;
    while (end < lines.count() && row(end)) ++end;
    if (end - i >= kFewestRows && lines[i + 1].find("---") != kNone &&
        lines.begin(end) - lines.begin(i) >= kSmallestPart) {
      cuts.push_back({lines.begin(i), lines.begin(end), ContentType::kTable, "a Markdown table"});
    }
    i = std::max(end, i + 1);
  }
  // A table with a title is one thing.
  std::size_t inside = 0;
  for (const Cut& cut : cuts) inside += cut.end - cut.begin;
  if (text.size() - inside < kSmallestPart) cuts.clear();
  return cuts;
}

}  // namespace headroom::detect
