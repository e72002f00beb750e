#include "context/asked_terms.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "compress/phrases.h"

namespace headroom::context {
namespace {

constexpr std::size_t kMostTerms = 24;
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kShortestWord = 3;
/// Longer lines are nothing that a term singles out.
constexpr std::size_t kLongestLine = 2000;
/// A word that more lines have singles nothing out: so many, or one of so many of the text's.
constexpr std::size_t kFewLines = 8, kOneOf = 25;
/// Of one term so many lines are looked at.
constexpr std::size_t kMostLines = 256;
/// Things of one name; more are none in particular.
constexpr std::size_t kMostDefined = 4;
/// What a name weighs, in words.
constexpr double kNameWeight = 3;

bool alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c); });
  return out;
}

/// It is no plain word: "--all", "a.py", "parse_url", "setLogger", "e2e", "src/x", "a::b".
bool is_name(std::string_view token) {
  if (token.size() > 2 && token[0] == '-' && token.find_first_not_of('-') != std::string_view::npos) return true;
  for (std::size_t i = 1; i < token.size(); ++i) {
    const char c = token[i];
    const char before = token[i - 1];
    if (std::string_view("_/:.@=+").contains(c) || (c == '-' && i + 1 < token.size())) return true;
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && std::islower(static_cast<unsigned char>(before)) != 0)
      return true;
    if (digit(c) != digit(before) && alnum(c) && alnum(before)) return true;
  }
  return false;
}

/// "foo" is not in "food"; but "--foo" is in "[--foo]".
bool name_stands_in(std::string_view name, std::string_view text) {
  const auto word = [](char c) { return alnum(c) || c == '_'; };
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool before = at > 0 && word(text[at - 1]) && word(name.front());
    const bool after = end < text.size() && word(text[end]);
    if (!before && !after) return true;
  }
  return false;
}

/// The stem of a word that says what is to be done with what is named.
bool only_asks(std::string_view stem) {
  static constexpr std::array<std::string_view, 14> kAsks = {"explain", "describ",  "describe", "walk",      "through",
                                                             "step",    "happen",   "work",     "mean",      "thing",
                                                             "summar",  "summariz", "summaris", "understand"};
  return std::ranges::find(kAsks, stem) != kAsks.end();
}

bool stands_in(const AskedTerm& term, std::string_view line, std::string_view lowered_line) {
  if (line.size() > kLongestLine) return false;
  if (term.name) return name_stands_in(term.text, lowered_line);
  if (term.phrase) return compress::find_phrase(lowered_line, term.text) != std::string_view::npos;
  const std::vector<std::string> words = base::words(line);
  return std::ranges::find(words, term.text) != words.end();
}

/// string_view::find() looks for the first byte, which in most texts is everywhere.
std::size_t find_bytes(std::string_view text, std::string_view bytes, std::size_t from) {
  if (from > text.size()) return std::string_view::npos;
  const void* const at = memmem(text.data() + from, text.size() - from, bytes.data(), bytes.size());
  return at == nullptr ? std::string_view::npos : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

/// `low`: the text in lower case.
std::vector<std::size_t> lines_with(const AskedTerm& term, const OutlinedText& text, std::string_view low) {
  const std::vector<std::string_view>& lines = text.lines();
  // "retry" is the stem of "retries".
  std::string_view begins = term.text;
  if (!term.name && !term.phrase && begins.ends_with('y')) begins.remove_suffix(1);
  std::vector<std::size_t> found;
  auto from = lines.begin();
  for (std::size_t at = find_bytes(low, begins, 0); at != std::string_view::npos && found.size() < kMostLines;) {
    from = std::upper_bound(from, lines.end(), text.text().data() + at,
                            [](const char* here, std::string_view line) { return here < line.data(); }) -
           1;
    const auto begin = static_cast<std::size_t>(from->data() - text.text().data());
    const std::size_t end = begin + from->size();
    if (stands_in(term, *from, low.substr(begin, from->size()))) {
      found.push_back(static_cast<std::size_t>(from - lines.begin()));
    }
    at = find_bytes(low, begins, end);
  }
  return found;
}

void add_words(std::string_view token, std::vector<AskedTerm>& terms) {
  for (std::string& word : base::words(token)) {
    if (word.size() < kShortestWord || base::is_stop_word(word) || only_asks(word)) continue;
    terms.push_back({std::move(word), lowered(token), false});
  }
}

}  // namespace

std::vector<AskedTerm> asked_terms(std::string_view question) {
  static constexpr std::string_view kBlanks = " \t\r\n";
  static constexpr std::string_view kAround = "\"'`()[]{}<>,;:!?.*";
  std::vector<AskedTerm> terms;
  for (std::size_t at = 0; at < question.size() && terms.size() < kMostTerms;) {
    const std::size_t begin = question.find_first_not_of(kBlanks, at);
    if (begin == std::string_view::npos) break;
    at = std::min(question.find_first_of(kBlanks, begin), question.size());
    std::string_view token = question.substr(begin, at - begin);
    const bool quoted = token.front() == '"' || token.front() == '`';
    while (!token.empty() && kAround.contains(token.front())) token.remove_prefix(1);
    while (!token.empty() && kAround.contains(token.back())) token.remove_suffix(1);
    if (token.ends_with("'s")) token.remove_suffix(2);
    if (token.size() < 2 || token.size() > kLongestName) continue;
    if (quoted || is_name(token)) {
      terms.push_back({lowered(token), lowered(token), true});
      // "table.concat" may stand there as "concat", "src/log.cc" as "log.cc".
      const std::size_t last = token.find_last_of(token.contains('/') ? "/" : ".:#");
      if (last != std::string_view::npos && token.size() - last > kShortestWord) {
        terms.push_back({lowered(token.substr(last + 1)), lowered(token.substr(last + 1)), true});
      }
      continue;
    }
    add_words(token, terms);
  }
  for (std::string& phrase : compress::phrases_of(question)) terms.push_back({phrase, phrase, false, true});
  return terms;
}

FoundTerms find_terms(const OutlinedText& text, std::span<const AskedTerm> terms) {
  const std::string low = lowered(text.text());
  // Where as many were found as are looked at, there may be any number.
  const std::size_t most = std::min(std::max(kFewLines, text.lines().size() / kOneOf), kMostLines - 1);
  FoundTerms found;
  found.weights.resize(terms.size());
  found.at.resize(terms.size());
  for (std::size_t t = 0; t < terms.size(); ++t) {
    std::vector<std::size_t>& at = found.at[t];
    at = lines_with(terms[t], text, low);
    std::vector<std::size_t> defined;
    std::ranges::copy_if(at, std::back_inserter(defined),
                         [&](std::size_t line) { return text.defines(line, terms[t].written); });
    // What has that name is asked for, not where it is used.
    const bool has_name = !defined.empty() && defined.size() <= kMostDefined;
    if (has_name) at = std::move(defined);
    if (at.empty() || at.size() > most) continue;
    const double rare = std::log2(1 + static_cast<double>(text.lines().size()) / static_cast<double>(at.size()));
    found.weights[t] = terms[t].name || terms[t].phrase || has_name ? kNameWeight * rare : rare;
    found.weight += found.weights[t];
    found.names = found.names || terms[t].name || terms[t].phrase;
  }
  return found;
}

bool name_others(std::span<const AskedTerm> terms, std::string_view text) {
  const std::string low = lowered(text);
  const auto stands = [&](const AskedTerm& term) { return term.name && name_stands_in(term.text, low); };
  return std::ranges::any_of(terms, &AskedTerm::name) && std::ranges::none_of(terms, stands);
}

}  // namespace headroom::context
