#include "context/asks_nothing.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "base/text.h"

namespace headroom::context {
namespace {

/// Longer messages say something of their own.
constexpr std::size_t kLongest = 120;  // bytes

/// What a message of consent begins with.
constexpr std::string_view kConsent =
    " yes yeah yep yup y ok okay k sure right good great fine go continue proceed agreed correct exactly perfect "
    "thanks "
    "thank lgtm sounds nice do next cool absolutely approved ja klar weiter mach gut genau oui vas continuez d'accord "
    "si "
    "sí vale dale sigue adelante claro sim pode va bene avanti 好 好的 继续 是的 はい 続けて ";

/// What a question begins with that is about the same of something else.
constexpr std::string_view kAskingOn = " and same und et y ";
constexpr std::string_view kAskingOnPhrases[] = {"what about", "how about", "was ist mit"};

/// What a correction begins with: the same is to be looked for elsewhere, or otherwise.
constexpr std::string_view kCorrections =
    " no nope not wrong sorry actually instead try use nein falsch nicht nee non pas incorrecto errado sbagliato 不 "
    "不对 "
    "不是 不是这个 错了 いいえ 違う 違います ";

/// Words of who asks for something all the same: "ok, now show the invoices".
constexpr std::string_view kAsking =
    " what which why how where when who show list find tell explain now look instead count search check print read "
    "open "
    "rename compare summarize ";

/// Words that a request consists of and that stand for nothing in what a tool prints.
constexpr std::string_view kHollow =
    " fix repair solve resolve try again once work works working help check investigate debug thing things stuff now "
    "next "
    "step go ahead continue proceed yes ok okay thanks thank do make run sort handle keep going start begin finish "
    "done "
    "same too right sure lets let's hi hello hey first quick quickly properly correctly what's wrong second third last "
    "latter former both option 1 2 3 4 5 6 b take pick ";

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

/// What clients write in the user's name where the user said nothing.
constexpr std::string_view kOfClients[] = {"[Request interrupted", "<local-command-stdout>", "<turn_aborted>"};

/// The list has the word between blanks.
bool holds(std::string_view list, const std::string& word) {
  return list.find(' ' + word + ' ') != std::string_view::npos;
}

}  // namespace

bool names_nothing(std::string_view message) {
  if (message.size() > kLongest) return false;
  return std::ranges::all_of(plain_words(message), [](const std::string& word) {
    return holds(kHollow, word) || base::is_stop_word(word) || base::is_stop_word(base::stem(word));
  });
}

bool leaves_question(std::string_view message, bool answers) {
  message = base::trim(message);
  if (std::ranges::any_of(kOfClients, [&](std::string_view head) { return message.starts_with(head); })) return true;
  if (message.empty() || message.size() > kLongest) return false;
  if (names_nothing(message) || base::contains_ci(message, "left off")) return true;
  const std::vector<std::string> words = plain_words(message);
  if (words.empty()) return false;
  if (holds(kAskingOn, words[0]) || std::ranges::any_of(kAskingOnPhrases, [&](std::string_view phrase) {
        return base::equals_ci(message.substr(0, phrase.size()), phrase);
      }))
    return true;
  if (message.find('?') != std::string_view::npos || message.find("？") != std::string_view::npos) return false;
  const std::size_t first = words[0] == "please" && words.size() > 1 ? 1 : 0;
  if (holds(kCorrections, words[first])) return true;
  return (answers || holds(kConsent, words[first])) &&
         std::ranges::none_of(words, [](const std::string& word) { return holds(kAsking, word); });
}

}  // namespace headroom::context
