#include "compress/prose/question.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

#include "base/text.h"
#include "compress/prose/synonyms.h"
#include "compress/prose/traits.h"
#include "compress/prose/vocabulary.h"

namespace headroom::compress::prose {
namespace {

constexpr std::size_t kMaxGroups = 40;
constexpr std::size_t kMaxLiterals = 16;
constexpr std::size_t kMaxParts = 10;
static_assert(kMaxGroups <= 64);  // a bit for each, in Question::parts
constexpr float kSynonymWeight = 0.45f;

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/// Words of a request that speak of the text or of asking, not of its matter. As base::stem leaves them.
bool is_asking_word(std::string_view word) {
  static constexpr std::array<std::string_view, 52> kWords = {
      "accord",      "anyth",    "answer", "article", "ask",       "author's",      "below",      "book",
      "check",       "describ",  "detail", "doc",     "document",  "documentation", "documentat", "exact",
      "exactly",     "explain",  "file",   "give",    "guide",     "happen",        "help",       "info",
      "information", "informat", "know",   "long",    "many",      "manual",        "mean",       "mention",
      "much",        "name",     "page",   "paper",   "paragraph", "question",      "quot",       "read",
      "readme",      "report",   "say",    "section", "someth",    "sort",          "tell",       "text",
      "thing",       "use",      "want",   "kind"};
  return std::ranges::find(kWords, word) != kWords.end();
}

struct Want {
  std::string_view phrase;
  std::uint32_t traits;
};
/// Words of questions in other languages that say nothing.
bool is_foreign_stop_word(std::string_view word) {
  static constexpr std::array<std::string_view, 78> kWords = {
      "aber", "auf",   "aus",   "che",    "com", "come", "como", "con",        "cosa", "cu\xC3\xA1l", "cual",   "da",
      "das",  "de",    "dei",   "del",    "dem", "den",  "der",  "des",        "die",  "do",          "du",     "ein",
      "eine", "einen", "el",    "en",     "es",  "est",  "et",   "f\xC3\xBCr", "gli",  "het",         "hur",    "ich",
      "il",   "im",    "ist",   "kann",   "la",  "las",  "le",   "les",        "los",  "man",         "mit",    "nicht",
      "ou",   "par",   "para",  "pas",    "per", "por",  "pour", "quale",      "que",  "quel",        "quelle", "qui",
      "si",   "sich",  "sind",  "sont",   "sur", "un",   "una",  "und",        "une",  "van",         "vilken", "von",
      "wann", "was",   "welch", "welche", "wie", "wird"};
  return std::ranges::find(kWords, word) != kWords.end();
}

/// Phrases of questions and what an answer to them holds.
constexpr std::array<Want, 46> kWants = {{
    {"how long", kTime | kDate},
    {"how often", kTime},
    {"how soon", kTime | kDate},
    {"how many", kNumber},
    {"how much", kUnit | kMoney},
    {"how big", kUnit},
    {"how large", kUnit},
    {"how fast", kUnit},
    {"how far", kUnit},
    {"how old", kTime | kDate},
    {"how tall", kUnit},
    {"when ", kTime | kDate},
    {"what year", kDate},
    {"what date", kDate},
    {"which year", kDate},
    {"timeout", kTime},
    {"interval", kTime},
    {"deadline", kTime | kDate},
    {"expire", kTime},
    {"limit", kNumber},
    {"maximum", kNumber},
    {"minimum", kNumber},
    {"max ", kNumber},
    {"size", kUnit},
    {"port", kNumber},
    {"percent", kMoney},
    {"price", kMoney},
    {"cost", kMoney},
    {"version", kVersion},
    {"release", kVersion | kDate},
    {"who ", kName},
    {"whom", kName},
    {"where ", kPath},
    {"which file", kPath},
    {"which directory", kPath},
    {"url", kPath},
    {"why ", kReason},
    {"reason", kReason},
    {"default", kDefinition},
    {"must ", kModal},
    {"allowed", kModal | kNegation},
    {"require", kModal | kVersion},
    {"warning", kWarning},
    {"deprecated", kWarning},
    {"mean", kDefinition},
    {"unless", kCondition},
}};

constexpr std::array<std::string_view, 24> kWholePhrases = {"translate this",
                                                            "translate the",
                                                            "translate it",
                                                            "proofread",
                                                            "proof-read",
                                                            "spell check",
                                                            "spelling",
                                                            "typo",
                                                            "grammar",
                                                            "word for word",
                                                            "full text",
                                                            "entire text",
                                                            "rewrite this",
                                                            "rewrite the",
                                                            "rephrase",
                                                            "paraphrase",
                                                            "copyedit",
                                                            "convert this",
                                                            "copy the whole",
                                                            "reformat this",
                                                            "review this",
                                                            "review the text",
                                                            "review the document",
                                                            "reproduce the"};
constexpr std::array<std::string_view, 24> kBroadPhrases = {"summar",
                                                            "overview",
                                                            "tl;dr",
                                                            "tldr",
                                                            "what is this",
                                                            "what's this",
                                                            "what does this",
                                                            "about this",
                                                            "key points",
                                                            "main points",
                                                            "takeaways",
                                                            "gist",
                                                            "outline",
                                                            "high level",
                                                            "high-level",
                                                            "main idea",
                                                            "what are the main",
                                                            "zusammenfass",
                                                            "r\xC3\xA9sum",
                                                            "resum",
                                                            "\xE6\x80\xBB\xE7\xBB\x93",
                                                            "\xE8\xA6\x81\xE7\xB4\x84",
                                                            "abstract of",
                                                            "read through"};
constexpr std::array<std::string_view, 16> kCollectionPhrases = {
    "list all", "all the",  "list every", "every ",       "each ",      "enumerate", "complete list", "full list",
    "how many", "list the", "which ones", "what are the", "all of the", "any other", "all ",          "list of"};

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return upper(c) ? static_cast<char>(c | 0x20) : c; });
  return out;
}

template <std::size_t N>
bool any_phrase(std::string_view text, const std::array<std::string_view, N>& phrases) {
  return std::ranges::any_of(phrases, [&](std::string_view p) { return text.find(p) != std::string_view::npos; });
}

/// Like any_phrase, but the phrase begins a word: "install only" holds no "all ".
template <std::size_t N>
bool any_phrase_at_word(std::string_view text, const std::array<std::string_view, N>& phrases) {
  return std::ranges::any_of(phrases, [&](std::string_view phrase) {
    for (std::size_t at = text.find(phrase); at != std::string_view::npos; at = text.find(phrase, at + 1)) {
      if (at == 0 || !letter(text[at - 1])) return true;
    }
    return false;
  });
}

/// "List all options", "what are the flags?", but not "which option shows all of them?".
bool wants_every_entry(std::string_view text) {
  static constexpr std::array<std::string_view, 6> kEntries = {"option",   "flag",      "switch",
                                                               "argument", "parameter", "command"};
  static constexpr std::array<std::string_view, 8> kBefore = {"all ",      "every ", "each ",    "the ",
                                                              "how many ", "list ",  "list of ", "available "};
  for (const std::string_view entry : kEntries) {
    for (std::size_t at = text.find(entry); at != std::string_view::npos; at = text.find(entry, at + 1)) {
      const std::string_view before = text.substr(0, at);
      if (std::ranges::any_of(kBefore, [&](std::string_view word) { return before.ends_with(word); })) return true;
    }
  }
  return false;
}

class Reader {
 public:
  explicit Reader(const Query& query) : query_(query) {}

  Question run() {
    // Of a long request, what is asked stands in sentences with a question mark or at its end.
    std::string_view user = query_.user;
    add_words(user.substr(user.size() - std::min<std::size_t>(user.size(), 500)), 1.0f, true);
    for (const auto& group : q_.terms) q_.weight_of_user += group.weight;
    if (user.size() > 500) add_words(user.substr(0, user.size() - 500), 0.5f, true);
    add_parts(user);
    add_words(query_.intent, 0.5f, false);
    add_words(query_.call.pattern, 0.5f, false);
    if (const std::size_t hash = query_.call.url.find('#'); hash != std::string::npos) {
      add_words(std::string_view(query_.call.url).substr(hash + 1), 0.8f, false);
    }
    const std::size_t own = q_.terms.size();
    for (std::size_t i = 0; i < own; ++i) add_synonyms(i);
    q_.groups = static_cast<std::uint8_t>(groups_);
    add_literals(query_.user);
    add_literals(query_.intent);
    read_scope(lowered(user));
    return std::move(q_);
  }

 private:
  void add_words(std::string_view text, float weight, bool user) {
    for (std::string& term : terms_of_text(text)) {
      if (groups_ >= kMaxGroups) return;
      if (term.size() < 2 && !(term.size() == 1 && digit(term[0]))) continue;
      if (base::is_stop_word(term) || is_foreign_stop_word(term)) continue;
      const bool asking = is_asking_word(term);
      if (std::ranges::any_of(q_.terms, [&](const QuestionTerm& t) { return t.text == term; })) continue;
      // "This report", "the page" speak of the text, but may be its matter, too.
      q_.terms.push_back(
          {std::move(term), asking ? weight * 0.3f : weight, static_cast<std::uint8_t>(groups_++), user && !asking});
    }
  }

  /// What stands between commas, "and" and the ends of sentences, where it says at least two words of its own.
  void add_parts(std::string_view text) {
    static constexpr std::string_view kMarks = ",;:.?!\n";
    for (std::size_t from = 0; from < text.size() && q_.parts.size() < kMaxParts;) {
      std::size_t end = std::min(text.find_first_of(kMarks, from), text.size());
      // A dot in a name parts nothing.
      while (end + 1 < text.size() && text[end] == '.' && text[end + 1] != ' ' && text[end + 1] != '\n')
        end = std::min(text.find_first_of(kMarks, end + 1), text.size());
      end = std::min(end, std::max(from, std::min(text.find(" and ", from), text.size())));
      std::uint64_t groups = 0;
      for (const std::string& word : terms_of_text(text.substr(from, end - from))) {
        const auto term = std::ranges::find(q_.terms, word, &QuestionTerm::text);
        if (term != q_.terms.end() && term->user) groups |= std::uint64_t{1} << term->group;
      }
      if (std::popcount(groups) > 1) q_.parts.push_back(groups);
      from = end + 1;
    }
    if (q_.parts.size() < 2) q_.parts.clear();
  }

  void add_synonyms(std::size_t of) {
    const QuestionTerm term = q_.terms[of];
    for (std::string_view word : words_like(term.text)) {
      std::string stem = base::stem(word);
      const auto same = [&](const QuestionTerm& t) { return t.text == stem && t.group == term.group; };
      if (std::ranges::any_of(q_.terms, same)) continue;
      q_.terms.push_back({std::move(stem), term.weight * kSynonymWeight, term.group, term.user});
    }
  }

  void add_literals(std::string_view text) {
    for (std::size_t at = 0; at < text.size() && q_.literal.size() < kMaxLiterals;) {
      const char c = text[at];
      if (c == '"' || c == '`' || (c == '\'' && (at == 0 || text[at - 1] == ' '))) {
        const std::size_t end = text.find(c, at + 1);
        if (end != std::string_view::npos && end - at > 2 && end - at < 160) {
          q_.literal.emplace_back(text.substr(at + 1, end - at - 1));
          at = end + 1;
          continue;
        }
      }
      const auto part = [](char x) {
        return letter(x) || digit(x) || std::string_view("_-./:@#+$%").find(x) != std::string_view::npos;
      };
      if (!part(c)) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < text.size() && part(text[end])) ++end;
      std::string_view word = text.substr(at, end - at);
      at = end;
      while (!word.empty() && std::string_view(".:/").find(word.back()) != std::string_view::npos)
        word.remove_suffix(1);
      if (is_specific(word)) q_.literal.emplace_back(word);
      // "list()": what documents call it they set as code.
      if (text.substr(at).starts_with("()") && word.size() >= 2 && letter(word.front())) {
        q_.literal.push_back('`' + std::string(word) + '`');
        q_.literal.push_back(std::string(word) + '(');
      }
      // "gzip -l", "git rebase --onto": a command with its option.
      if (!word.empty() && at + 2 < text.size() && text[at] == ' ' && text[at + 1] == '-' && letter(word.front())) {
        std::size_t close = at + 1;
        while (close < text.size() && part(text[close])) ++close;
        if (close > at + 2) q_.literal.emplace_back(std::string(word) + std::string(text.substr(at, close - at)));
      }
    }
  }

  static bool is_specific(std::string_view word) {
    if (word.size() < 2) return false;
    if (std::ranges::any_of(word, digit)) return word.size() > 1;
    if (word.size() <= 6 && std::ranges::all_of(word, upper)) return true;
    if (word.starts_with("--") || (word.size() == 2 && word[0] == '-' && letter(word[1]))) return true;
    if (word.size() >= 4 && word.find_first_of("_/.@") != std::string_view::npos) return true;
    for (std::size_t i = 1; i < word.size(); ++i) {
      if (upper(word[i]) && letter(word[i - 1]) && !upper(word[i - 1])) return true;
    }
    return false;
  }

  void read_scope(const std::string& user) {
    const std::string asked = ' ' + user + ' ';
    for (const Want& want : kWants) {
      if (asked.find(want.phrase) != std::string::npos) q_.wanted |= want.traits;
    }
    const bool any = std::ranges::any_of(q_.terms, [](const QuestionTerm& t) { return t.user; });
    if (any_phrase(user, kWholePhrases)) {
      q_.scope = Scope::kWhole;
    } else if (any_phrase_at_word(user, kCollectionPhrases)) {
      q_.scope = Scope::kCollection;
      q_.every_entry = wants_every_entry(user);
    } else if (any_phrase(user, kBroadPhrases) || (!any && q_.terms.empty() && q_.literal.empty())) {
      q_.scope = Scope::kBroad;
    } else {
      q_.scope = Scope::kPassage;
    }
  }

  const Query& query_;
  Question q_;
  std::size_t groups_ = 0;
};

}  // namespace

Question read_question(const Query& query) {
  return Reader(query).run();
}

}  // namespace headroom::compress::prose
