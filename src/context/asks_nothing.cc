#include "context/asks_nothing.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "base/text.h"

namespace headroom::context {
namespace {

/// Longer messages say something of their own.
constexpr std::size_t kLongest = 120;  // bytes

/// What a message of consent begins with.
constexpr std::array<std::string_view, 58> kConsent = {"yes",
                                                       "yeah",
                                                       "yep",
                                                       "yup",
                                                       "y",
                                                       "ok",
                                                       "okay",
                                                       "k",
                                                       "sure",
                                                       "right",
                                                       "good",
                                                       "great",
                                                       "fine",
                                                       "go",
                                                       "continue",
                                                       "proceed",
                                                       "agreed",
                                                       "correct",
                                                       "exactly",
                                                       "perfect",
                                                       "thanks",
                                                       "thank",
                                                       "lgtm",
                                                       "sounds",
                                                       "nice",
                                                       "do",
                                                       "next",
                                                       "cool",
                                                       "absolutely",
                                                       "approved",
                                                       "ja",
                                                       "klar",
                                                       "weiter",
                                                       "mach",
                                                       "gut",
                                                       "genau",
                                                       "oui",
                                                       "vas",
                                                       "continuez",
                                                       "d'accord",
                                                       "si",
                                                       "s\xC3\xAD",
                                                       "vale",
                                                       "dale",
                                                       "sigue",
                                                       "adelante",
                                                       "claro",
                                                       "sim",
                                                       "pode",
                                                       "va",
                                                       "bene",
                                                       "avanti",
                                                       "\xE5\xA5\xBD",
                                                       "\xE5\xA5\xBD\xE7\x9A\x84",
                                                       "\xE7\xBB\xA7\xE7\xBB\xAD",
                                                       "\xE6\x98\xAF\xE7\x9A\x84",
                                                       "\xE3\x81\xAF\xE3\x81\x84",
                                                       "\xE7\xB6\x9A\xE3\x81\x91\xE3\x81\xA6"};

/// Words of who asks for something all the same: "ok, now show the invoices".
constexpr std::array<std::string_view, 24> kAsking = {
    "what", "which", "why",     "how",   "where",  "when",  "who",   "show", "list", "find",   "tell",    "explain",
    "now",  "look",  "instead", "count", "search", "check", "print", "read", "open", "rename", "compare", "summarize"};

/// Words that a request consists of and that stand for nothing in what a tool prints.
constexpr std::array<std::string_view, 56> kHollow = {
    "fix",   "repair",  "solve",       "resolve",   "try",    "again",  "once",  "work",   "works",  "working",
    "help",  "check",   "investigate", "debug",     "thing",  "things", "stuff", "now",    "next",   "step",
    "go",    "ahead",   "continue",    "proceed",   "yes",    "ok",     "okay",  "thanks", "thank",  "do",
    "make",  "run",     "sort",        "handle",    "keep",   "going",  "start", "begin",  "finish", "done",
    "same",  "too",     "right",       "sure",      "lets",   "let's",  "hi",    "hello",  "hey",    "first",
    "quick", "quickly", "properly",    "correctly", "what's", "wrong"};

/// Lower-case words, as they are parted by blanks and marks.
std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : text) {
    const bool part = std::string_view(" \t\r\n.,;:!?()\"").find(c) != std::string_view::npos;
    if (!part) word += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    if (part && !word.empty()) out.push_back(std::move(word));
    if (part) word.clear();
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

}  // namespace

bool only_agrees(std::string_view message) {
  message = base::trim(message);
  if (message.empty() || message.size() > kLongest || message.find('?') != std::string_view::npos) return false;
  if (base::contains_ci(message, "left off")) return true;
  const std::vector<std::string> words = plain_words(message);
  if (words.empty()) return false;
  const std::size_t first = words[0] == "please" && words.size() > 1 ? 1 : 0;
  return holds(kConsent, words[first]) &&
         std::ranges::none_of(words, [](const std::string& word) { return holds(kAsking, word); });
}

bool names_nothing(std::string_view message) {
  if (message.size() > kLongest) return false;
  return std::ranges::all_of(plain_words(message), [](const std::string& word) {
    return holds(kHollow, word) || base::is_stop_word(word) || base::is_stop_word(base::stem(word));
  });
}

}  // namespace headroom::context
