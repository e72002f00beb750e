#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/sixteen_bytes.h"

namespace headroom::base {
namespace {

enum class CharClass : std::uint8_t { kOther, kLower, kUpper, kDigit };

CharClass char_class(char c) {
  if (c >= 'a' && c <= 'z') return CharClass::kLower;
  if (c >= 'A' && c <= 'Z') return CharClass::kUpper;
  if (c >= '0' && c <= '9') return CharClass::kDigit;
  return static_cast<unsigned char>(c) >= 0x80 ? CharClass::kLower : CharClass::kOther;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

constexpr std::uint64_t kLowerBits = 0x2020202020202020;

/// The byte, in lower case where it is a letter, eight times.
std::uint64_t every_byte(char c) {
  return (static_cast<unsigned char>(c) | 0x20U) * std::uint64_t{0x0101010101010101};
}

std::uint64_t eight_bytes(const char* from) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

/// Not 0 in bytes that are 0, and perhaps in bytes above those.
std::uint64_t zero_bytes(std::uint64_t bytes) {
  return (bytes - 0x0101010101010101) & ~bytes & 0x8080808080808080;
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

/// True where a new part of an identifier starts at `at` (> 0): "fooBar", "HTTPServer", "v2", "2x".
bool part_starts(std::string_view word, std::size_t at) {
  const CharClass before = char_class(word[at - 1]);
  const CharClass here = char_class(word[at]);
  if ((before == CharClass::kDigit) != (here == CharClass::kDigit)) return true;
  if (here != CharClass::kUpper) return false;
  if (before == CharClass::kLower) return true;
  return before == CharClass::kUpper && at + 1 < word.size() && char_class(word[at + 1]) == CharClass::kLower;
}

void add_parts(std::string_view run, std::vector<std::string>& out) {
  std::size_t begin = 0;
  for (std::size_t at = 1; at <= run.size(); ++at) {
    if (at < run.size() && !part_starts(run, at)) continue;
    out.push_back(stem(lowered(run.substr(begin, at - begin))));
    begin = at;
  }
}

bool cut(std::string_view& word, std::string_view ending, std::size_t shortest) {
  if (word.size() < shortest + ending.size() || !word.ends_with(ending)) return false;
  word.remove_suffix(ending.size());
  return true;
}

}  // namespace

std::size_t count_lines(std::string_view text) {
  // Sixteen counters of a byte each, emptied before they are full.
  constexpr std::size_t kSize = sizeof(SixteenBytes);
  std::size_t breaks = 0;
  std::size_t at = 0;
  while (at + kSize <= text.size()) {
    SixteenBytes counts{};
    for (const std::size_t end = std::min(text.size(), at + 255 * kSize); at + kSize <= end; at += kSize) {
      SixteenBytes bytes;
      std::memcpy(&bytes, text.data() + at, kSize);
      counts -= reinterpret_cast<SixteenBytes>(bytes == '\n');  // all ones, which is -1
    }
    for (std::size_t i = 0; i < kSize; ++i) breaks += counts[i];
  }
  for (; at < text.size(); ++at) breaks += text[at] == '\n';
  return breaks + (text.empty() || text.ends_with('\n') ? 0 : 1);
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  lines.reserve(count_lines(text));
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) {
      lines.push_back(text.substr(begin));
      break;
    }
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string stem(std::string_view word) {
  const bool ascii = std::ranges::all_of(word, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii || word.size() < 4) return std::string(word);
  std::string_view base = word;
  if (cut(base, "ies", 2)) return std::string(base) + "y";
  if (base.ends_with("sses") || base.ends_with("shes") || base.ends_with("ches") || base.ends_with("xes")) {
    base.remove_suffix(2);
  } else if (base.ends_with("s") && !base.ends_with("ss") && !base.ends_with("us") && !base.ends_with("is")) {
    base.remove_suffix(1);
  }
  if (cut(base, "ing", 3) || cut(base, "ed", 3)) {
    const std::size_t n = base.size();
    if (n > 2 && base[n - 1] == base[n - 2] && base[n - 1] != 's' && base[n - 1] != 'l') base.remove_suffix(1);
  } else if (!cut(base, "ment", 4) && !cut(base, "ure", 4) && !cut(base, "ly", 4)) {
    if (base.size() > 5 && (base.ends_with("tion") || base.ends_with("sion"))) base.remove_suffix(3);
  }
  if (base.size() > 3 && base.ends_with("e")) base.remove_suffix(1);
  return std::string(base);
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && char_class(text[at]) == CharClass::kOther) ++at;
    std::size_t end = at;
    std::size_t parts = 0;
    const std::size_t first = out.size();
    // An identifier is runs of word characters joined by single '_' or '-'; its runs are words, and so is the whole.
    while (end < text.size()) {
      std::size_t run = end;
      while (run < text.size() && char_class(text[run]) != CharClass::kOther) ++run;
      add_parts(text.substr(end, run - end), out);
      ++parts;
      end = run;
      const bool joined = run + 1 < text.size() && (text[run] == '_' || text[run] == '-') &&
                          char_class(text[run + 1]) != CharClass::kOther;
      if (!joined) break;
      ++end;
    }
    if ((parts > 1 || out.size() - first > 1) && end - at <= 64) out.push_back(lowered(text.substr(at, end - at)));
    at = end;
  }
  return out;
}

bool is_stop_word(std::string_view word) {
  // Sorted; words as stem() leaves them beside their plain forms.
  static constexpr std::array<std::string_view, 117> kStopWords = {
      "a",     "about",  "all",        "also", "am",    "an",     "and",   "ani",     "any",   "are",  "as",
      "at",    "be",     "been",       "but",  "by",    "can",    "could", "did",     "do",    "doe",  "does",
      "each",  "every",  "everything", "find", "for",   "from",   "get",   "giv",     "give",  "had",  "has",
      "hav",   "have",   "he",         "her",  "here",  "him",    "his",   "how",     "i",     "if",   "in",
      "into",  "is",     "it",         "its",  "just",  "let",    "list",  "look",    "me",    "mor",  "more",
      "my",    "need",   "no",         "of",   "on",    "one",    "or",    "other",   "our",   "out",  "per",
      "pleas", "please", "s",          "see",  "she",   "should", "show",  "so",      "som",   "some", "still",
      "such",  "t",      "tell",       "than", "that",  "the",    "their", "them",    "then",  "ther", "there",
      "thes",  "these",  "they",       "thi",  "this",  "thos",   "those", "to",      "up",    "us",   "via",
      "was",   "we",     "were",       "what", "when",  "wher",   "where", "whether", "which", "who",  "whos",
      "whose", "why",    "will",       "with", "would", "you",    "your"};
  return std::ranges::binary_search(kStopWords, word);
}

std::string_view trim(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  std::size_t begin = 0;
  std::size_t end = text.size();
  while (end > 0 && space(text[end - 1])) --end;
  if (end == 0) return {};
  while (space(text[begin])) ++begin;
  return text.substr(begin, end - begin);
}

bool equals_ci(std::string_view text, std::string_view lower_case) {
  return std::ranges::equal(text, lower_case, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
}

bool contains_ci(std::string_view haystack, std::string_view lower_case_needle) {
  const std::size_t size = lower_case_needle.size();
  if (size == 0) return true;
  if (haystack.size() < size) return false;
  const std::size_t places = haystack.size() - size + 1;
  const auto stands_at = [&](std::size_t at) {
    std::size_t same = 0;
    while (same < size && lower(haystack[at + same]) == lower_case_needle[same]) ++same;
    return same == size;
  };
  std::size_t at = 0;
  if (size >= 2) {
    // Eight places at a time by their first two bytes; what these let through is looked at byte by byte.
    const std::uint64_t first = every_byte(lower_case_needle[0]), second = every_byte(lower_case_needle[1]);
    for (; at + 8 <= places; at += 8) {
      const std::uint64_t here = eight_bytes(haystack.data() + at) | kLowerBits;
      const std::uint64_t next = eight_bytes(haystack.data() + at + 1) | kLowerBits;
      if ((zero_bytes(here ^ first) & zero_bytes(next ^ second)) == 0) continue;
      for (std::size_t i = at; i < at + 8; ++i) {
        if (stands_at(i)) return true;
      }
    }
  }
  for (; at < places; ++at) {
    if (stands_at(at)) return true;
  }
  return false;
}

}  // namespace headroom::base
