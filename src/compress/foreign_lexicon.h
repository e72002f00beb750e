#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace headroom::compress {

/// What the tables of foreign_words.h say, by the sounds of words and by signs. Immutable.
class Lexicon {
 public:
  /// The one of this process, made when it is first needed.
  static const Lexicon& get();

  /// English for words that sound so ('_' parts words that stand together) or for signs; nullptr: not known.
  const std::string_view* word(std::string_view form) const { return find(words_, form); }
  const std::string_view* request(std::string_view form) const { return find(requests_, form); }
  const std::string_view* opening(std::string_view form) const { return find(openings_, form); }
  bool small(std::string_view plain_word) const { return small_.contains(plain_word); }
  /// Some entry begins with the sign.
  bool begins(std::string_view sign) const { return first_signs_.contains(sign); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Meanings = std::unordered_map<std::string, std::string_view, Hash, std::equal_to<>>;

  Lexicon();
  template <typename Rows>
  void add(Rows rows, Meanings& to);
  static const std::string_view* find(const Meanings& meanings, std::string_view form) {
    const auto found = meanings.find(form);
    return found == meanings.end() ? nullptr : &found->second;
  }

  Meanings words_, requests_, openings_;
  std::unordered_set<std::string_view> small_, first_signs_;
};

/// Which language a plain word tells: small words and question words that English does not have, and those that only it
/// has.
enum class Tells : std::uint8_t { kNothing, kForeign, kEnglish };
Tells what_tells(std::string_view plain_word);

/// Calls `use` with each of the forms, which blanks separate.
template <typename Use>
void each_form(std::string_view forms, Use use) {
  for (std::size_t at = 0; at < forms.size();) {
    const std::size_t end = std::min(forms.find(' ', at), forms.size());
    if (end > at) use(forms.substr(at, end - at));
    at = end + 1;
  }
}

}  // namespace headroom::compress
