#include "compress/log/excerpt.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/log/scanner.h"
#include "compress/log/tuples.h"
#include "compress/log/vocabulary.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kLong = 700;   // bytes
constexpr std::size_t kBegin = 240;  // bytes that are shown of the beginning, ...
constexpr std::size_t kEnd = 100;    // ... of the end,
constexpr std::size_t kBefore = 60;  // ... and around a word
constexpr std::size_t kAfter = 120;
constexpr std::size_t kMostValues = 200;  // of a request; more are no question
constexpr std::size_t kSamePlaces = 4;    // places shown for one word
constexpr std::size_t kShortestWord = 3;
constexpr std::size_t kNear = 2;           // lines before and after
constexpr std::size_t kLongestNear = 300;  // bytes
constexpr std::size_t kLongestQuote = 80;  // bytes
constexpr std::string_view kBetween = " ... ";

struct Span {
  std::size_t begin = 0, end = 0;
};

bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool in_word(char c) {
  return letter(c) || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// Markup, data, code, or a blob: what sentences have little of stands in it everywhere.
bool is_dump(std::string_view line) {
  static constexpr std::string_view kMarks = "<>{}[]\"'=\\/:;,&|%@#()+";
  std::size_t marks = 0, spaces = 0;
  for (const char c : line) {
    marks += kMarks.find(c) != std::string_view::npos ? 1U : 0U;
    spaces += c == ' ' ? 1U : 0U;
  }
  return marks * 10 >= line.size() || spaces * 25 < line.size();
}

/// Wider by the rest of a word at each border, if that is short; never through a character.
Span on_borders(std::string_view line, Span span) {
  static constexpr std::size_t kMost = 24;
  for (std::size_t n = 0; n < kMost && span.begin > 0 && in_word(line[span.begin - 1]); ++n) --span.begin;
  for (std::size_t n = 0; n < kMost && span.end < line.size() && in_word(line[span.end]); ++n) ++span.end;
  const auto inside = [&](std::size_t at) {
    return at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U;
  };
  while (span.begin > 0 && inside(span.begin)) --span.begin;
  while (inside(span.end)) ++span.end;
  return span;
}

/// Calls `take` with place and size of each run of letters; "pageCount" is two.
template <typename Take>
void each_word(std::string_view line, Take&& take) {
  for (std::size_t at = 0; at < line.size();) {
    if (!letter(line[at])) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (end < line.size() && letter(line[end]) && !(upper(line[end]) && !upper(line[end - 1]))) ++end;
    take(at, end - at);
    at = end;
  }
}

std::vector<std::string> sorted(std::vector<std::string> words) {
  std::ranges::sort(words);
  const auto same = std::ranges::unique(words);
  words.erase(same.begin(), same.end());
  return words;
}

void add_words(std::string_view text, std::vector<std::string>& words) {
  for (std::string& word : base::words(text)) {
    if (word.size() >= kShortestWord && !base::is_stop_word(word)) words.push_back(std::move(word));
  }
}

/// Words of short texts in quotes.
void add_quoted(std::string_view line, std::vector<std::string>& words) {
  for (std::size_t at = 0; (at = line.find_first_of("\"'`", at)) != std::string_view::npos;) {
    const std::size_t end = line.find(line[at], at + 1);
    if (end == std::string_view::npos) return;
    if (end - at > kShortestWord && end - at < kLongestQuote) add_words(line.substr(at + 1, end - at - 1), words);
    at = end + 1;
  }
}

/// Words of names in parts: "ffi_closure_release".
void add_names(std::string_view line, std::vector<std::string>& words) {
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && in_word(line[end])) ++end;
    const std::string_view name = line.substr(at, end - at);
    const std::size_t cut = name.find('_', 1);
    if (cut != std::string_view::npos && cut + 1 < name.size()) add_words(name, words);
    at = std::max(end, at + 1);
  }
}

/// "57" of "order 57".
void add_numbers(std::string_view text, std::vector<std::string>& numbers) {
  const auto part = [](char c) { return in_word(c) || c == '.'; };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && part(text[end])) ++end;
    std::string_view word = text.substr(at, end - at);
    while (word.ends_with('.')) word.remove_suffix(1);
    const bool number = std::ranges::all_of(word, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    if (!word.empty() && number) numbers.emplace_back(word);
    at = std::max(end, at + 1);
  }
}

/// "E-204" of "the price of E-204?", "AB" of "the one called \"AB\""; what stands in quotes as a whole, too.
void add_values(std::string_view text, std::vector<std::string>& values) {
  constexpr std::string_view kAround = "\"'`()[]{}<>.,;:?!";
  for (std::string_view rest = text; !rest.empty();) {
    std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n"));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    word.remove_prefix(std::min(word.size(), word.find_first_not_of(kAround)));
    word = word.substr(0, word.find_last_not_of(kAround) + 1);
    if (!word.empty()) values.emplace_back(word);
  }
  for (std::size_t at = 0; (at = text.find_first_of("\"`", at)) != std::string_view::npos;) {
    const std::size_t end = text.find(text[at], at + 1);
    if (end == std::string_view::npos) return;
    if (end - at < kLongestQuote) values.emplace_back(text.substr(at + 1, end - at - 1));
    at = end + 1;
  }
}

/// Rows in which the value stands, where it is no plain word or number and few hold it.
void add_holders(std::string_view line, std::span<const Tuple> tuples, std::string_view value,
                 std::vector<Span>& spans) {
  static constexpr std::size_t kShortest = 3, kMost = 4;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool plain = std::ranges::all_of(value, digit) || std::ranges::all_of(value, letter);
  if (value.size() < kShortest || plain) return;
  std::vector<Span> found;
  for (std::size_t at = line.find(value); at != std::string_view::npos; at = line.find(value, at + value.size())) {
    if (at > 0 && in_word(line[at - 1])) continue;
    if (at + value.size() < line.size() && in_word(line[at + value.size()])) continue;
    const auto tuple = std::ranges::upper_bound(tuples, at, {}, &Tuple::end);
    if (tuple == tuples.end() || tuple->begin > at) continue;
    if (found.size() == kMost) return;
    found.push_back({tuple->begin, tuple->end});
  }
  spans.insert(spans.end(), found.begin(), found.end());
}

/// Wider by the rest of the rows that it cuts, where those are short.
Span on_tuples(std::span<const Tuple> tuples, Span span) {
  static constexpr std::size_t kLongest = 400;
  for (const Tuple& tuple : tuples) {
    if (tuple.end - tuple.begin > kLongest) continue;
    if (tuple.begin < span.begin && span.begin < tuple.end) span.begin = tuple.begin;
    if (tuple.begin < span.end && span.end < tuple.end) span.end = tuple.end;
  }
  return span;
}

/// Words that the lines around `line` quote or name.
std::vector<std::string> quoted_around(std::span<const std::string_view> lines, std::size_t line) {
  std::vector<std::string> words;
  for (std::size_t i = line - std::min(line, kNear); i <= line + kNear && i < lines.size(); ++i) {
    if (i == line || lines[i].size() > kLongestNear) continue;
    add_quoted(lines[i], words);
    add_names(lines[i], words);
  }
  return sorted(std::move(words));
}

}  // namespace

Excerpts::Excerpts(const Query& query) {
  add_words(query.user, stems_);
  add_words(query.intent, stems_);
  stems_ = sorted(std::move(stems_));
  add_numbers(query.user, values_);
  add_values(query.user, values_);
  values_ = sorted(std::move(values_));
  if (values_.size() > kMostValues) values_.clear();
}

std::optional<std::string> Excerpts::of(std::span<const std::string_view> lines, std::size_t at_line,
                                        bool asked) const {
  const std::string_view line = lines[at_line];
  if (line.size() < kLong || !is_dump(line)) return std::nullopt;
  const std::vector<Tuple> tuples = tuples_in(line);
  if (asked && tuples.empty()) return std::nullopt;
  const std::vector<std::string> quoted = quoted_around(lines, at_line);
  std::unordered_map<std::string, std::vector<Span>> places;  // by what is said there
  each_word(line, [&](std::size_t at, std::size_t size) {
    if (size < kShortestWord || at < kBegin) return;
    constexpr std::uint16_t kBad = kErrorWord | kProblemWord | kExceptionWord;
    std::string lower(line.substr(at, size));
    std::ranges::transform(lower, lower.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    std::string stem = base::stem(lower);
    if ((lookup_word(word_hash(lower)) & kBad) == 0 && !std::ranges::binary_search(stems_, stem) &&
        !std::ranges::binary_search(quoted, stem)) {
      return;
    }
    places[std::move(stem)].push_back({at - std::min(at, kBefore), std::min(line.size(), at + size + kAfter)});
  });
  std::vector<Span> spans = {{0, kBegin}, {line.size() - kEnd, line.size()}};
  for (const auto& [stem, found] : places) {
    // What stands in many places tells none of them apart.
    for (std::size_t i = 0; i < std::min(found.size(), kSamePlaces); ++i) spans.push_back(found[i]);
  }
  for (Span& span : spans) span = on_borders(line, span);
  if (!tuples.empty()) {
    for (Span& span : spans) span = on_tuples(tuples, span);
    for (const Tuple& tuple : telling_tuples(line, tuples, values_)) spans.push_back({tuple.begin, tuple.end});
    for (const std::string& value : values_) add_holders(line, tuples, value, spans);
  }
  std::ranges::sort(spans, {}, &Span::begin);
  std::string out;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < spans.size();) {
    Span all = spans[i];
    while (++i < spans.size() && spans[i].begin <= all.end + kBetween.size()) all.end = std::max(all.end, spans[i].end);
    if (all.begin > 0) out += kBetween;
    out += line.substr(all.begin, all.end - all.begin);
    shown += all.end - all.begin;
  }
  if (shown * 5 > line.size() * 3) return std::nullopt;
  return out;
}

std::string part_text(std::string_view line, std::string_view part) {
  return fmt::format("{} bytes, in part: {}", line.size(), part);
}

}  // namespace headroom::compress::log
