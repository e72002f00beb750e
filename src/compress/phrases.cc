#include "compress/phrases.h"

#include <algorithm>

#include "base/text.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kMostPhrases = 16;
constexpr std::size_t kShortest = 2;

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// It says nothing alone.
bool is_small(std::string_view word) {
  return word.size() < kShortest || base::is_stop_word(word) || base::is_stop_word(base::stem(word));
}

}  // namespace

std::vector<std::string> phrases_of(std::string_view question) {
  std::vector<std::string> phrases;
  std::string before;
  for (std::size_t at = 0; at < question.size() && phrases.size() < kMostPhrases;) {
    std::size_t end = at;
    while (end < question.size() && in_word(question[end])) ++end;
    std::string word(question.substr(at, end - at));
    std::ranges::transform(word, word.begin(), lower);
    if (is_small(word)) word.clear();
    if (!before.empty() && !word.empty()) phrases.push_back(before + " " + word);
    // Only a blank joins words.
    const bool joins = end + 1 < question.size() && question[end] == ' ' && in_word(question[end + 1]);
    before = joins ? word : std::string();
    at = std::max(end, at) + 1;
  }
  return phrases;
}

std::size_t find_phrase(std::string_view text, std::string_view phrase, std::size_t from) {
  for (std::size_t at = text.find(phrase, from); at != std::string_view::npos; at = text.find(phrase, at + 1)) {
    const std::size_t end = at + phrase.size();
    if ((at == 0 || !in_word(text[at - 1])) && (end == text.size() || !in_word(text[end]))) return at;
  }
  return std::string_view::npos;
}

}  // namespace headroom::compress
