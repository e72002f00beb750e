#include "compress/in_english.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "compress/foreign_words.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kMostWords = 4;       // that one meaning has
constexpr std::size_t kMostSigns = 8;       // of a Chinese or Japanese word
constexpr std::size_t kLongestSmall = 8;    // letters of a small word
constexpr std::size_t kMostRead = 4500;     // bytes
constexpr std::size_t kShortestOwn = 4;     // bytes of a word that is looked for
constexpr std::size_t kMostReplaced = 400;  // bytes of words that were replaced

unsigned char byte(char c) {
  return static_cast<unsigned char>(c);
}
bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/// How many bytes the character at `at` has.
std::size_t size_at(std::string_view text, std::size_t at) {
  const unsigned char c = byte(text[at]);
  const std::size_t size = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  return std::min(size, text.size() - at);
}

/// Chinese characters and kana; not their marks.
bool is_sign(std::string_view text, std::size_t at) {
  return byte(text[at]) >= 0xE3 && byte(text[at]) <= 0xE9 && !text.substr(at).starts_with("\xE3\x80");
}

/// "é": a letter of Latin scripts beyond ASCII.
bool accented(std::string_view text, std::size_t at) {
  return (byte(text[at]) == 0xC3 || byte(text[at]) == 0xC5) && at + 1 < text.size();
}

bool has_accent(std::string_view word) {
  return std::ranges::any_of(word, [](char c) { return byte(c) == 0xC3; });
}

/// In lower case and without accents.
std::string plain(std::string_view word) {
  // From U+00C0 on; "_" for what is no letter
  static constexpr std::string_view kLetters = "aaaaaaaceeeeiiiidnooooo_ouuuuyts";
  std::string out;
  for (std::size_t at = 0; at < word.size();) {
    if (byte(word[at]) == 0xC3 && at + 1 < word.size()) {
      const std::size_t code = byte(word[at + 1]) & 0x1F;
      out += kLetters[code];
      if (code == 0x1F && byte(word[at + 1]) == 0x9F) out += 's';  // a sharp s
      at += 2;
    } else if (byte(word[at]) == 0xC5 && at + 1 < word.size()) {
      out += "oe";
      at += 2;
    } else {
      out += word[at] >= 'A' && word[at] <= 'Z' ? static_cast<char>(word[at] | 0x20) : word[at];
      ++at;
    }
  }
  return out;
}

/// A word as it sounds, without its ending: who writes in a hurry writes "redemaré", "reenbolsado".
std::string sound(std::string_view word) {
  std::string out;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const char next = at + 1 < word.size() ? word[at + 1] : ' ';
    char c = word[at];
    if (c == 'h') continue;
    // "hoechstens"; not "que"
    if (c == 'e' && at > 0 && std::string_view("aou").find(word[at - 1]) != std::string_view::npos &&
        (at < 2 || word[at - 2] != 'q'))
      continue;
    if (c == 'v') c = 'b';
    if (c == 'z' || (c == 'c' && (next == 'e' || next == 'i'))) c = 's';
    if (c == 'm' && (next == 'b' || next == 'p')) c = 'n';
    if (c == 'y') c = 'i';
    if (out.empty() || out.back() != c) out += c;
  }
  static constexpr std::array<std::string_view, 12> kEndings = {"en", "er", "em", "es", "as", "os",
                                                                "an", "e",  "a",  "o",  "s",  "n"};
  for (const std::string_view ending : kEndings) {
    if (out.size() < ending.size() + 4 || !out.ends_with(ending)) continue;
    out.resize(out.size() - ending.size());
    break;
  }
  return out;
}

template <typename Use>
void each_form(std::string_view forms, Use use) {
  for (std::size_t at = 0; at < forms.size();) {
    const std::size_t end = std::min(forms.find(' ', at), forms.size());
    if (end > at) use(forms.substr(at, end - at));
    at = end + 1;
  }
}

/// What the tables say, by the sounds of the words, or by signs.
class Lexicon {
 public:
  Lexicon() {
    add(foreign_words(), words_);
    add(foreign_requests(), requests_);
    add(foreign_openings(), openings_);
    for (const std::string_view small : {small_foreign_words(), small_words_alike()})
      each_form(small, [&](std::string_view form) { small_.insert(form); });
  }

  using Meanings = std::unordered_map<std::string, std::string_view>;
  static const std::string_view* find(const Meanings& meanings, const std::string& form) {
    const auto found = meanings.find(form);
    return found == meanings.end() ? nullptr : &found->second;
  }
  const std::string_view* word(const std::string& form) const { return find(words_, form); }
  const std::string_view* request(const std::string& form) const { return find(requests_, form); }
  const std::string_view* opening(const std::string& form) const { return find(openings_, form); }
  bool small(std::string_view plain_word) const { return small_.contains(plain_word); }

 private:
  static void add(std::span<const ForeignWords> rows, Meanings& to) {
    for (const ForeignWords& row : rows) {
      each_form(row.forms, [&](std::string_view form) {
        if (is_sign(form, 0)) {
          to.emplace(form, row.english);
          return;
        }
        std::string key;
        for (std::size_t at = 0; at <= form.size();) {
          const std::size_t end = std::min(form.find('_', at), form.size());
          if (!key.empty()) key += '_';
          key += sound(form.substr(at, end - at));
          at = end + 1;
        }
        to.emplace(std::move(key), row.english);
      });
    }
  }

  Meanings words_, requests_, openings_;
  std::unordered_set<std::string_view> small_;
};

const Lexicon& lexicon() {
  static const Lexicon kLexicon;
  return kLexicon;
}

/// Who writes it does not write English.
bool tells_foreign(std::string_view plain_word) {
  static const std::unordered_set<std::string_view> kTelling = [] {
    std::unordered_set<std::string_view> out;
    for (const std::string_view words : {small_foreign_words(), foreign_question_words()})
      each_form(words, [&](std::string_view form) { out.insert(form); });
    return out;
  }();
  return kTelling.contains(plain_word);
}

bool tells_english(std::string_view plain_word) {
  static constexpr std::array<std::string_view, 58> kWords = {
      "after", "all",   "and",  "any",  "are",  "at",    "be",    "been", "before", "but",   "by",   "can",
      "could", "did",   "do",   "does", "find", "fix",   "for",   "from", "get",    "give",  "has",  "have",
      "how",   "if",    "into", "is",   "it",   "its",   "list",  "my",   "not",    "of",    "or",   "please",
      "show",  "tell",  "than", "that", "the",  "there", "this",  "to",   "we",     "were",  "what", "when",
      "where", "which", "who",  "why",  "will", "with",  "would", "you",  "your",   "should"};
  return std::ranges::find(kWords, plain_word) != kWords.end();
}

enum class Kind : std::uint8_t { kWord, kSigns, kOther };

/// A piece of a sentence: a word, signs that stand together, or what stays as it is (names, numbers, quotes, marks).
struct Piece {
  Kind kind = Kind::kOther;
  std::string_view text;
  std::string plain;  ///< of a word
};

bool spells(std::string_view text, std::size_t at) {
  return letter(text[at]) || accented(text, at);
}

Piece word_piece(std::string_view word) {
  // "BufferedClient", "HTTP": names stay
  const bool name = std::ranges::any_of(word.substr(1), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (name) return {.text = word};
  return {.kind = Kind::kWord, .text = word, .plain = plain(word)};
}

/// "State-Eigenschaft", "est-ce": words that hyphens join, one of which is known; not "x-request-id".
bool joins_words(std::string_view chunk) {
  bool known = false, small = true;
  for (std::size_t at = 0; at <= chunk.size();) {
    const std::size_t end = std::min(chunk.find('-', at), chunk.size());
    const std::string word = plain(chunk.substr(at, end - at));
    known = known || lexicon().word(sound(word)) != nullptr;
    small = small && lexicon().small(word);
    at = end + 1;
  }
  return known || small;
}

/// A word, signs, a mark, or else all up to white space.
Piece piece_at(std::string_view text, std::size_t at) {
  const char first = text[at];
  if (is_sign(text, at)) {
    std::size_t end = at;
    while (end < text.size() && is_sign(text, end)) end += size_at(text, end);
    return {.kind = Kind::kSigns, .text = text.substr(at, end - at)};
  }
  if (!spells(text, at) && byte(first) >= 0x80) return {.text = text.substr(at, size_at(text, at))};
  const bool within = at > 0 && (letter(text[at - 1]) || byte(text[at - 1]) >= 0x80);
  if (within && (first == '\'' || first == '-')) return {.text = text.substr(at, 1)};
  if (first == '"' || first == '`' || first == '\'') {
    const std::size_t end = text.find(first, at + 1);
    if (end != std::string_view::npos) return {.text = text.substr(at, end + 1 - at)};
  }
  std::size_t end = at;
  while (end < text.size() && spells(text, end)) end += size_at(text, end);
  const auto parts = [&](std::size_t i) {
    return i >= text.size() || text[i] == ' ' || (byte(text[i]) >= 0x80 && !accented(text, i));
  };
  if (end > at) {
    if (parts(end) || (text[end] == '\'' && end + 1 < text.size() && spells(text, end + 1)))
      return word_piece(text.substr(at, end - at));
    std::size_t whole = end;
    while (whole < text.size() && (spells(text, whole) || text[whole] == '-')) whole += size_at(text, whole);
    if (text[end] == '-' && whole > end + 1 && joins_words(text.substr(at, whole - at)))
      return word_piece(text.substr(at, end - at));
    static constexpr std::string_view kMarks = ",;:?!.()\"";
    if (kMarks.find(text[end]) != std::string_view::npos && parts(end + 1))
      return word_piece(text.substr(at, end - at));
  }
  if (end == at) ++end;
  const bool mark = std::string_view(",;:?!.()").find(first) != std::string_view::npos;
  if (mark && end == at + 1) return {.text = text.substr(at, 1)};
  while (!parts(end)) ++end;
  while (end > at + 1 && std::string_view(",;:?!.)").find(text[end - 1]) != std::string_view::npos) --end;
  return {.text = text.substr(at, end - at)};
}

std::vector<Piece> pieces_of(std::string_view sentence) {
  std::vector<Piece> out;
  for (std::size_t at = 0; at < sentence.size();) {
    if (sentence[at] == ' ' || sentence[at] == '\t' || sentence[at] == '\r') {
      ++at;
      continue;
    }
    Piece piece = piece_at(sentence, at);
    at += piece.text.size();
    const bool joins = piece.kind == Kind::kOther && (piece.text == "-" || piece.text == "'");
    if (!joins) out.push_back(std::move(piece));
  }
  return out;
}

bool is_foreign(const std::vector<Piece>& pieces) {
  std::size_t foreign = 0, english = 0, signs = 0;
  for (const Piece& piece : pieces) {
    signs += piece.kind == Kind::kSigns;
    if (piece.kind != Kind::kWord || piece.plain.size() > kLongestSmall) continue;
    foreign += tells_foreign(piece.plain);
    english += tells_english(piece.plain);
  }
  if (signs > 0) return english < 2;
  if (foreign > 0 && foreign > english) return true;
  if (english > 0) return false;
  // A few words, none of them small: an accent tells, and what they mean.
  const auto known = [](const Piece& piece) {
    return piece.kind == Kind::kWord && lexicon().word(sound(piece.plain)) != nullptr;
  };
  return std::ranges::any_of(pieces,
                             [](const Piece& piece) { return piece.kind == Kind::kWord && has_accent(piece.text); }) &&
         std::ranges::any_of(pieces, known);
}

/// Puts one sentence into English.
class Sentence {
 public:
  Sentence(std::vector<Piece> pieces, std::string& replaced) : pieces_(std::move(pieces)), replaced_(replaced) {
    asks_ = std::ranges::any_of(pieces_, [&](const Piece& piece) { return opens_question(piece); });
  }

  std::string in_english() && {
    for (std::size_t at = 0; at < pieces_.size();) {
      const Piece& piece = pieces_[at];
      if (piece.kind == Kind::kOther) {
        say(mark_of(piece.text));
        ++at;
      } else if (piece.kind == Kind::kSigns) {
        write_signs(piece.text);
        ++at;
      } else {
        at += write_words(at);
      }
    }
    return std::move(out_);
  }

 private:
  static bool is_question_word(std::string_view english) {
    static constexpr std::array<std::string_view, 8> kWords = {"which", "what", "why", "where",
                                                               "when",  "who",  "how", "is there"};
    return std::ranges::any_of(kWords, [&](std::string_view word) { return english.starts_with(word); });
  }

  /// Marks of other scripts as those of English.
  static std::string_view mark_of(std::string_view text) {
    if (text == "\xE3\x80\x81" || text == "\xEF\xBC\x8C") return ",";
    static constexpr std::array<std::string_view, 8> kNone = {
        "\xC2\xBF", "\xC2\xA1", "\xC2\xAB", "\xC2\xBB", "\xE2\x80\x99", "\xE3\x80\x8C", "\xE3\x80\x8D", "\xE2\x80\x9E"};
    return std::ranges::find(kNone, text) != kNone.end() ? std::string_view() : text;
  }

  bool opens_question(const Piece& piece) const {
    if (piece.kind == Kind::kSigns) {
      for (std::size_t at = 0; at < piece.text.size(); at += size_at(piece.text, at)) {
        std::size_t size = 0;
        if (const std::string_view* english = longest(piece.text.substr(at), size); english != nullptr) {
          if (is_question_word(*english)) return true;
        }
      }
      return false;
    }
    if (piece.kind != Kind::kWord) return false;
    const std::string_view* english = lexicon().word(sound(piece.plain));
    return english != nullptr && is_question_word(*english);
  }

  /// What the signs at the beginning of `text` mean, as many as mean something together; `size` in bytes.
  const std::string_view* longest(std::string_view text, std::size_t& size) const {
    std::array<std::size_t, kMostSigns> ends{};
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size() && count < kMostSigns;) ends[count++] = at += size_at(text, at);
    while (count > 0) {
      size = ends[--count];
      const std::string form(text.substr(0, size));
      const std::string_view* request = asks_ ? nullptr : lexicon().request(form);
      if (request != nullptr) return request;
      if (const std::string_view* english = lexicon().word(form); english != nullptr) return english;
      if (lexicon().small(form)) return &kNothing;
    }
    return nullptr;
  }

  /// Questions of Chinese and Japanese have their question word, and what it asks for, where its answer will stand;
  /// those of English begin with it: "timeout 是多少秒" is "how many seconds timeout".
  void write_signs(std::string_view text) {
    std::string asked;
    bool asks = false;     // the last meaning was a question word, or what it asks for
    std::size_t from = 0;  // of bytes before `at` that mean nothing that we know
    std::size_t at = 0;
    while (at < text.size()) {
      std::size_t size = 0;
      const std::string_view* english = longest(text.substr(at), size);
      if (english == nullptr) {
        at += size_at(text, at);
        continue;
      }
      say(text.substr(from, at - from));
      const std::string_view signs = text.substr(at, size);
      if (!asks_ && lexicon().request(std::string(signs)) != nullptr) say("please");
      const bool question = is_question_word(*english);
      if (asks_ && asked.empty() && question) {
        asked = *english;
        asks = true;
        note_replaced(signs);
      } else if (asks && !english->empty() && from == at) {
        asked += ' ';
        asked += *english;
        asks = false;
        note_replaced(signs);
      } else {
        say_instead(*english, signs);
        asks = false;
      }
      at += size;
      from = at;
    }
    say(text.substr(from, at - from));
    if (!asked.empty()) out_ = out_.empty() ? asked : asked + ' ' + out_;
  }

  /// The words from `at` on that mean something together; how many they are.
  std::size_t write_words(std::size_t at) {
    std::size_t most = 1;
    while (most < kMostWords && at + most < pieces_.size() && pieces_[at + most].kind == Kind::kWord) ++most;
    for (std::size_t count = most; count > 0; --count) {
      std::string form;
      for (std::size_t k = 0; k < count; ++k) form += (k > 0 ? "_" : "") + sound(pieces_[at + k].plain);
      const std::string_view* english = out_.empty() ? lexicon().opening(form) : nullptr;
      if (english == nullptr && count == 1 && lexicon().small(pieces_[at].plain)) break;
      if (english == nullptr && count == 1 && write_parted(at)) return 1;
      const std::string_view* request = asks_ || english != nullptr ? nullptr : lexicon().request(form);
      if (request != nullptr) say("please");
      if (request != nullptr) english = request;
      if (english == nullptr) english = lexicon().word(form);
      if (english == nullptr) continue;
      const char* begin = pieces_[at].text.data();
      const std::string_view last = pieces_[at + count - 1].text;
      say_instead(*english, std::string_view(begin, static_cast<std::size_t>(last.data() + last.size() - begin)));
      return count;
    }
    const Piece piece = pieces_[at];
    if (!lexicon().small(piece.plain) && !write_joined(piece)) say(piece.text);
    return 1;
  }

  /// "läuft ... ab": a word whose other part ends the sentence.
  bool write_parted(std::size_t at) {
    if (at + 2 >= pieces_.size() || pieces_.back().kind != Kind::kWord) return false;
    const std::string_view* english = lexicon().word(sound(pieces_[at].plain) + "_" + sound(pieces_.back().plain));
    if (english == nullptr) return false;
    say_instead(*english, pieces_[at].text);
    pieces_.pop_back();
    return true;
  }

  /// "Fehlerzeile": words that are written as one.
  bool write_joined(const Piece& piece) {
    constexpr std::size_t kShortest = 4;
    const std::string& word = piece.plain;
    for (std::size_t at = kShortest; at + kShortest <= word.size(); ++at) {
      const std::string_view* first = lexicon().word(sound(std::string_view(word).substr(0, at)));
      const std::string_view* second = lexicon().word(sound(std::string_view(word).substr(at)));
      if (first == nullptr || second == nullptr) continue;
      say_instead(*first, piece.text);
      say(*second);
      return true;
    }
    return false;
  }

  void say(std::string_view text) {
    if (text.empty()) return;
    const bool mark = text.size() == 1 && std::string_view(".,;:?!)").find(text[0]) != std::string_view::npos;
    if (!out_.empty() && out_.back() != '\n' && std::string_view(" (").find(out_.back()) == std::string_view::npos &&
        !mark)
      out_ += ' ';
    out_ += text;
  }

  void note_replaced(std::string_view text) {
    if (replaced_.size() + text.size() > kMostReplaced) return;
    if (!replaced_.empty()) replaced_ += ' ';
    replaced_ += text;
  }

  void say_instead(std::string_view english, std::string_view text) {
    say(english);
    if (!english.empty() && plain(text) != english) note_replaced(text);
  }

  static constexpr std::string_view kNothing{};
  std::vector<Piece> pieces_;
  std::string out_;
  std::string& replaced_;
  bool asks_ = false;  // for something, not that something be done
};

/// Bytes of the mark that ends a sentence at `at`; 0: none does.
std::size_t sentence_end(std::string_view text, std::size_t at) {
  if (text[at] == '\n') return 1;
  if (text[at] == '.' || text[at] == '?' || text[at] == '!')
    return at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n' || text[at] == '?' ? 1 : 0;
  static constexpr std::array<std::string_view, 3> kMarks = {"\xE3\x80\x82", "\xEF\xBC\x9F", "\xEF\xBC\x81"};
  return std::ranges::any_of(kMarks, [&](std::string_view mark) { return text.substr(at).starts_with(mark); }) ? 3 : 0;
}

}  // namespace

std::string EnglishQuestion::about(std::string_view block) const {
  std::string out = text;
  bool any = false;
  each_form(replaced, [&](std::string_view word) {
    if (word.size() < kShortestOwn || block.find(word) == std::string_view::npos) return;
    out += any ? ' ' : '\n';
    out += word;
    any = true;
  });
  return out;
}

EnglishQuestion in_english(std::string_view question) {
  EnglishQuestion english;
  bool foreign = false;
  std::string_view rest = question.substr(0, kMostRead);
  while (!rest.empty()) {
    std::size_t end = 0, mark = 0;
    while (end < rest.size() && (mark = sentence_end(rest, end)) == 0) ++end;
    const std::string_view sentence = rest.substr(0, end);
    const std::string_view closing = rest.substr(end, mark);
    rest.remove_prefix(end + mark);
    std::vector<Piece> pieces = pieces_of(sentence);
    if (!is_foreign(pieces)) {
      english.text += sentence;
      english.text += closing;
      continue;
    }
    foreign = true;
    std::string said = Sentence(std::move(pieces), english.replaced).in_english();
    if (!english.text.empty() && english.text.back() != ' ' && english.text.back() != '\n') english.text += ' ';
    english.text += said;
    english.text += closing.size() < 3 ? closing : closing == "\xEF\xBC\x9F" ? "?" : ".";
    if (closing != "\n") english.text += ' ';
  }
  if (!foreign) {
    english.text = question;
    return english;
  }
  while (english.text.ends_with(' ')) english.text.pop_back();
  english.text += question.substr(std::min(kMostRead, question.size()));
  return english;
}

}  // namespace headroom::compress
