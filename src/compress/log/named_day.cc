#include "compress/log/named_day.h"

#include <algorithm>
#include <array>
#include <string>

namespace headroom::compress::log {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

bool digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
bool letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

/// "Nov", "november": 11; 0: no month.
unsigned month_of(std::string_view word) {
  if (word.size() < 3 || word.size() > 9) return 0;
  const std::array<char, 3> head = {lower(word[0]), lower(word[1]), lower(word[2])};
  const std::string_view text(head.data(), head.size());
  const auto found = std::ranges::find(kMonths, text);
  return found == kMonths.end() ? 0 : static_cast<unsigned>(found - kMonths.begin() + 1);
}

/// A run of letters or of digits.
struct Word {
  std::string_view text;
  std::size_t at = 0;
  bool number() const { return digit(text[0]); }
  unsigned value() const {
    unsigned n = 0;
    for (const char c : text.substr(0, 5)) n = n * 10 + static_cast<unsigned>(c - '0');
    return n;
  }
};

Word next_word(std::string_view text, std::size_t at) {
  while (at < text.size() && !digit(text[at]) && !letter(text[at])) ++at;
  if (at >= text.size()) return {{}, at};
  std::size_t end = at;
  while (end < text.size() && digit(text[at]) == digit(text[end]) && (digit(text[end]) || letter(text[end]))) ++end;
  return {text.substr(at, end - at), at};
}

bool is_day(const Word& word) {
  return word.number() && word.text.size() <= 2 && word.value() >= 1 && word.value() <= 31;
}

bool is_ordinal(std::string_view text) {
  return text == "st" || text == "nd" || text == "rd" || text == "th";
}

/// Calls `use` with each word and the one right before it.
template <typename Use>
void each_pair(std::string_view text, Use use) {
  Word before;
  for (Word word = next_word(text, 0); !word.text.empty(); word = next_word(text, word.at + word.text.size())) {
    // What stands farther apart is no date.
    const bool near = !before.text.empty() && word.at - before.at - before.text.size() <= 2;
    use(near ? before : Word{}, word);
    before = word;
  }
}

}  // namespace

std::optional<NamedDay> named_day(std::string_view question) {
  std::optional<NamedDay> found;
  each_pair(question, [&](const Word& before, const Word& word) {
    if (before.text.empty()) return;
    if (is_day(before) && is_ordinal(word.text) && !found) found = NamedDay{before.value(), 0};
    if (is_day(before) && !word.number() && month_of(word.text) != 0) found = {before.value(), month_of(word.text)};
    if (is_day(word) && !before.number() && month_of(before.text) != 0) found = {word.value(), month_of(before.text)};
  });
  return found;
}

bool holds_day(std::string_view line, NamedDay day) {
  const auto is_it = [&](const Word& number, unsigned month) {
    return is_day(number) && number.value() == day.day && month != 0 && (day.month == 0 || day.month == month);
  };
  bool found = false;
  Word earlier;
  each_pair(line, [&](const Word& before, const Word& word) {
    if (before.text.empty()) {
      earlier = {};
      return;
    }
    if (!before.number()) found |= is_it(word, month_of(before.text));
    if (!word.number()) found |= is_it(before, month_of(word.text));
    const bool year = !earlier.text.empty() && earlier.number() && earlier.text.size() == 4;
    if (year && before.number() && before.text.size() == 2 && word.number() && line[before.at - 1] == '-') {
      found |= before.value() <= 12 && is_it(word, before.value());
    }
    earlier = before;
  });
  return found;
}

}  // namespace headroom::compress::log
