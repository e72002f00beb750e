#include "compress/focus/asked_lines.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "base/text.h"
#include "compress/json/question.h"
#include "compress/phrases.h"

namespace headroom::compress::focus {
namespace {

constexpr std::size_t kFewLines = 12;   // a word in no more lines than this singles them out
constexpr std::size_t kPairLines = 40;  // lines with two less rare words

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

enum class Sign : std::uint8_t { kOther, kLetter, kDigit, kBlank };

constexpr std::array<Sign, 256> kSigns = [] {
  std::array<Sign, 256> signs{};
  for (int c = 'a'; c <= 'z'; ++c)
    signs[static_cast<std::size_t>(c)] = signs[static_cast<std::size_t>(c - 32)] = Sign::kLetter;
  for (int c = '0'; c <= '9'; ++c) signs[static_cast<std::size_t>(c)] = Sign::kDigit;
  signs[' '] = signs['\t'] = Sign::kBlank;
  return signs;
}();

Sign sign_of(char c) {
  return kSigns[static_cast<unsigned char>(c)];
}

/// "12" is not in "312", "run" not in "prune"; "get_user" is in "get_user_by_id" all the same.
bool cut_off(std::string_view text, std::size_t at, std::string_view needle) {
  const std::size_t after = at + needle.size();
  const auto joined = [](char a, char b) { return (digit(a) && digit(b)) || (letter(a) && letter(b)); };
  return (at > 0 && joined(text[at - 1], needle.front())) ||
         (after < text.size() && joined(needle.back(), text[after]));
}

class Asked {
 public:
  Asked(std::string_view text, std::span<const std::string_view> lines)
      : text_(text), lines_(lines), asked_(lines.size(), 0) {}

  void find_literal(std::string_view literal) {
    if (lines_.empty() || literal.size() < 2) return;
    std::vector<std::size_t> hits;
    std::size_t line = 0;
    const std::size_t most = std::max(kFewLines, lines_.size() / 25);
    std::size_t begin = 0;
    for (std::size_t at = text_.find(literal); at != std::string_view::npos; at = text_.find(literal, at + 1)) {
      if (cut_off(text_, at, literal)) continue;
      while (begin + lines_[line].size() < at && line + 1 < lines_.size()) begin += lines_[line++].size() + 1;
      if (hits.empty() || hits.back() != line) hits.push_back(line);
    }
    if (hits.size() <= most) {
      for (const std::size_t i : hits) asked_[i] = 1;
      found_ += !hits.empty() && std::ranges::any_of(literal, digit) ? std::string(literal) + ' ' : "";
    } else {
      asked_[hits[0]] = asked_[hits[1]] = asked_[hits.back()] = 1;
    }
  }

  /// Lines that say two words as the question says them, side by side, where they are few.
  void find_phrases(std::span<const std::string> phrases) {
    if (phrases.empty() || lines_.empty()) return;
    std::string low(text_);
    std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
    for (const std::string& phrase : phrases) {
      std::vector<std::size_t> hits;
      std::size_t line = 0;
      std::size_t begin = 0;
      for (std::size_t at = find_phrase(low, phrase); at != std::string::npos && hits.size() <= kFewLines;
           at = find_phrase(low, phrase, at + 1)) {
        while (begin + lines_[line].size() < at && line + 1 < lines_.size()) begin += lines_[line++].size() + 1;
        if (hits.empty() || hits.back() != line) hits.push_back(line);
      }
      if (hits.size() > kFewLines || hits.size() * 10 > lines_.size()) continue;
      for (const std::size_t i : hits) asked_[i] = 1;
    }
  }

  void find_words(const json::Question& question) {
    std::vector<std::uint64_t> mask(lines_.size());
    // "service" of "service17", which is found, names none of the other services.
    const std::uint64_t named = question.user_words_in(found_);
    std::array<std::size_t, json::Question::kMaxTerms> count{};
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      mask[i] = question.user_words_in(lines_[i].substr(0, 2000)) & ~named;
      for (std::uint64_t bits = mask[i]; bits != 0; bits &= bits - 1)
        ++count[static_cast<std::size_t>(std::countr_zero(bits))];
    }
    std::uint64_t rare = 0;
    std::uint64_t uncommon = 0;
    for (std::size_t k = 0; k < count.size(); ++k) {
      if (count[k] > 0 && count[k] <= kFewLines && count[k] * 10 <= lines_.size()) rare |= 1ULL << k;
      if (count[k] > 0 && count[k] * 12 <= lines_.size()) uncommon |= 1ULL << k;
    }
    const auto pair = [&](std::uint64_t m) { return std::popcount(m & uncommon) >= 2; };
    const bool pairs = std::ranges::count_if(mask, pair) <= static_cast<std::ptrdiff_t>(kPairLines);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if ((mask[i] & rare) != 0 || (pairs && pair(mask[i]))) asked_[i] = 1;
    }
  }

  std::vector<std::uint8_t> take() { return std::move(asked_); }

 private:
  std::string_view text_;
  std::span<const std::string_view> lines_;
  std::vector<std::uint8_t> asked_;
  std::string found_;  ///< names with numbers that few lines hold
};

}  // namespace

std::vector<std::uint8_t> asked_lines(std::string_view text, std::span<const std::string_view> lines,
                                      const Query& query) {
  const json::Question question(query);
  Asked asked(text, lines);
  for (const std::string& literal : question.literals()) asked.find_literal(literal);
  asked.find_phrases(phrases_of(query.user));
  if (!question.terms().empty()) asked.find_words(question);
  return asked.take();
}

std::size_t estimated_tokens(std::string_view line) {
  std::size_t tokens = 1;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t begin = at;
    const Sign sign = sign_of(line[at]);
    while (++at < line.size() && sign_of(line[at]) == sign) {
    }
    const std::size_t run = at - begin;
    switch (sign) {
      case Sign::kLetter:
        tokens += (run + 6) / 7;
        break;
      case Sign::kDigit:
        tokens += (run + 2) / 3;
        break;
      case Sign::kBlank:
        tokens += run > 1;
        break;
      case Sign::kOther:
        tokens += (run + 1) / 2;
    }
  }
  return tokens;
}

std::size_t gap_tokens(std::size_t first, std::size_t last, std::string_view what) {
  const std::size_t numbers = (first > 999 ? 2 : 1) + (last == first ? 0 : last > 999 ? 3 : 2);
  return 2 + numbers + (what.empty() ? 0 : 1 + estimated_tokens(what));
}

}  // namespace headroom::compress::focus
