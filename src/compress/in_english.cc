#include "compress/in_english.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "compress/foreign_lexicon.h"
#include "compress/foreign_pieces.h"
#include "compress/foreign_spelling.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kMostWords = 4;       // that one meaning has
constexpr std::size_t kMostSigns = 8;       // of a Chinese or Japanese word
constexpr std::size_t kLongestSmall = 8;    // letters of a small word
constexpr std::size_t kMostRead = 4500;     // bytes
constexpr std::size_t kShortestOwn = 4;     // bytes of a word that is looked for
constexpr std::size_t kMostReplaced = 400;  // bytes of words that were replaced

/// Counts words of which only one language has them.
bool is_foreign(std::string_view sentence) {
  std::size_t foreign = 0, english = 0;
  bool signs = false, accents = false;
  for (std::size_t at = 0; at < sentence.size();) {
    if (!is_spelling(sentence, at)) {
      signs = signs || is_sign(sentence, at);
      at += size_at(sentence, at);
      continue;
    }
    const std::size_t begin = at;
    while (at < sentence.size() && is_spelling(sentence, at)) at += size_at(sentence, at);
    const std::string_view word = sentence.substr(begin, at - begin);
    accents = accents || has_accent(word);
    if (word.size() > kLongestSmall) continue;
    const std::string small = plain(word);
    const Tells tells = what_tells(small);
    foreign += tells == Tells::kForeign;
    english += tells == Tells::kEnglish;
  }
  if (signs) return english < 2;
  if (foreign > 0 && foreign > english) return true;
  if (english > 0 || !accents) return false;
  // A few words, none of them small: an accent tells, and what they mean.
  return std::ranges::any_of(pieces_of(sentence), [](const Piece& piece) {
    return piece.kind == PieceKind::kWord && Lexicon::get().word(piece.sound) != nullptr;
  });
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
      if (piece.kind == PieceKind::kOther) {
        say(mark_of(piece.text));
        ++at;
      } else if (piece.kind == PieceKind::kSigns) {
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
    if (piece.kind == PieceKind::kSigns) {
      for (std::size_t at = 0; at < piece.text.size(); at += size_at(piece.text, at)) {
        std::size_t size = 0;
        if (const std::string_view* english = longest(piece.text.substr(at), size); english != nullptr) {
          if (is_question_word(*english)) return true;
        }
      }
      return false;
    }
    if (piece.kind != PieceKind::kWord) return false;
    const std::string_view* english = lexicon_.word(piece.sound);
    return english != nullptr && is_question_word(*english);
  }

  /// What the signs at the beginning of `text` mean, as many as mean something together; `size` in bytes.
  const std::string_view* longest(std::string_view text, std::size_t& size) const {
    if (!lexicon_.begins(text.substr(0, size_at(text, 0)))) return nullptr;
    std::array<std::size_t, kMostSigns> ends{};
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size() && count < kMostSigns;) ends[count++] = at += size_at(text, at);
    while (count > 0) {
      size = ends[--count];
      const std::string_view form = text.substr(0, size);
      const std::string_view* request = asks_ ? nullptr : lexicon_.request(form);
      if (request != nullptr) return request;
      if (const std::string_view* english = lexicon_.word(form); english != nullptr) return english;
      if (lexicon_.small(form)) return &kNothing;
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
      if (!asks_ && lexicon_.request(signs) != nullptr) say("please");
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
    while (most < kMostWords && at + most < pieces_.size() && pieces_[at + most].kind == PieceKind::kWord) ++most;
    for (std::size_t count = most; count > 0; --count) {
      std::string form;
      for (std::size_t k = 0; k < count; ++k) form += (k > 0 ? "_" : "") + pieces_[at + k].sound;
      const std::string_view* english = out_.empty() ? lexicon_.opening(form) : nullptr;
      if (english == nullptr && count == 1 && lexicon_.small(pieces_[at].plain)) break;
      if (english == nullptr && count == 1 && write_parted(at)) return 1;
      const std::string_view* request = asks_ || english != nullptr ? nullptr : lexicon_.request(form);
      if (request != nullptr) say("please");
      if (request != nullptr) english = request;
      if (english == nullptr) english = lexicon_.word(form);
      if (english == nullptr) continue;
      const char* begin = pieces_[at].text.data();
      const std::string_view last = pieces_[at + count - 1].text;
      say_instead(*english, std::string_view(begin, static_cast<std::size_t>(last.data() + last.size() - begin)));
      return count;
    }
    const Piece piece = pieces_[at];
    if (!lexicon_.small(piece.plain) && !write_joined(piece)) say(piece.text);
    return 1;
  }

  /// "läuft ... ab": a word whose other part ends the sentence.
  bool write_parted(std::size_t at) {
    if (at + 2 >= pieces_.size() || pieces_.back().kind != PieceKind::kWord) return false;
    const std::string_view* english = lexicon_.word(pieces_[at].sound + "_" + pieces_.back().sound);
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
      const std::string_view* first = lexicon_.word(sound(std::string_view(word).substr(0, at)));
      const std::string_view* second = lexicon_.word(sound(std::string_view(word).substr(at)));
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
  const Lexicon& lexicon_ = Lexicon::get();
  std::vector<Piece> pieces_;
  std::string out_;
  std::string& replaced_;
  bool asks_ = false;  // for something, not that something be done
};

/// Bytes of the mark that ends a sentence at `at`; 0: none does.
std::size_t sentence_end(std::string_view text, std::size_t at) {
  if (static_cast<unsigned char>(text[at]) < 0xE0 && std::string_view("\n.?!").find(text[at]) == std::string_view::npos)
    return 0;
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
    if (!is_foreign(sentence)) {
      english.text += sentence;
      english.text += closing;
      continue;
    }
    foreign = true;
    std::string said = Sentence(pieces_of(sentence), english.replaced).in_english();
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
